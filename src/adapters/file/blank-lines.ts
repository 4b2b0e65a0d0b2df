import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { describeError, SluiceError } from '../../core/errors.ts';
import { type FileOperations, nodeFileOperations, systemCode } from './file-operations.ts';
import { replaceFile } from './replace-file.ts';

const rangesSchema = z.object({
  path: z.string(),
  inode: z.number(),
  /** Offsets of the first byte, and behind the last. */
  ranges: z.array(z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()])),
});
const planSchema = z.object({ schema: z.literal(1), files: z.array(rangesSchema) });

/** Lines of a file that are to be overwritten. */
export type BlankRanges = z.infer<typeof rangesSchema>;

const BLOCK = Buffer.alloc(64 * 1024, '\n');

/**
 * Overwrites lines by newlines where they are: the bytes are gone, every other line keeps its offset, and a process that appends to the
 * file is not disturbed. Readers skip empty lines. What is to be overwritten is written down first, as offsets, so that
 * {@link finish} can end what a crash cut: of half a line nobody could say whose it was.
 */
export class LineBlanker {
  readonly #planPath: string;
  readonly #files: FileOperations;

  constructor(planPath: string, files: FileOperations = nodeFileOperations) {
    this.#planPath = planPath;
    this.#files = files;
  }

  /** On the disk when it resolves. Throws `SINK_FAILED`. */
  async blank(files: readonly BlankRanges[]): Promise<void> {
    if (files.every(({ ranges }) => ranges.length === 0)) return;
    try {
      await replaceFile(this.#planPath, JSON.stringify({ schema: 1, files }), this.#files);
      await this.finish();
    } catch (error) {
      throw failed(this.#planPath, error);
    }
  }

  /** Overwrites what a run before had begun with; nothing where it ended. Throws `SINK_FAILED`. */
  async finish(): Promise<void> {
    try {
      const plan = await this.#plan();
      if (plan === undefined) return;
      for (const file of plan) await overwrite(file);
      await this.#files.unlink(this.#planPath);
      await this.#files.syncFolder(dirname(this.#planPath));
    } catch (error) {
      throw failed(this.#planPath, error);
    }
  }

  async #plan(): Promise<readonly BlankRanges[] | undefined> {
    let content: Buffer;
    try {
      content = await this.#files.readFile(this.#planPath);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    return planSchema.parse(JSON.parse(content.toString())).files;
  }
}

async function overwrite({ path, inode, ranges }: BlankRanges): Promise<void> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  try {
    const { ino, size } = await file.stat();
    // Another file took the name; what it has is looked for again.
    if (ino !== inode) return;
    for (const [from, to] of ranges)
      for (let at = from; at < Math.min(to, size); ) {
        const length = Math.min(BLOCK.length, Math.min(to, size) - at);
        at += (await file.write(BLOCK, 0, length, at)).bytesWritten;
      }
    await file.datasync();
  } finally {
    await file.close();
  }
}

function failed(path: string, error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  return new SluiceError(
    'SINK_FAILED',
    `lines could not be overwritten (${describeError(error)}), as ${path} lists them; run it again as the user of the daemon`,
    { retriable: true, cause: error },
  );
}
