import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DelimitedFile } from '../../../src/adapters/corpora/delimited-file.ts';
import type { LabelStats } from '../../../src/app/tasks/label-reports.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { ImportReport } from '../../../src/core/import-report.ts';
import type { LabelStep } from '../../../src/core/label-step.ts';
import type { StepReport } from '../../../src/core/step-report.ts';
import { planRest } from '../../../src/labeling/plan-rest.ts';
import { runStep } from '../../../src/labeling/run-step.ts';
import { systemClock } from '../../../src/pipeline/system-clock.ts';
import type { DecisionStore } from '../../../src/ports/decision-store.ts';
import type { LabelStore } from '../../../src/ports/label-store.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { TestTerminal } from '../../unit/cli/test-terminal.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { lead } from './decision-fixture.ts';

/** One fresh database, as settings of the command name it. */
export interface LabelSequenceHarness {
  /** `name=value` */
  readonly settings: readonly string[];
  /** Secrets are not given as flags. */
  readonly environment?: Readonly<Record<string, string>>;
  openDecisions(): Promise<DecisionStore>;
  openLabels(): Promise<LabelStore>;
  run(statement: string): Promise<void>;
  dispose(): Promise<void>;
}

const MESSAGES = 400;
/** Rows that people decide. */
const DECIDED = 80;

/**
 * Steps between the import and `label rest`, as docs/labeling.md documents them. Each changes the table or nothing, so that the sequence stays
 * valid where one finds no rows.
 */
const stepsBetween: readonly (readonly string[])[] = [
  ['dedupe'],
  ['rules', 'links'],
  ['similar', 'Visit my channel, you will not regret it'],
  ['predict'],
];

/** A labeled file of synthetic messages, and a dump of the same messages without their labels. */
async function writeData(folder: string): Promise<{ readonly truth: string; readonly dump: string }> {
  const terminal = new TestTerminal();
  await runProgram(['sample', '--count', String(MESSAGES), '--spam', '0.4', '--seed', '11'], terminal);
  const truth = join(folder, 'truth.jsonl');
  await writeFile(truth, terminal.output);
  const rows = terminal.lines.map(({ message }, at) => {
    const quoted = `"${String(message).replaceAll('"', '""')}"`;
    return [at, quoted, at % 3 === 0 ? 'shop' : 'forum', at % 2 === 0 ? 'reported' : 'random'].join(',');
  });
  const dump = join(folder, 'dump.csv');
  await writeFile(dump, ['id,body,site,origin', ...rows, ''].join('\r\n'));
  return { truth, dump };
}

