// Makes the checkout ready: installs the locked packages if they changed, then builds `dist`. Plain JavaScript without
// imports of packages, since it runs before there are any. With `--then ARGUMENTS` this process becomes the command, and
// ends with the shell that npm started it from: npm hands a signal to that shell, which ends without handing it on.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const then = process.argv.indexOf('--then');
const commandLine = then < 0 ? null : process.argv.splice(then).slice(1);
const quiet = process.argv.includes('--quiet');
const say = (text) => {
  if (!quiet) process.stderr.write(`sluice: ${text}\n`);
};

function fail(text) {
  process.stderr.write(`sluice: ${text}\n`);
  process.exit(70);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 20))
  fail(`Node ${process.versions.node} is too old: install Node 20.20 or newer.`);

/** Packages that package.json names and that are not installed in the locked version. */
function missingPackages() {
  const read = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
  const { dependencies, devDependencies } = read('package.json');
  const { packages } = read('package-lock.json');
  return Object.keys({ ...dependencies, ...devDependencies }).filter((name) => {
    try {
      return read('node_modules', name, 'package.json').version !== packages[`node_modules/${name}`].version;
    } catch {
      return true;
    }
  });
}

const marker = join(root, 'node_modules', '.sluice-setup');
const locked = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(marker) || readFileSync(marker, 'utf8') !== locked) {
  say('installing the locked packages; this takes about a minute, once');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `npm ci`: it refuses a lock without the packages of other platforms, and registries exist that lack some of them.
  // No install scripts: none of the packages needs one, and onnxruntime-node's would fetch files for GPUs.
  const words = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const install = spawnSync(npm, words, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (install.status !== 0)
    fail('npm install failed; see its output above, correct the cause and run the command again.');
  // npm can end with 0 without having installed anything (seen with a cache that it may not write).
  const missing = missingPackages();
  if (missing.length > 0)
    fail(
      `npm install ended without an error, but these packages are missing: ${missing.join(', ')}. ` +
        'Check that node_modules and the cache of npm are writable, and run the command again.',
    );
  writeFileSync(marker, locked);
}

const { build, stop } = await import('esbuild');
const present = (files) =>
  Object.fromEntries(Object.entries(files).filter(([, file]) => existsSync(join(root, file))));
const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
};

/** The console's page: script and style with the hash of their content in their names, so that browsers may keep them forever. */
async function buildConsole() {
  const { metafile } = await build({
    absWorkingDir: root,
    outdir: 'dist/console/assets',
    entryPoints: { page: 'src/console/main.tsx', style: 'src/console/style/page.css' },
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    // Each page but the first is loaded when it is opened.
    splitting: true,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    metafile: true,
    logLevel: 'warning',
  });
  const built = Object.keys(metafile.outputs).map((path) => basename(path));
  const page = readFileSync(join(root, 'src', 'console', 'index.html'), 'utf8')
    .replace('SCRIPT', `/assets/${built.find((name) => /^page-.*\.js$/.test(name))}`)
    .replace('STYLE', `/assets/${built.find((name) => name.endsWith('.css'))}`);
  const folder = join(root, 'dist', 'console');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), page);
  // Of earlier builds.
  for (const name of readdirSync(join(folder, 'assets')))
    if (!built.includes(name)) rmSync(join(folder, 'assets', name), { force: true });
}

await Promise.all([
  build({
    ...common,
    entryPoints: present({
      sluice: 'src/cli/main.ts',
      bench: 'bench/main.ts',
      ledger: 'test/ledger/main.ts',
      'check-ledger': 'test/ledger/check.ts',
      'python-tool': 'test/python-tool.ts',
      // It starts seldom, and uses most of the adapters.
      'workers/erase-apart': 'src/app/erasure/erase-apart.ts',
      'workers/label-thread': 'src/app/label-desk/label-thread.ts',
      'page-screenshots': 'test/browser/screenshots.ts',
    }),
    splitting: true,
    packages: 'external',
  }),
  // Threads, and the processes beside them, start often: one file with only what they use of each package loads much sooner.
  build({
    ...common,
    entryPoints: present({
      'workers/score-batch': 'workers/score-batch.ts',
      'workers/score-alone': 'workers/score-alone.ts',
      'workers/admit-model': 'workers/admit-model.ts',
      'workers/explain-thread': 'src/app/models/explain-thread.ts',
    }),
    external: ['onnxruntime-node', 'piscina'],
  }),
  buildConsole(),
]).catch(() => fail('the build failed; see above.'));

if (commandLine !== null) {
  await stop();
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
  const command = join(root, 'dist', 'sluice.js');
  process.argv.splice(1, Number.POSITIVE_INFINITY, command, ...commandLine);
  await import(pathToFileURL(command).href);
}
