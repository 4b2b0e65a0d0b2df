import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import Database from 'libsql';
import {
  type Expected,
  type Ledger,
  ledgerFiles,
  type OutcomeLine,
  type ReviewLine,
  type SourceLine,
  type VerdictLine,
} from '../ledger-events.ts';
import { daemonFiles, letterOfLine, traceLineOf } from './daemon-files.ts';
import { type InboxRecord, lineAt } from './inbox-record.ts';
import { type InboxWatch, letterLocation } from './inbox-watch.ts';
import type { ScoredText } from './scored-texts.ts';

export interface EmbeddedDump {
  /** Of the run: what the checker reads. */
  readonly folder: string;
  /** Of the daemon. */
  readonly state: string;
  readonly record: InboxRecord;
  readonly watch: InboxWatch;
  readonly texts: readonly ScoredText[];
}

/** Writes what was sent and what the daemon's files hold as the files of a ledger. */
export async function dumpEmbedded(dump: EmbeddedDump): Promise<void> {
  const write = async (part: keyof Ledger, lines: Iterable<object>) => {
    const file = createWriteStream(join(dump.folder, ledgerFiles[part]));
    for (const line of lines)
      if (!file.write(`${JSON.stringify(line)}\n`))
        await new Promise<void>((resolve) => file.once('drain', () => resolve()));
    file.end();
    await finished(file);
  };
  await write('source', sourceOf(dump.record));
  await write('outcomes', outcomesOf(dump));
  await write('verdicts', verdictsOf(dump));
  await write('reviews', reviewsOf(dump));
}

function* sourceOf({ generations }: InboxRecord): Generator<SourceLine> {
  for (const { index: partition, lines } of generations)
    for (const [offset, { at, id, expected }] of lines.entries())
      yield { partition, offset, at, id, expected };
}

function* outcomesOf({ state, record, watch }: EmbeddedDump): Generator<OutcomeLine> {
  const files = daemonFiles(state);
  const deadOffsets = new Set<string>();
  for (const [text, end] of linesOf(files.trace)) {
    const { topic, offset, message_id: id, outcome, model } = traceLineOf(text);
    if (id === null) {
      deadOffsets.add(`${topic}/${offset}`);
      continue;
    }
    const location = record.find(id);
    const isThere =
      location !== undefined && location.generation.name === topic && lineAt(location).start === offset;
    const at = watch.trace.seenAt(end);
    yield isThere
      ? { partition: location.generation.index, offset: location.index, at, id, outcome, model }
      : nowhere(`${id}, read from ${topic} at ${offset}`, outcome);
  }
  const letterOffsets = new Set<string>();
  for (const [text, end] of linesOf(files.letters)) {
    const found = letterOfLine(text);
    const key = `${found.topic}/${found.offset}`;
    letterOffsets.add(key);
    // Without an outcome it may have been cut off by a kill, and comes again.
    if (!deadOffsets.has(key)) continue;
    const location = letterLocation(record, found) ?? record.startingAt(found.topic, found.offset).at(-1);
    const at = watch.letters.seenAt(end);
    const { letter } = found;
    yield location === undefined
      ? nowhere(`dead letter of ${letter.bytes} bytes, read from ${key}`, 'dead-letter')
      : {
          ...{ partition: location.generation.index, offset: location.index, at },
          ...{ id: lineAt(location).id, outcome: 'dead-letter', model: '', letter },
        };
  }
  for (const key of deadOffsets)
    if (!letterOffsets.has(key)) yield nowhere(`dead letter without bytes, read from ${key}`, 'dead-letter');
}

/** What the checker calls invented. */
function nowhere(id: string, outcome: string): OutcomeLine {
  return { partition: -1, offset: -1, at: 0, id, outcome, model: '' };
}

function* verdictsOf({ state }: EmbeddedDump): Generator<VerdictLine> {
  for (const [text] of linesOf(daemonFiles(state).verdicts)) {
    const { message_id, verdict, probability, model } = JSON.parse(text) as Omit<VerdictLine, 'id'> & {
      readonly message_id: string;
    };
    yield { id: message_id, verdict, probability, model };
  }
}

interface ReviewRow {
  readonly message_id: string;
  readonly message: Uint8Array;
  readonly probability: number | null;
  readonly model: string;
  readonly drawn: 'ham' | 'review' | 'spam' | null;
}

function* reviewsOf({ state, record, texts }: EmbeddedDump): Generator<ReviewLine> {
  const textOf = new Map<Expected, string>(
    // Half a surrogate pair has no bytes of its own.
    texts.map(({ expected, text }) => [expected, Buffer.from(text).toString()]),
  );
  const database = new Database(daemonFiles(state).database, { readonly: true });
  try {
    const rows = database
      // As bytes: the driver reads a text only as far as its first NUL.
      .prepare(
        `select message_id, cast(message as blob) as message,
           coalesce(probability, audit_probability) as probability, model, audit_verdict as drawn from review`,
      )
      .all();
    for (const { message_id, message, probability, model, drawn } of rows as readonly ReviewRow[]) {
      const location = record.find(message_id);
      const isText =
        location !== undefined && textOf.get(lineAt(location).expected) === Buffer.from(message).toString();
      yield { id: isText ? message_id : `${message_id}, with another text`, probability, model, drawn };
    }
  } finally {
    database.close();
  }
}

/** Each line with the byte behind it. */
function* linesOf(path: string): Generator<readonly [string, number]> {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  let start = 0;
  for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', start)) {
    yield [bytes.toString('utf8', start, end), end + 1];
    start = end + 1;
  }
}
