import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import type { ScannedPiece } from '../../ports/erasable-store.ts';

const PIECE_BYTES = 4 * 1024 * 1024;
/** A text that two pieces divide is whole in the second. */
const OVERLAP_BYTES = 256 * 1024;
const NO_FILE = 3;
const SCRIPT = `require('node:fs').createReadStream(process.argv[1])
  .on('error', (error) => process.exit(error.code === 'ENOENT' ? ${NO_FILE} : 1)).pipe(process.stdout)`;

/**
 * The bytes of a database's file, read by a process of its own: when a process closes any descriptor of a file, `fcntl` drops the
 * locks that SQLite has on it there. Nothing where there is no file.
 */
export async function* readApart(path: string): AsyncGenerator<ScannedPiece> {
  // Asking for its size opens nothing.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  const child = spawn(process.execPath, ['-e', SCRIPT, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // It is awaited below, where its error is thrown.
  ended.catch(() => {});
  try {
    let before = Buffer.alloc(0);
    let parts: Buffer[] = [];
    let fresh = 0;
    const piece = (): ScannedPiece => {
      const bytes = Buffer.concat([before, ...parts]);
      const made = { bytes, fresh, isOthers: false };
      before = Buffer.from(bytes.subarray(Math.max(0, bytes.length - OVERLAP_BYTES)));
      parts = [];
      fresh = 0;
      return made;
    };
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      parts.push(chunk);
      fresh += chunk.length;
      if (fresh >= PIECE_BYTES) yield piece();
    }
    if (fresh > 0) yield piece();
    const code = await ended;
    if (code !== 0 && code !== NO_FILE) throw new Error(`${path} cannot be read`);
  } finally {
    child.kill();
  }
}
