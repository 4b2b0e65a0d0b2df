import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file, which is on the disk when it resolves; its name is once its folder was synced. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces a file's content as a whole: a reader, or a crash, sees the old or the new one. */
export async function replaceDurably(path: string, content: string): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  await writeDurably(beside, content);
  await rename(beside, path);
  await syncFolder(dirname(path));
}

/** Makes names that were created or moved in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
