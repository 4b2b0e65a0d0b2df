import { dirname, resolve } from 'node:path';
import { appendAll, type FileOperations, nodeFileOperations, systemCode } from './file-operations.ts';

/**
 * Replaces a file's content as a whole: a reader, or a crash, sees the old or the new one, and the new one survives a power
 * cut once this resolves. One writer a file. Throws the file system's errors.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  files: FileOperations = nodeFileOperations,
): Promise<void> {
  const temporary = `${path}.new`;
  const file = await files.open(temporary, 'replace');
  try {
    await appendAll(file, typeof content === 'string' ? Buffer.from(content) : content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await files.rename(temporary, path);
  await files.syncFolder(dirname(path));
}

/** What a folder above ours answers that may not be read, or whose file system does not sync folders. */
const notOurs: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'EINVAL', 'ENOTSUP']);

/**
 * Creates a folder, and those above it, where they are missing; their names survive a power cut once this resolves. Throws
 * the file system's errors.
 */
export async function makeFolder(path: string, files: FileOperations = nodeFileOperations): Promise<void> {
  await files.makeFolder(path);
  // Also where nothing was created now: the process that did may have been killed before it could sync.
  for (let name = resolve(path); name !== dirname(name); name = dirname(name))
    await files.syncFolder(dirname(name)).catch((error: unknown) => {
      if (!notOurs.has(systemCode(error))) throw error;
    });
}
