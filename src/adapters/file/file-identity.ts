import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const FINGERPRINT_BYTES = 1024;

/** What tells a file from another that took its name: appending to it changes none of this. */
export interface FileIdentity {
  readonly inode: number;
  /** How many of the file's first bytes the hash covers: only such as were there when it was taken. */
  readonly headBytes: number;
  readonly headSha256: string;
}

/** `upTo`: bytes of the file that are known to be there. */
export async function identify(handle: FileHandle, upTo: number): Promise<FileIdentity> {
  const { ino } = await handle.stat();
  const headBytes = Math.min(FINGERPRINT_BYTES, upTo);
  return { inode: ino, headBytes, headSha256: await hashHead(handle, headBytes) };
}

export async function isStill(identity: FileIdentity, handle: FileHandle): Promise<boolean> {
  const { ino, size } = await handle.stat();
  if (ino !== identity.inode || size < identity.headBytes) return false;
  return (await hashHead(handle, identity.headBytes)) === identity.headSha256;
}

/** True where the identity could cover more by now. */
export function isShort(identity: FileIdentity | undefined, upTo: number): boolean {
  return identity === undefined || identity.headBytes < Math.min(FINGERPRINT_BYTES, upTo);
}

async function hashHead(handle: FileHandle, bytes: number): Promise<string> {
  const head = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(head, filled, bytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return createHash('sha256').update(head.subarray(0, filled)).digest('hex');
}
