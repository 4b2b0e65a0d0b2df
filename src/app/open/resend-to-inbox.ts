import { join } from 'node:path';
import { AppendLog } from '../../adapters/file/append-log.ts';
import type { FileOperations } from '../../adapters/file/file-operations.ts';
import type { Log } from '../../ports/log.ts';
import type { Resender } from './kinds.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Opens a file of the inbox, to which messages are appended. Throws `SINK_FAILED`. */
export async function openResenderToInbox(inbox: string, log: Log, files: FileOperations): Promise<Resender> {
  const lines = await AppendLog.open(join(inbox, 'replayed.jsonl'), log, files);
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

/** Why these bytes can't be a message of an inbox; undefined where they can. */
export function whyNoLine(bytes: Uint8Array): string | undefined {
  return bytes.includes(NEWLINE)
    ? 'it contains a line break, and a message of an inbox is one line'
    : undefined;
}

/** A reader of lines takes one carriage return before the newline for a part of the line's end. */
function lineEndOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes.at(-1) === CARRIAGE_RETURN ? [CARRIAGE_RETURN, NEWLINE] : [NEWLINE]);
}
