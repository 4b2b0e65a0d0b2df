import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');

/** A process that claims a path, writes what came of it, and then waits for a line before it releases the claim. */
export interface ClaimingProcess {
  /** `mine`, or who holds the claim. */
  readonly answer: string;
  release(): Promise<void>;
  /** By SIGKILL. */
  kill(): Promise<void>;
}

/** Builds the program in `folder`; `namespaced`: as the first process of a PID namespace, as in a container. */
export async function claimingProgram(
  folder: string,
): Promise<(path: string, options?: { readonly namespaced?: boolean }) => Promise<ClaimingProcess>> {
  const built = join(folder, 'claim.mjs');
  const program = `
    import { lockFile } from ${JSON.stringify(join(root, 'src/adapters/libsql/lock-file.ts'))};
    import { claimFile } from ${JSON.stringify(join(root, 'src/cluster/claim-file.ts'))};
    import { createInterface } from 'node:readline';
    const claim = claimFile(process.argv[2], lockFile);
    console.log('holder' in claim ? claim.holder : 'mine');
    createInterface({ input: process.stdin }).once('line', () => {
      if ('release' in claim) claim.release();
      console.log('released');
    });
  `;
  // The program's own package of SQLite is found from where it was built to.
  if (!existsSync(join(folder, 'node_modules')))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await build({
    stdin: { contents: program, resolveDir: folder, loader: 'ts' },
    ...{ outfile: built, bundle: true, format: 'esm', platform: 'node', packages: 'external' },
  });
  return async (path, { namespaced = false } = {}) => {
    const command = [process.execPath, built, path];
    const child = namespaced
      ? spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', ...command])
      : spawn(command[0]!, command.slice(1));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const complaint: string[] = [];
    child.stderr.on('data', (text) => complaint.push(String(text)));
    const first = await lines.next();
    if (first.done === true) throw new Error(`the claiming process ended: ${complaint.join('')}`);
    return {
      answer: String(first.value),
      release: async () => {
        child.stdin.write('\n');
        await lines.next();
      },
      kill: () => killed(child, namespaced),
    };
  };
}

/** Throws where this test cannot make PID namespaces, which would leave untested what containers do. */
export function requireNamespaces(): void {
  const { status, stderr, error } = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']);
  if (status !== 0)
    throw new Error(
      `PID namespaces are needed, as of a container; run the tests as root with util-linux: ${error?.message ?? stderr}`,
    );
}

async function killed(child: ChildProcess, namespaced: boolean): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  // Of a namespace it is the first process that ends; `unshare` ends once that is gone, its locks included.
  if (namespaced) process.kill(firstChildOf(child.pid!), 'SIGKILL');
  else child.kill('SIGKILL');
  await ended;
}

function firstChildOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}
