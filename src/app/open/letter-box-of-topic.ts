import { randomBytes } from 'node:crypto';
import { nodeFileOperations } from '../../adapters/file/file-operations.ts';
import { deadLetterOfMessage } from '../../adapters/kafka/dead-letter-record.ts';
import { SluiceError } from '../../core/errors.ts';
import type { LetterFilter } from '../../ports/letter-desk.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource } from '../../ports/message-source.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { BoxedLetter, LetterBox } from './kinds.ts';
import { markReplayed, replayedOf } from './letter-box-of-file.ts';
import { listed, matches } from './letter-filter.ts';
import { markOfRecord, replayGroup } from './letters-of-topic.ts';
import { openKafka } from './open-kafka.ts';

const DAY = 86_400_000;
/** Each look further back goes so many times as far. */
const WIDENED = 8;
/** Beyond it there is no difference from everything. */
const LONGEST = 3 * 365 * DAY;
/** Of one request: so many of the newest, and so long. */
const MOST_LETTERS = 5000;
const MOST_SECONDS = 10;

/** What is needed of Kafka. */
export interface LetterRecords {
  /** Records from this time on, epoch milliseconds, to the last that is there now; of its own, and closed by the caller. */
  records(since: number): MessageSource;
  /** Called when a source was closed. */
  closed(): Promise<void>;
  /** Offsets that the replays of a reason have committed, by partition; of all reasons without one. Throws `SOURCE_FAILED`. */
  committed(reason?: string): Promise<ReadonlyMap<number, number>>;
}

interface Place {
  readonly partition: number;
  readonly offset: number;
  readonly time: number;
}

/** The dead letters of a topic. A topic is read forward only, so a page is the newest of a window of time, which the next pages widen. */
export class LetterBoxOfTopic implements LetterBox {
  readonly #kafka: LetterRecords;
  readonly #marksPath: string;
  readonly #log: Log;
  readonly #now: () => number;

  constructor(kafka: LetterRecords, marksPath: string, log: Log, now: () => number = Date.now) {
    this.#kafka = kafka;
    this.#marksPath = marksPath;
    this.#log = log;
    this.#now = now;
  }

