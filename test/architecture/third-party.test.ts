import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly integrity?: string;
}

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: Readonly<Record<string, LockedPackage>>;
};
/** By name and version, without the project itself. */
const locked = Object.entries(packages)
  .filter(([path]) => path !== '')
  .map(([path, entry]) => ({ name: path.slice(path.lastIndexOf('node_modules/') + 13), ...entry }));

/** Licenses that require nothing but their notice. */
const permissive =
  /^(?:0BSD|AFL-2\.1|Apache-2\.0|BlueOak-1\.0\.0|BSD-[23]-Clause|CC0-1\.0|ISC|MIT|MIT-0|Unlicense)$/;
/** Allowed for development tools too: MPL-2.0 binds changes to its own files, CC-BY-4.0 is that of a table of data. */
const forTools = /^(?:MPL-2\.0|CC-BY-4\.0)$/;
/** For fonts: they are not sold alone, and a changed one has another name. */
const forFonts = /^(?:OFL-1\.1)$/;
/** For a library that is used as it is published: see above on changes. */
const forUnchanged = /^(?:MPL-2\.0)$/;
const alternatives = (license: string) => license.replace(/^\((.*)\)$/, '$1').split(' OR ');
/** Whether each of the licenses that apply together is allowed. */
const isAllowed = (license: string, { name, dev }: { readonly name: string; readonly dev?: boolean }) =>
  license
    .split(' AND ')
    .every(
      (each) =>
        permissive.test(each) ||
        (dev === true && forTools.test(each)) ||
        (name.startsWith('@resvg/') && forUnchanged.test(each)) ||
        (name.startsWith('@expo-google-fonts/') && forFonts.test(each)),
    );

function table(): string {
  const shipped = locked.filter(({ dev }) => !dev);
  const byLicense = new Map<string, string[]>();
  for (const { name, version, license } of shipped) {
    const names = byLicense.get(license!) ?? [];
    byLicense.set(license!, [...new Set([...names, `${name} ${version}`])]);
  }
  const rows = [...byLicense]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([license, names]) => `| ${license} | ${names.length} | ${names.sort().join(', ')} |`);
  return `# Third-party packages

These npm packages are installed with Sluice, by license. Development tools are left out. The table is generated from
\`package-lock.json\`. After a change of that file, run \`npx vitest run --project architecture -u test/architecture/third-party.test.ts\`.
\`npm run --silent sbom > sbom.json\` writes the bill of materials in CycloneDX form. \`native-models/requirements.lock\` lists the
Python packages of the trainer, \`native-models/requirements-pipeline.lock\` those of \`npm run pipeline\`, and
\`native-models/requirements-dev.lock\` those of the checks.

| license | packages | names |
|---|---|---|
${rows.join('\n')}
`;
}

describe('third-party packages', () => {
  it('third-party packages are locked with a hash each', () => {
    const without = locked.filter(({ integrity }) => integrity === undefined).map(({ name }) => name);
    expect(without).toEqual([]);
  });

  it('third-party packages have a permissive license, or one of two further licenses if they are development tools only or used unchanged, or that of fonts', () => {
    const others = locked.filter(
      (entry) =>
        entry.license === undefined || !alternatives(entry.license).some((each) => isAllowed(each, entry)),
    );
    expect(others.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
  });

  it('third-party packages are listed by license in docs/third-party.md', async () => {
    await expect(table()).toMatchFileSnapshot('../../docs/third-party.md');
  });

  it('third-party packages are in the bill of materials that `npm run sbom` prints, in CycloneDX form', () => {
    const { stdout } = spawnSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8' });
    const bill = JSON.parse(stdout) as { bomFormat: string; components: { purl: string }[] };
    expect(bill.bomFormat).toBe('CycloneDX');
    const listed = new Set(bill.components.map(({ purl }) => decodeURIComponent(purl)));
    const missing = locked
      .map(({ name, version }) => `pkg:npm/${name}@${version}`)
      .filter((purl) => !listed.has(purl));
    expect(missing).toEqual([]);
  });
});

/** What the trainer imports of Python's own library. */
const standardLibrary: ReadonlySet<string> = new Set(
  (
    '__future__ argparse collections contextlib dataclasses functools importlib itertools json multiprocessing os pathlib pickle ' +
    'platform resource signal sys tempfile threading time traceback typing'
  ).split(' '),
);

describe('the Python packages', () => {
  it.each([
    'native-models/requirements.lock',
    'native-models/requirements-dev.lock',
    'native-models/requirements-pipeline.lock',
    'bench/peers/requirements.lock',
  ])('the Python packages: %s pins each package with its hashes', (path) => {
    const requirements = read(path)
      .replaceAll(/^#.*\n/gm, '')
      .trim()
      .split(/\n(?=\S)/);
    expect(requirements.length).toBeGreaterThan(5);
    for (const requirement of requirements)
      expect(requirement).toMatch(/^[\w.-]+==[\w.]+ \\(?:\n {4}--hash=sha256:[0-9a-f]{64}(?: \\)?)+$/);
  });

  it('the lock files for the pipeline and for checks pin no package that another lock file pins', () => {
    const namesOf = (path: string) =>
      Array.from(read(path).matchAll(/^([\w.-]+)==/gm), ([, name]) =>
        name!.toLowerCase().replaceAll(/[-_.]+/g, '-'),
      );
    const all = ['', '-pipeline', '-dev'].flatMap((of) => namesOf(`native-models/requirements${of}.lock`));
    expect(all.filter((name, at) => all.indexOf(name) < at)).toEqual([]);
  });

  it('the Python packages that pyproject.toml names are locked, and the packages that the trainer imports are among them', () => {
    const project = read('native-models/pyproject.toml');
    const listed = (key: string) => {
      const list = new RegExp(`^${key} = \\[([^\\]]*)\\]`, 'm').exec(project)![1]!;
      return Array.from(list.matchAll(/"([\w-]+)[^"]*"/g), ([, name]) => name!);
    };
    const locks = ['', '-pipeline', '-dev'].map((of) => read(`native-models/requirements${of}.lock`));
    const names = [...listed('dependencies'), ...listed('pipeline'), ...listed('dev')];
    expect(names.filter((name) => !locks.join('\n').includes(`\n${name}==`))).toEqual([]);

    const folder = new URL('native-models/sluice_trainer/', root);
    const imported = readdirSync(folder)
      .filter((file) => file.endsWith('.py'))
      .flatMap((file) =>
        Array.from(read(`native-models/sluice_trainer/${file}`).matchAll(/^(?:import|from) (\w+)/gm)),
      )
      .map(([, name]) => name!);
    const packageOf: Readonly<Record<string, string>> = {
      sklearn: 'scikit-learn',
      tensorflow: 'tensorflow-cpu',
      xgboost: 'xgboost-cpu',
    };
    const thirdParty = new Set(
      imported.filter((name) => !standardLibrary.has(name)).map((name) => packageOf[name] ?? name),
    );
    expect([...thirdParty].sort()).toEqual(listed('dependencies').sort());
  });
});
