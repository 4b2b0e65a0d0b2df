import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ErasableStore, ScannedContent, ScannedPiece } from '../../ports/erasable-store.ts';
import { systemCode } from './file-operations.ts';

const PIECE_BYTES = 4 * 1024 * 1024;
const OVERLAP_BYTES = 256 * 1024;

/**
 * All other files below some folders: offsets, journals, marks, and what somebody may have copied there. Nothing of them is
 * changed; an erased text in one of them makes the proof fail. `isLeftOut`: files of other stores, and files with locks, which
 * opening them here would drop.
 */
export function otherFiles(folders: readonly string[], isLeftOut: (path: string) => boolean): ErasableStore {
  return {
    name: 'other files',
    location: folders.join(', '),
    search: async () => {},
    count: async () => 0,
    erase: async () => 0,
    contents: async function* (): AsyncGenerator<ScannedContent> {
      const seen = new Set<string>();
      for (const folder of folders)
        for await (const path of filesBelow(resolve(folder), isLeftOut)) {
          if (seen.has(path)) continue;
          seen.add(path);
          yield { name: path, pieces: piecesOf(path) };
        }
    },
  };
}

async function* filesBelow(folder: string, isLeftOut: (path: string) => boolean): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (isLeftOut(path)) continue;
    if (entry.isDirectory()) yield* filesBelow(path, isLeftOut);
    else if (entry.isFile()) yield path;
  }
}

async function* piecesOf(path: string): AsyncGenerator<ScannedPiece> {
  let before = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path, {
      highWaterMark: PIECE_BYTES,
    }) as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([before, chunk]);
      yield { bytes, fresh: chunk.length, isOthers: false };
      before = Buffer.from(bytes.subarray(Math.max(0, bytes.length - OVERLAP_BYTES)));
    }
  } catch (error) {
    // A daemon removes files of its own.
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
