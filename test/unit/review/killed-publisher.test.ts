import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLibsqlDecisionStore } from '../../../src/adapters/libsql/libsql-decision-store.ts';
import { openLibsqlReviewStore } from '../../../src/adapters/libsql/libsql-review-store.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { OutboxPublisher } from '../../../src/review/outbox-publisher.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { person, reviewItem } from '../../contract/suites/decision-fixture.ts';
import { quietLog } from '../../contract/temporary-folder.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Decides one row, publishes it to a file, and is killed: after the commit, or after the verdict was written and before that is recorded. */
const program = `
  import { appendFileSync } from 'node:fs';
  import { openLibsqlDecisionStore } from './src/adapters/libsql/libsql-decision-store.ts';
  import { OutboxPublisher } from './src/review/outbox-publisher.ts';
  import { ReviewDesk } from './src/review/review-desk.ts';
  const [path, out, id, when] = process.argv.slice(2);
  const die = () => process.kill(process.pid, 'SIGKILL');
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const store = await openLibsqlDecisionStore(path);
  const actor = { name: 'anna', role: 'moderator' };
  await new ReviewDesk(store).decide(actor, { label: 'spam', items: [{ review_id: Number(id) }] }, 'key-' + id);
  const sink = {
    publish: async (verdicts) => {
      if (when === 'before') die();
      for (const verdict of verdicts) appendFileSync(out, JSON.stringify(verdict) + '\\n');
      return [];
    },
    flush: async () => die(),
  };
  await new OutboxPublisher({ store, sink, log, holder: 'killed' }).drain();
`;

describe('a process that is killed between the commit of a decision and its publication', () => {
  let folder = '';
  let script = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-killed-'));
    script = join(folder, 'decide.mjs');
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

  it.each(['before', 'after'] as const)(
    'a process that is killed between the commit of a decision and its publication loses no verdict and repeats no decision: killed %s the verdict is written',
    async (when) => {
      const [path, out] = [join(folder, `${when}.db`), join(folder, `${when}.jsonl`)];
      await writeFile(out, '');
      const reviews = await openLibsqlReviewStore(path);
      await reviews.add(Array.from({ length: 5 }, (_, i) => reviewItem(`m-${i}`)));
      const ids = (await reviews.list({ state: 'open', limit: 10 })).map(({ id }) => id);
      await reviews.close();
      for (const id of ids) {
        const child = spawn(process.execPath, [script, path, out, String(id), when], { stdio: 'inherit' });
        const signal = await new Promise((resolve) => child.on('exit', (_, by) => resolve(by)));
        expect(signal).toBe('SIGKILL');
      }
      const written = async () =>
        (await readFile(out, 'utf8'))
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Verdict);
      const before = await written();
      expect(before.length >= ids.length).toBe(when === 'after');

      // The leases of the killed processes have ended.
      const store = await openLibsqlDecisionStore(path, () => Date.now() + 61_000);
      // The person presses the key again.
      for (const id of ids)
        await new ReviewDesk(store).decide(
          person('anna'),
          { label: 'spam', items: [{ review_id: id }] },
          `key-${id}`,
        );
      const again: Verdict[] = [];
      const sink = {
        publish: async (verdicts: readonly Verdict[]) => {
          again.push(...verdicts);
          return [];
        },
        flush: async () => {},
      };
      await new OutboxPublisher({ store, sink, log: quietLog, holder: 'next' }).drain();
      expect(again).toHaveLength(ids.length);
      const distinct = new Set([...before, ...again].map((v) => `${v.message_id} ${v.scored_at}`));
      expect(distinct.size).toBe(ids.length);
      expect((await store.activity({ limit: 100 })).items).toHaveLength(ids.length);
      expect((await store.list({ state: 'labelled', order: 'age', limit: 100 })).items).toHaveLength(
        ids.length,
      );
      await store.close();
    },
  );
});
