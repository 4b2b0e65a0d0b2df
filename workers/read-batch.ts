import { isUtf8 } from 'node:buffer';
import { type Message, readMessage } from '../src/core/message.ts';
import type { UnreadableMessage } from '../src/core/scored-batch.ts';
import type { PackedMessages } from '../src/scoring/score-protocol.ts';

export interface ReadBatch {
  /** Places in the batch of the messages that could be read, ascending. */
  readonly indices: readonly number[];
  /** Message i stands at place indices[i]. */
  readonly messages: readonly Message[];
  readonly unreadable: readonly UnreadableMessage[];
}

/**
 * Reads each message of a packed batch. Size and encoding are checked before anything is parsed; a bad message becomes
 * an entry of `unreadable` and harms no other.
 */
export function readBatch(packed: PackedMessages, maxMessageBytes: number): ReadBatch {
  const indices: number[] = [];
  const messages: Message[] = [];
  const unreadable: UnreadableMessage[] = [];
  const { bytes } = packed;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A batch that is valid as a whole may still cut a character between two messages; only ASCII edges rule that out,
  // which JSON objects have: a message that starts or ends in the middle of a character isn't JSON.
  const allUtf8 = isUtf8(buffer);
  for (let index = 0; index < packed.count; index++) {
    const start = packed.start(index);
    const end = packed.end(index);
    if (end - start > maxMessageBytes) {
      unreadable.push({
        index,
        reason: 'too-large',
        detail: `${end - start} bytes; at most ${maxMessageBytes} are read (messages.maxBytes)`,
      });
      continue;
    }
    if (!allUtf8 && !isUtf8(buffer.subarray(start, end))) {
      unreadable.push({ index, reason: 'invalid-utf8', detail: 'the bytes are not UTF-8' });
      continue;
    }
    const read = readMessage(buffer.toString('utf8', start, end));
    if (read.ok) {
      indices.push(index);
      messages.push(read.message);
    } else {
      unreadable.push({ index, reason: read.reason, detail: read.detail });
    }
  }
  return { indices, messages, unreadable };
}
