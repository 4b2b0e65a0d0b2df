import { createHash } from 'node:crypto';
import type { StoredObject, WriteCondition } from '../../../src/adapters/s3/s3-client.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A bucket in memory that behaves as S3 does. `before` is called before each operation, and may throw or wait. */
export class MemoryBucket {
  readonly objects = new Map<string, Bytes>();
  before: (operation: 'read' | 'write' | 'list', key: string) => void | Promise<void> = () => {};

  addressOf(key = ''): string {
    return `memory:/${key}`;
  }

  async read(key: string, maxBytes: number): Promise<StoredObject | undefined> {
    await this.before('read', key);
    const found = this.objects.get(key);
    if (found === undefined) return undefined;
    return { bytes: Buffer.from(found).subarray(0, maxBytes + 1), etag: etagOf(found) };
  }

  async write(key: string, bytes: Bytes, condition?: WriteCondition): Promise<string | undefined> {
    await this.before('write', key);
    const found = this.objects.get(key);
    if (condition !== undefined && !holds(condition, found))
      return found !== undefined && Buffer.from(found).equals(bytes) ? etagOf(found) : undefined;
    this.objects.set(key, Buffer.from(bytes));
    return etagOf(bytes);
  }

  async list(prefix: string): Promise<readonly { readonly key: string; readonly bytes: number }[]> {
    await this.before('list', prefix);
    return [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { length }]) => ({ key, bytes: length }));
  }
}

function holds(condition: WriteCondition, found: Bytes | undefined): boolean {
  if (condition === 'absent') return found === undefined;
  return found !== undefined && etagOf(found) === condition.etag;
}

function etagOf(bytes: Bytes): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
