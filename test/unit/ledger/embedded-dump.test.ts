import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkLedger } from '../../ledger/check-ledger.ts';
import { daemonFiles } from '../../ledger/embedded/daemon-files.ts';
import { dumpEmbedded } from '../../ledger/embedded/embedded-dump.ts';
import { InboxFile } from '../../ledger/embedded/inbox-file.ts';
import { bytesFacts, LineMaker } from '../../ledger/embedded/inbox-lines.ts';
import { InboxRecord, type LineLocation, lineAt } from '../../ledger/embedded/inbox-record.ts';
import { InboxWatch } from '../../ledger/embedded/inbox-watch.ts';
import type { ScoredText } from '../../ledger/embedded/scored-texts.ts';
import { EventLog } from '../../ledger/event-log.ts';
import { faultCounts, type Ledger, ledgerFiles, linesOfFile } from '../../ledger/ledger-events.ts';

const MODEL = 'one';
const NAME = 'a.jsonl';

const texts: readonly ScoredText[] = [
  { text: 'see you at eight', expected: { outcome: 'ham', probability: null } },
  { text: 'is this\u0000a prize?', expected: { outcome: 'review', probability: 0.5 } },
  { text: 'WIN a prize', expected: { outcome: 'spam', probability: 0.9 } },
];

/** What a fault of a daemon does to one line. */
interface Plant {
  readonly skips?: (id: string) => boolean;
  readonly outcomeOf?: (id: string) => string | undefined;
  readonly rowText?: string;
  readonly commits?: number;
  readonly cutsLetters?: boolean;
}

let folder = '';
let state = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-dump-'));
  state = join(folder, 'state');
  mkdirSync(state);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes an inbox of two generations and what a daemon makes of it, and answers what the checker finds. */
async function foundWith(plant: Plant = {}): Promise<Record<string, number>> {
  const files = daemonFiles(state);
  const events = new EventLog(join(folder, ledgerFiles.events));
  const planned = faultCounts({});
  const begin = { kind: 'begin', planned, partitions: 2, seed: 1, profile: 'test' } as const;
  events.add({ ...begin, rejectMin: 0.3, rejectMax: 0.8, selfContained: true });
  const record = new InboxRecord(events);
  const watch = new InboxWatch(state, record, events);
  const file = new InboxFile(folder, NAME, record);
  const lines = new LineMaker('w', 3, texts);
  const database = new Database(files.database);
  database.exec(
    'create table review (message_id text, message text, probability real, model text, audit_probability real, audit_verdict text)',
  );

  file.queue(...Array.from({ length: 100 }, () => lines.any()));
  file.write();
  deliver(record, 0, database, plant);
  watch.look();
  file.delete();
  file.queue(lines.tooLong(1_500_000), ...Array.from({ length: 100 }, () => lines.any()));
  file.write();
  file.close();
  deliver(record, 1, database, plant);
  database.close();
  const [, second] = record.generations;
  const headBytes = Math.min(1024, second!.head.length);
  const headSha256 = bytesFacts(second!.head.subarray(0, headBytes)).sha256;
  const offset = plant.commits ?? second!.lines.at(-1)!.end;
  writeFileSync(files.offsets, JSON.stringify({ files: { [NAME]: { offset, headBytes, headSha256 } } }));
  watch.look();
  events.add({ kind: 'end' });
  events.close();
  await dumpEmbedded({ folder, state, record, watch, texts });
  const read = <Part extends keyof Ledger>(part: Part) =>
    linesOfFile<Ledger[Part][number]>(join(folder, ledgerFiles[part]));
  const [parsedEvents, source, outcomes, verdicts, reviews] = await Promise.all([
    read('events'),
    read('source'),
    read('outcomes'),
    read('verdicts'),
    read('reviews'),
  ]);
  const { findings } = checkLedger({ events: parsedEvents, source, outcomes, verdicts, reviews });
  return Object.fromEntries(findings.map(({ check, found }) => [check, found]));
}

/** Does what a daemon does with the lines of a generation. */
function deliver(record: InboxRecord, index: number, database: Database.Database, plant: Plant): void {
  const files = daemonFiles(state);
  const generation = record.generations[index]!;
  for (const location of generation.lines.map((_, n): LineLocation => ({ generation, index: n }))) {
    const { id, start, expected } = lineAt(location);
    if (plant.skips?.(id)) continue;
    const at = { topic: NAME, partition: 0, offset: start };
    const outcome = plant.outcomeOf?.(id) ?? expected.outcome;
    if (expected.outcome === 'dead-letter') {
      const stored = plant.cutsLetters ? 1000 : expected.letter.bytes;
      appendFileSync(files.letters, `${JSON.stringify({ ...at, ...letterBytes(location, stored) })}\n`);
      appendFileSync(files.trace, `${JSON.stringify({ ...at, message_id: null, outcome, model: '' })}\n`);
      continue;
    }
    const { probability } = expected;
    if (outcome === 'spam')
      appendFileSync(
        files.verdicts,
        `${JSON.stringify({ message_id: id, verdict: 'spam', probability, model: MODEL })}\n`,
      );
    if (outcome === 'review')
      database
        .prepare('insert into review values (?, ?, ?, ?, null, null)')
        .run(id, plant.rowText ?? 'is this\u0000a prize?', probability, MODEL);
    appendFileSync(files.trace, `${JSON.stringify({ ...at, message_id: id, outcome, model: MODEL })}\n`);
  }
}

/** The bytes of a line are known to its maker only, so they are made again. */
function letterBytes(
  location: LineLocation,
  stored: number,
): { readonly reason: string; readonly raw: string } {
  const lines = new LineMaker('w', 3, texts);
  const { id, expected } = lineAt(location);
  if (expected.outcome !== 'dead-letter') throw new Error('this line is readable');
  for (let n = 0; n < 300; n++) {
    const line = n === 100 ? lines.tooLong(1_500_000) : lines.any();
    if (line.id === id)
      return { reason: expected.letter.reason, raw: line.text.subarray(0, stored).toString('base64') };
  }
  throw new Error(`there is no line ${id}`);
}

describe('the ledger of the embedded default', () => {
  it('the checker of the embedded run finds nothing if each line of both files of a name has its outcome', async () => {
    expect(await foundWith()).toEqual({});
  });

  it('the checker of the embedded run finds skipped lines', async () => {
    const skipped = new Set(['w-10', 'w-11', 'w-120']);
    const found = await foundWith({ skips: (id) => skipped.has(id) });
    expect(found).toMatchObject({ lost: 3, ahead: 1 });
  });

  it('the checker of the embedded run finds an outcome that differs from that of the same text before the run', async () => {
    const ham = await foundWith({ outcomeOf: (id) => (id === 'w-20' ? 'spam' : undefined) });
    expect(Object.keys(ham)).toContain('wrongScore');
  });

  it('the checker of the embedded run finds review rows with a text that nobody wrote', async () => {
    expect(await foundWith({ rowText: 'another text' })).toHaveProperty('invented');
  });

  it('the checker of the embedded run finds dead letters without all of their bytes', async () => {
    expect(await foundWith({ cutsLetters: true })).toEqual({ deadLettered: 1 });
  });

  it('the checker of the embedded run finds uncommitted bytes at the end, and an offset within a line', async () => {
    expect(await foundWith({ commits: 0 })).toEqual({ uncommitted: 1 });
    rmSync(state, { recursive: true });
    mkdirSync(state);
    rmSync(join(folder, NAME));
    expect(await foundWith({ commits: 5 })).toEqual({ uncommitted: 1 });
  });
});