  async page({ filter, after, limit, whyUnsendable }: Parameters<LetterBox['page']>[0]) {
    const cursor = after === undefined ? undefined : cursorOf(after);
    const since = cursor?.since ?? filter.from ?? this.#now() - DAY;
    const found: BoxedLetter[] = [];
    let hasAll = true;
    const isRead = await this.#scan(since, (letter) => {
      if (isWanted(letter, filter, cursor?.before)) found.push(listed(letter, whyUnsendable));
      if (found.length > 2 * MOST_LETTERS) {
        found.sort(newestFirst).length = MOST_LETTERS;
        hasAll = false;
      }
      return true;
    });
    found.sort(newestFirst);
    const shown = found.slice(0, limit);
    const before = shown.length === 0 ? cursor?.before : placeOf(shown.at(-1)!.id);
    const canWiden = filter.from === undefined && since > 0;
    const next =
      found.length > shown.length
        ? cursorText(since, before)
        : canWiden
          ? cursorText(this.#wider(since), before)
          : null;
    return {
      entries: shown.map((letter) => ({ kind: 'letter', letter }) as const),
      ...{ next, since: since === 0 ? null : since, isComplete: isRead && hasAll },
    };
  }

  async read(ids: readonly string[], mostBytes: number) {
    const wanted = new Set(ids.filter((id) => placeOf(id) !== undefined));
    const letters: BoxedLetter[] = [];
    const left = new Set<string>();
    let bytes = 0;
    const since = Math.min(...[...wanted].map((id) => placeOf(id)!.time));
    if (wanted.size === 0) return { letters, left };
    const isComplete = await this.#scan(since, (letter) => {
      if (!wanted.delete(letter.id)) return true;
      bytes += letter.bytes.byteLength;
      if (bytes > mostBytes && letters.length > 0) left.add(letter.id);
      else letters.push(letter);
      return wanted.size > 0;
    });
    // Not reached, which is not the same as gone.
    if (!isComplete) for (const id of wanted) left.add(id);
    return { letters: letters.sort((a, b) => newestFirst(b, a)), left };
  }

  async replayed(letters: readonly BoxedLetter[]): Promise<ReadonlySet<string>> {
    const marked = await replayedOf(this.#marksPath, letters, nodeFileOperations);
    if (letters.length === 0) return marked;
    const reasons = [undefined, ...new Set(letters.map(({ reason }) => reason))];
    const committed = new Map(
      await Promise.all(
        reasons.map(async (reason) => [reason, await this.#kafka.committed(reason)] as const),
      ),
    );
    const replayed = new Set(marked);
    for (const { id, reason, mark } of letters) {
      const { partition, offset } = placeOf(id)!;
      if ([undefined, reason].some((each) => offset < (committed.get(each)?.get(partition) ?? 0)))
        replayed.add(mark);
    }
    return replayed;
  }

  async mark(letters: readonly BoxedLetter[]): Promise<void> {
    await markReplayed(this.#marksPath, letters, this.#log, nodeFileOperations);
  }

  /** Calls `take` for each letter until it returns false. Returns false where there was no time for all of them. */
  async #scan(since: number, take: (letter: BoxedLetter) => boolean): Promise<boolean> {
    const source = this.#kafka.records(since);
    const signal = AbortSignal.timeout(MOST_SECONDS * 1000);
    try {
      await source.open({ revoked: () => {} });
      for (;;) {
        const batch = await source.pull(signal);
        if (batch === undefined) return !signal.aborted;
        for (const message of batch.messages) {
          if (message.tombstone) continue;
          const letter = deadLetterOfMessage(message);
          const { recordedAt } = letter;
          const isLast = !take({
            ...{ ...letter, isWhole: letter.cutFromBytes === undefined },
            id: `${batch.partition}-${message.offset}-${recordedAt}`,
            mark: markOfRecord(batch, message.offset, recordedAt),
          });
          if (isLast) return true;
        }
      }
    } finally {
      await source.close();
      await this.#kafka.closed().catch(() => undefined);
    }
  }

  #wider(since: number): number {
    const age = (this.#now() - since) * WIDENED;
    return age > LONGEST ? 0 : this.#now() - age;
  }
}

/** Opens nothing before it is asked. Throws `SETTINGS_INVALID` where a file of TLS can't be read. */
export function openLetterBoxOfTopic(settings: Settings, log: Log): LetterBox {
  const kafka = openKafka(settings, log);
  // A new one each time, as a group begins at a time only once.
  const group = `${settings.source.group}-list-${process.pid}-${randomBytes(4).toString('hex')}`;
  return new LetterBoxOfTopic(
    {
      records: (since) => kafka.deadLetterRecords(group, since),
      closed: () => kafka.dropGroup(group),
      committed: (reason) => kafka.deadLettersCommitted(replayGroup(settings, reason)),
    },
    `${settings.deadLetters.file.path}.replayed`,
    log,
  );
}

function isWanted(letter: BoxedLetter, filter: LetterFilter, before: Place | undefined): boolean {
  return matches(letter, filter) && (before === undefined || compare(placeOf(letter.id)!, before) < 0);
}

function newestFirst(a: BoxedLetter, b: BoxedLetter): number {
  return compare(placeOf(b.id)!, placeOf(a.id)!);
}

function compare(a: Place, b: Place): number {
  return a.time - b.time || a.partition - b.partition || a.offset - b.offset;
}

function placeOf(id: string): Place | undefined {
  const [, partition, offset, time] = /^(\d{1,9})-(\d{1,15})-(\d{1,15})$/.exec(id) ?? [];
  return time === undefined
    ? undefined
    : { partition: Number(partition), offset: Number(offset), time: Number(time) };
}

function cursorText(since: number, before: Place | undefined): string {
  return `${since}~${before === undefined ? '' : `${before.partition}-${before.offset}-${before.time}`}`;
}

/** Throws `USAGE`. */
function cursorOf(text: string): { readonly since: number; readonly before: Place | undefined } {
  const [, since, id] = /^(\d{1,15})~([\d-]*)$/.exec(text) ?? [];
  const before = id === undefined || id === '' ? undefined : placeOf(id);
  if (since === undefined || (id !== '' && before === undefined))
    throw new SluiceError('USAGE', 'the cursor is not one of this list');
  return { since: Number(since), before };
}