/** The documented sequence over a kind of database, through the command line. */
export function describeLabelSequence(name: string, open: () => Promise<LabelSequenceHarness>): void {
  let harness: LabelSequenceHarness;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
    harness = await open();
  });
  afterEach(async () => {
    await harness.dispose();
    await folder.dispose();
  });

  /** Runs a command of `sluice label`; returns its exit code and what it printed. */
  const run = async (...argv: readonly string[]) => {
    const terminal = new TestTerminal();
    terminal.environment = harness.environment ?? {};
    const settings = harness.settings.flatMap((setting) => ['--set', setting]);
    const code = await runProgram(['label', ...argv, ...settings], terminal);
    return { code, terminal };
  };
  const json = async <T>(...argv: readonly string[]): Promise<T> => {
    const { code, terminal } = await run(...argv, '--json');
    expect(code, `${argv.join(' ')}: ${terminal.said}`).toBe(0);
    return terminal.lines[0] as T;
  };
  const withDesk = async (work: (desk: ReviewDesk, store: LabelStore) => Promise<void>) => {
    const [decisions, labels] = [await harness.openDecisions(), await harness.openLabels()];
    try {
      await work(new ReviewDesk(decisions), labels);
    } finally {
      await decisions.close();
      await labels.close();
    }
  };
  const columns = ['--text-column', 'body', '--community-column', 'site', '--source-column', 'origin'];

  describe(`label commands over ${name}`, () => {
    it('label commands turn a dump into training data whose quality is known, and every step of it can be undone', async () => {
      const { truth, dump } = await writeData(folder.path);
      const planned = await json<ImportReport>('import', dump, ...columns);
      expect(planned).toMatchObject({ state: 'planned', rows: MESSAGES, refused: {} });
      expect(await json<LabelStep[]>('steps')).toEqual([]);
      const imported = await json<ImportReport>('import', dump, ...columns, '--apply', '--by', 'anna');
      expect(imported).toMatchObject({ state: 'applied', rows: MESSAGES, labels: { unlabeled: MESSAGES } });
      const labels = new Map(
        (await readFile(truth, 'utf8'))
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as { readonly message: string; readonly label: 'spam' | 'ham' })
          .map(({ message, label }) => [message, label]),
      );
      await withDesk(async (desk, store) => {
        const rows = await store.rows({ after: 0, limit: DECIDED });
        for (const label of ['spam', 'ham'] as const)
          await desk.relabel(lead, {
            label,
            ids: rows.filter(({ message }) => labels.get(message) === label).map(({ id }) => id),
          });
      });
      for (const step of stepsBetween) await json<StepReport>(...step, '--apply');
      const rest = await json<StepReport>('rest', '--as', 'ham', '--apply');
      expect(rest.known.spam + rest.known.ham).toBe(0);
      const stats = await json<LabelStats>('stats', '--truth', truth);
      const { truth: quality } = stats;
      // The duplicates of a row that a person decided as ham are not always decided.
      expect(quality!.by.person).toMatchObject({ false_spam: 0, false_ham: 0, mcc: 1 });
      expect(quality).toMatchObject({ unlabeled: { spam: 0, ham: 0 }, unknown: 0, contradictory: 0 });
      expect(quality!.mcc).toBeGreaterThan(0.2);
      console.info(`${name}: label quality of ${stats.rows} rows: MCC ${quality!.mcc!.toFixed(3)}`);
      for (const file of ['training.csv', 'training.jsonl']) {
        await json('export', join(folder.path, file));
        const read: unknown[] = [];
        for await (const message of new DelimitedFile(join(folder.path, file)).read())
          read.push(message.label);
        expect(read).toHaveLength(stats.rows);
      }
      const steps = await json<LabelStep[]>('steps');
      expect(steps.every(({ state }) => state === 'applied')).toBe(true);
      for (const { id } of steps) await json('undo', String(id));
      // What people decided stays.
      expect((await json<LabelStats>('stats')).groups.flatMap(({ by, rows }) => [by, rows])).not.toContain(
        'rest',
      );
      expect((await json<LabelStats>('stats')).rows).toBe(DECIDED);
    });

    it('label commands refuse a step while another one runs, and lose no decision beside it', async () => {
      const { dump } = await writeData(folder.path);
      await json('import', dump, ...columns, '--apply');
      await withDesk(async (desk, store) => {
        const ids = [3, 5, 390];
        const plan = planRest(store, { label: 'ham' });
        let refused: Awaited<ReturnType<typeof run>> | undefined;
        const report = await runStep(
          {
            ...plan,
            edits: async function* (step, signal) {
              for await (const planned of plan.edits(step, signal)) {
                // After the row was read, and before it is written.
                if (planned.row.id === 200) await desk.relabel(lead, { label: 'spam', ids });
                if (planned.row.id === 300) refused = await run('rest', '--as', 'spam', '--apply');
                yield planned;
              }
            },
          },
          { store, clock: systemClock, apply: true, by: 'anna' },
        );
        expect(refused!.code).toBe(75);
        expect(refused!.terminal.said).toMatch(
          /^STEP_RUNNING: label step 2 \(rest, by anna, .*wait for its end/,
        );
        expect(report).toMatchObject({ rows: MESSAGES - 3, left_alone: 3 });
        expect((await store.rowsOf(ids)).map(({ label, labelled_by }) => [label, labelled_by])).toEqual(
          ids.map(() => ['spam', 'lead']),
        );
      });
    });

    it('label resume finishes a step that was cut off, and refuses one that is finished or unknown', async () => {
      const { dump } = await writeData(folder.path);
      await json('import', dump, ...columns, '--apply');
      await withDesk(async (desk, store) => {
        const rest = { kind: 'rest', about: 'the rest', parameters: { label: 'ham' }, by: 'anna' } as const;
        const { id } = await store.begin(rest);
        const rows = await store.rows({ after: 0, limit: 100 });
        await store.edit(
          id,
          rows.map((row) => ({ kind: 'label', row, label: 'ham' })),
        );
        await desk.relabel(lead, { label: 'spam', ids: [5, 300] });
      });
      const refused = await run('rest', '--as', 'spam', '--apply');
      expect(refused.code).toBe(75);
      expect(refused.terminal.said).toContain('finish it with "sluice label resume 2"');
      // Of the rows that it had changed, the person has decided one.
      const report = await json<StepReport>('resume', '2', '--by', 'ben');
      expect(report).toMatchObject({ state: 'applied', step: 2, rows: MESSAGES - 1 });
      const [step] = await json<LabelStep[]>('steps');
      expect(step).toMatchObject({ id: 2, state: 'applied', by: 'anna' });
      const { groups } = await json<LabelStats>('stats');
      const decided = groups.filter(({ by }) => by === 'person');
      expect(decided.map(({ label, rows }) => [label, rows])).toEqual(decided.map(() => ['spam', 1]));
      expect(decided).toHaveLength(2);
      expect(groups.filter(({ label }) => label === null)).toEqual([]);
      expect((await run('resume', '2')).code).toBe(2);
      expect((await run('resume', '9')).code).toBe(1);
      await json('undo', '2');
      expect((await run('resume', '2')).terminal.said).toContain(
        'step 2 is undone; there is nothing to resume',
      );
    });

    it('label import reads a table of the database, in the order of a key whose values are all different', async () => {
      await harness.run('create table old_dump (nr integer, body text, class integer)');
      for (let from = 0; from < 2500; from += 500) {
        const rows = Array.from(
          { length: 500 },
          (_, at) => `(${from + at + 1}, 'text ${from + at + 1}', ${at % 2})`,
        );
        await harness.run(`insert into old_dump (nr, body, class) values ${rows.join(', ')}`);
      }
      const table = ['import', '--table', 'old_dump', '--text-column', 'body', '--label-column', 'class'];
      const missing = await run(...table);
      expect(missing.code).toBe(65);
      expect(missing.terminal.said).toMatch(/no column id .*body, class, nr; .*--key-column/);
      const report = await json<ImportReport>(...table, '--key-column', 'nr', '--apply');
      expect(report).toMatchObject({
        state: 'applied',
        rows: 2500,
        labels: { spam: 1250, ham: 1250, unlabeled: 0 },
      });
      await withDesk(async (_desk, store) => {
        const rows = await store.rows({ after: 2400, limit: 1000 });
        expect(rows.at(-1)).toMatchObject({ message: 'text 2500', label: 'spam' });
      });
      await harness.run("insert into old_dump (nr, body, class) values (2500, 'again', 0)");
      const twice = await run(...table, '--key-column', 'nr');
      expect(twice.code).toBe(65);
      expect(twice.terminal.said).toContain('more than one row with 2500 in nr');
      expect((await run('import', '--table', 'training', '--text-column', 'message')).code).toBe(2);
      expect((await run('import', '--table', 'nothing')).terminal.said).toContain('no table nothing');
    });
  });
}
