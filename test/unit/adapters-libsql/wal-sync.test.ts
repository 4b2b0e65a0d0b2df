import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WalSync } from '../../../src/adapters/libsql/wal-sync.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A log that grows by commits; a sync covers what was there when it began. */
class FakeWal {
  committed = 0;
  durable = 0;
  syncs = 0;
  fail = false;

  async datasync(): Promise<void> {
    this.syncs++;
    const covered = this.committed;
    await turn();
    if (this.fail) throw new Error('EIO');
    this.durable = Math.max(this.durable, covered);
  }

  async close(): Promise<void> {}
}

describe('WalSync', () => {
  it('WalSync has everything on the disk that was committed before the call, in any interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('commit', 'sync', 'turn'), { maxLength: 60 }),
        async (steps) => {
          const wal = new FakeWal();
          const sync = new WalSync(wal);
          const asked: Promise<void>[] = [];
          for (const step of steps) {
            if (step === 'commit') wal.committed++;
            else if (step === 'turn') await turn();
            else {
              const committed = wal.committed;
              asked.push(sync.sync().then(() => expect(wal.durable).toBeGreaterThanOrEqual(committed)));
            }
          }
          await Promise.all(asked);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('WalSync serves all simultaneous callers with two syncs', async () => {
    const wal = new FakeWal();
    const sync = new WalSync(wal);
    await Promise.all(Array.from({ length: 50 }, () => sync.sync()));
    expect(wal.syncs).toBe(2);
  });

  it('WalSync fails permanently once a sync has failed', async () => {
    const wal = new FakeWal();
    const sync = new WalSync(wal);
    wal.fail = true;
    const both = await Promise.allSettled([sync.sync(), sync.sync()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    wal.fail = false;
    await expect(sync.sync()).rejects.toThrow('EIO');
  });
});
