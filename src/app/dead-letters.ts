import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppendLog } from '../adapters/file/append-log.ts';
import { deadLetterOfLine, lineOfDeadLetter } from '../adapters/file/file-dead-letter-sink.ts';
import { replaceFile } from '../adapters/file/replace-file.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import { describeError, SluiceError } from '../core/errors.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Log } from '../ports/log.ts';
import type { Settings } from '../settings/settings-schema.ts';

/** What `replay` did. */
export interface Replayed {
  readonly replayed: number;
  /** Of another reason, no longer whole, or refused by the source's topic for good. */
  readonly passedOver: number;
}

export interface ReplayOptions {
  readonly reason?: string;
  /** Sends nothing and remembers nothing. */
  readonly dryRun: boolean;
}

/** Some dead letters, in the order in which they were written. */
interface Letters {
  /** Null where only the beginning was kept. */
  readonly letters: readonly (DeadLetter & { readonly isWhole: boolean; readonly recordedAt?: number })[];
  /** Remembers that these were sent again. */
  done(): Promise<void>;
}

const NEWLINE = 0x0a;
const AT_ONCE = 500;

/** Calls `line` for each dead letter that is there, with the JSON of the file's format. */
export async function listDeadLetters(
  settings: Settings,
  log: Log,
  line: (letter: string, reason: string) => Promise<void>,
): Promise<void> {
  for await (const { letters } of lettersFrom(settings, log, 'all'))
    for (const letter of letters)
      await line(lineOfDeadLetter(letter, new Date(letter.recordedAt ?? 0).toISOString()), letter.reason);
}

/** Sends dead letters to the source again, each once over all calls. Throws `SINK_FAILED` or `SOURCE_FAILED`. */
export async function replayDeadLetters(
  settings: Settings,
  log: Log,
  options: ReplayOptions,
): Promise<Replayed> {
  let replayed = 0;
  let passedOver = 0;
  const way = options.dryRun ? undefined : await wayBack(settings, log);
  try {
    for await (const { letters, done } of lettersFrom(settings, log, 'new')) {
      const chosen = letters.filter(
        ({ isWhole, reason, bytes }) =>
          isWhole &&
          (options.reason === undefined || reason === options.reason) &&
          (settings.source.kind === 'kafka' || !bytes.includes(NEWLINE)),
      );
      replayed += chosen.length;
      passedOver += letters.length - chosen.length;
      if (way === undefined) continue;
      const refusals = await way.send(chosen);
      if (refusals.length > 0)
        log.error(
          { letters: refusals.length, reason: refusals[0]!.reason },
          'dead letters are refused by the source’s topic and were skipped',
        );
      replayed -= refusals.length;
      passedOver += refusals.length;
      await done();
    }
  } finally {
    await way?.close();
  }
  return { replayed, passedOver };
}

function lettersFrom(settings: Settings, log: Log, which: 'all' | 'new'): AsyncIterable<Letters> {
  return settings.deadLetters.kind === 'kafka'
    ? lettersOfTopic(settings, log, which)
    : lettersOfFile(settings.deadLetters.file.path, which);
}

async function* lettersOfTopic(settings: Settings, log: Log, which: 'all' | 'new'): AsyncGenerator<Letters> {
  const [{ openKafka }, { deadLetterOfMessage }] = await Promise.all([
    import('./open-kafka.ts'),
    import('../adapters/kafka/dead-letter-record.ts'),
  ]);
  // Who lists remembers nothing, and must not be in the way of another who does.
  const group =
    which === 'new' ? `${settings.source.group}-replay` : `${settings.source.group}-list-${process.pid}`;
  const source = openKafka(settings, log).deadLetterRecords(group);
  try {
    await source.open({ revoked: () => {} });
    const never = new AbortController().signal;
    for (let batch = await source.pull(never); batch !== undefined; batch = await source.pull(never)) {
      const passed = batch;
      const letters = batch.messages.filter(({ tombstone }) => !tombstone).map(deadLetterOfMessage);
      yield {
        letters: letters.map((letter) => ({ ...letter, isWhole: letter.cutFromBytes === undefined })),
        done: () => source.commit([passed]),
      };
    }
  } finally {
    await source.close();
  }
}

/** How far the file was replayed stands in another beside it, in lines. */
async function* lettersOfFile(path: string, which: 'all' | 'new'): AsyncGenerator<Letters> {
  const mark = `${path}.replayed`;
  const from = which === 'new' ? Number(await readFile(mark, 'utf8').catch(() => '0')) : 0;
  let count = 0;
  let letters: (DeadLetter & { readonly isWhole: boolean; readonly recordedAt: number })[] = [];
  const some = (): Letters => {
    const upTo = count;
    return { letters, done: () => replaceFile(mark, `${upTo}\n`) };
  };
  try {
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) {
      count++;
      if (count <= from || line === '') continue;
      const { recorded_at = 0 } = JSON.parse(line) as { recorded_at?: string };
      letters.push({
        ...deadLetterOfLine(line),
        isWhole: true,
        recordedAt: new Date(recorded_at).getTime(),
      });
      if (letters.length < AT_ONCE) continue;
      yield some();
      letters = [];
    }
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    // No message has been unreadable yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new SluiceError('DATA_UNREADABLE', `${path} cannot be read (${describeError(error)})`, {
      cause: error,
    });
  }
  if (letters.length > 0) yield some();
}

interface WayBack {
  /** Resolves when they are durable, but for those that will never be accepted, which it returns. */
  send(letters: readonly DeadLetter[]): Promise<readonly Refusal[]>;
  close(): Promise<void>;
}

async function wayBack(settings: Settings, log: Log): Promise<WayBack> {
  if (settings.source.kind === 'file') {
    const lines = await AppendLog.open(join(settings.source.file.inbox, 'replayed.jsonl'), log);
    return {
      send: async (letters) => {
        if (letters.length === 0) return [];
        await lines.append(letters.map(({ bytes }) => `${Buffer.from(bytes).toString()}\n`).join(''));
        await lines.flush();
        return [];
      },
      close: () => lines.close(),
    };
  }
  const [{ openKafka }, { headersToSend, bufferOf }] = await Promise.all([
    import('./open-kafka.ts'),
    import('../adapters/kafka/record-headers.ts'),
  ]);
  const publisher = await openKafka(settings, log).toSource();
  return {
    send: (letters) =>
      publisher.publish(
        letters.map(({ bytes, key, headers }) => ({
          topic: settings.source.topic,
          message: {
            key: key === undefined ? null : bufferOf(key),
            value: bufferOf(bytes),
            headers: headersToSend(headers),
          },
        })),
      ),
    close: () => publisher.close(),
  };
}
