import { open } from 'node:fs/promises';
import type { MessageStream } from './message-stream.ts';

const CHUNK = 4096;

/** Writes the stream's next `messages` as lines into a new file. */
export async function writeStream(stream: MessageStream, messages: number, path: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (let written = 0; written < messages; written += CHUNK) {
      const lines = Array.from({ length: Math.min(CHUNK, messages - written) }, () => stream.next());
      await file.write(lines.join(''));
    }
  } finally {
    await file.close();
  }
}
