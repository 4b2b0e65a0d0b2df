import { join } from 'node:path';
import { AppendLog } from '../../adapters/file/append-log.ts';
import type { FileOperations } from '../../adapters/file/file-operations.ts';
import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** The highest of the bytes that JSON counts as white space. */
const BLANK = 0x20;

/** Sends dead letters to the source again. */
export interface WayToSource {
  /** Resolves when they are durable, but for those that will never be accepted, which it returns. Throws `SINK_FAILED`. */
  send(letters: readonly DeadLetter[]): Promise<readonly Refusal[]>;
  close(): Promise<void>;
}

/** Why a letter can never be sent to the source; undefined where it can. */
export function whyUnsendable(
  { bytes, isWhole }: DeadLetter & { readonly isWhole: boolean },
  source: Settings['source']['kind'],
): string | undefined {
  if (!isWhole) return 'only the beginning of the message was kept';
  // Also what an older version made of a record without a value: it must not come back as an empty one.
  if (bytes.every((byte) => byte <= BLANK)) return 'it has no content';
  if (source === 'file' && bytes.includes(NEWLINE))
    return 'it contains a line break, and a message of an inbox is one line';
  return undefined;
}

/** Throws `SINK_FAILED`. */
export async function openWayToSource(
  settings: Settings,
  log: Log,
  files: FileOperations,
): Promise<WayToSource> {
  if (settings.source.kind === 'file') {
    const lines = await AppendLog.open(join(settings.source.file.inbox, 'replayed.jsonl'), log, files);
    return {
      send: async (letters) => {
        if (letters.length === 0) return [];
        await lines.append(Buffer.concat(letters.flatMap(({ bytes }) => [bytes, lineEndOf(bytes)])));
        await lines.flush();
        return [];
      },
      close: () => lines.close(),
    };
  }
  const [{ openKafka }, { headersToSend, bufferOf }] = await Promise.all([
    import('../open/open-kafka.ts'),
    import('../../adapters/kafka/record-headers.ts'),
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

/** A reader of lines takes one carriage return before the newline for a part of the line's end. */
function lineEndOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes.at(-1) === CARRIAGE_RETURN ? [CARRIAGE_RETURN, NEWLINE] : [NEWLINE]);
}
