import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLibsqlLabelStore } from '../../../src/adapters/libsql/libsql-label-store.ts';
import type { LabelRow } from '../../../src/core/label-step.ts';
import type { LabelStore } from '../../../src/ports/label-store.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const ROWS = 4000;
const AT_ONCE = 100;
const HOLD_MS = 30_000;

/** Imports, labels or takes back, and prints a line for each transaction. */
const program = `
  import { openLibsqlLabelStore } from './src/adapters/libsql/libsql-label-store.ts';
  const [path, what, step] = process.argv.slice(2);
  const { store } = await openLibsqlLabelStore(path);
  const committed = () => process.stdout.write('.');
  // An undo has few transactions, and the signal may come late.
  const slowly = () => committed() && Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  if (what === 'undo') await store.undo(Number(step), 'anna', slowly);
  else {
    const { id } = await store.begin({ kind: what, about: '', parameters: null, by: 'anna' });
    for (let from = 0; from < ${ROWS}; from += ${AT_ONCE}) {
      const numbers = Array.from({ length: ${AT_ONCE} }, (_, i) => from + i);
      if (what === 'import')
        await store.add(id, numbers.map((each) => ({ message: 'text ' + each, community: '', source: '' })), from + ${AT_ONCE});
      else {
        const rows = await store.rows({ after: 0, limit: ${AT_ONCE}, filter: { label: 'unlabeled' } });
        await store.edit(id, rows.map((row) => ({ kind: 'label', row, label: 'spam' })));
      }
      committed();
    }
  }
  // It is killed before it ends.
  setInterval(() => {}, 1000);
`;

describe('a process that is killed in the middle of a label step', () => {
  let folder = '';
  let script = '';
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-killed-step-'));
    script = join(folder, 'step.mjs');
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: root, loader: 'ts' },
      ...{ bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20' },
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      external: ['libsql'],
    });
    // libsql is found from the project's folder.
    const text = outputFiles[0]!.text.replaceAll(
      'from "libsql"',
      `from ${JSON.stringify(join(root, 'node_modules', 'libsql', 'index.js'))}`,
    );
    await writeFile(script, text);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Kills it after so many transactions, somewhere in the next one. */
  async function killed(path: string, ...args: readonly string[]): Promise<void> {
    const child = spawn(process.execPath, [script, path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let transactions = 0;
    child.stdout.on('data', (bytes: Buffer) => {
      transactions += bytes.length;
      if (transactions >= 3) child.kill('SIGKILL');
    });
    const signal = await new Promise((resolve) => child.on('exit', (_, by) => resolve(by)));
    expect(signal).toBe('SIGKILL');
  }

  /** Of a process that is started half a minute later. */
  const open = async (path: string) => (await openLibsqlLabelStore(path, () => Date.now() + HOLD_MS)).store;

  async function all(store: LabelStore): Promise<readonly LabelRow[]> {
    return store.rows({ after: 0, limit: 2 * ROWS });
  }

  async function addFrom(store: LabelStore, id: number, from: number): Promise<void> {
    const rest = Array.from({ length: ROWS - from }, (_, i) => `text ${from + i}`);
    await store.add(
      id,
      rest.map((message) => ({ message, community: '', source: '' })),
      ROWS,
    );
    await store.finish(id);
  }

  it('an import that is killed between two rows has the rows up to its position and no others, and is finished from there', async () => {
    const path = join(folder, `${count++}.db`);
    await killed(path, 'import');
    const store = await open(path);
    const { id, state } = (await store.steps(1))[0]!;
    expect(state).toBe('running');
    const { rows, position } = await store.hold(id);
    expect(rows).toBeGreaterThanOrEqual(3 * AT_ONCE);
    expect([position, (await all(store)).length]).toEqual([rows, rows]);
    await addFrom(store, id, rows);
    const texts = (await all(store)).map(({ message }) => message);
    expect(texts).toEqual(Array.from({ length: ROWS }, (_, i) => `text ${i}`));
    await store.close();
  });

  it('steps that are killed while they label, and while they are undone, are undone to the table as it was', async () => {
    const path = join(folder, `${count++}.db`);
    const first = await open(path);
    const { id: imported } = await first.begin({ kind: 'import', about: '', parameters: null, by: 'anna' });
    await addFrom(first, imported, 0);
    const before = await all(first);
    await first.close();
    await killed(path, 'rule');
    const store = await open(path);
    const { id, rows } = (await store.steps(1))[0]!;
    const labeled = (await all(store)).filter((row) => row.labelled_by === `step:${id}`);
    expect(labeled).toHaveLength(rows);
    expect(rows).toBeGreaterThanOrEqual(3 * AT_ONCE);
    expect((await store.undo(id, 'anna')).rows).toBe(rows);
    expect(await all(store)).toEqual(before);
    await store.close();

    await killed(path, 'undo', String(imported));
    const again = await open(path);
    const left = (await all(again)).length;
    expect(left).toBeLessThan(ROWS);
    expect((await again.step(imported)).state).toBe('undoing');
    expect(await again.undo(imported, 'anna')).toMatchObject({ rows: ROWS, kept: 0 });
    expect(await all(again)).toEqual([]);
    await again.close();
  });
});
