import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReviewSpool } from '../../../src/adapters/file/review-spool.ts';
import { SpoolingReviewStore } from '../../../src/adapters/file/spooling-review-store.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { systemClock } from '../../../src/pipeline/system-clock.ts';
import type { NewReviewItem, ReviewStore } from '../../../src/ports/review-store.ts';
import { quietLog } from '../../contract/temporary-folder.ts';
import { idsOf, itemOf } from '../../durability/review-items.ts';

let folder: string;
const spools: ReviewSpool[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-spool-'));
});
afterEach(async () => {
  for (const spool of spools.splice(0)) await spool.close();
  await rm(folder, { recursive: true, force: true });
});

const open = async (rest: { readonly maxBytes?: number; readonly segmentBytes?: number } = {}) => {
  const spool = await ReviewSpool.open({ folder, maxBytes: 2 ** 20, log: quietLog, ...rest });
  spools.push(spool);
  return spool;
};

async function takeAll(spool: ReviewSpool): Promise<readonly NewReviewItem[]> {
  const items: NewReviewItem[] = [];
  for (;;) {
    const part = await spool.first();
    if (part === undefined) return items;
    items.push(...part.items);
    await part.remove();
  }
}

describe('ReviewSpool', () => {
  it('ReviewSpool returns rows in order and unchanged to the last character, and is then empty', async () => {
    const spool = await open({ segmentBytes: 300 });
    const items = ['NUL \0', '😀', 'half \ud83d', 'a\r\nb', ''].map((message, i) =>
      itemOf(`m-${i}`, { message, probability: i === 0 ? null : 0.1 + 0.2 }),
    );
    for (const item of items) await spool.append([item]);
    expect(spool.rows).toBe(5);
    expect(spool.fullness).toBeGreaterThan(0);
    expect(await takeAll(spool)).toEqual(items);
    expect([spool.rows, spool.fullness, spool.isEmpty]).toEqual([0, 0, true]);
    expect(await readdir(folder)).toEqual([]);
    await spool.close();
  });

  it('ReviewSpool has acknowledged rows on the disk: another process finds them, even if the first never closed the spool', async () => {
    const first = await open();
    await first.append([itemOf('a'), itemOf('b')]);
    await first.append([itemOf('c')]);
    const second = await open();
    expect(second.rows).toBe(3);
    expect(idsOf(await takeAll(second))).toEqual(['a', 'b', 'c']);
  });

  it('ReviewSpool skips a line that a kill has cut off, which was never acknowledged', async () => {
    const first = await open();
    await first.append([itemOf('a')]);
    const [name] = await readdir(folder);
    await appendFile(join(folder, name!), JSON.stringify(itemOf('b')).slice(0, 40));
    const second = await open();
    await second.append([itemOf('c')]);
    expect(idsOf(await takeAll(second))).toEqual(['a', 'c']);
  });

  it('ReviewSpool returns rows again that were not removed before the process ended', async () => {
    const first = await open({ segmentBytes: 1 });
    await first.append([itemOf('a')]);
    await first.append([itemOf('b')]);
    await (await first.first())?.remove();
    await first.first();
    expect(idsOf(await takeAll(await open()))).toEqual(['b']);
  });

  it('ReviewSpool sets aside a line that it cannot read, and continues', async () => {
    const first = await open();
    await first.append([itemOf('a')]);
    const [name] = await readdir(folder);
    await appendFile(join(folder, name!), '{"community":1}\nnot json\n');
    const second = await open();
    expect(idsOf(await takeAll(second))).toEqual(['a']);
    expect(await readFile(join(folder, 'refused.jsonl'), 'utf8')).toBe('{"community":1}\nnot json\n');
  });

  it('ReviewSpool reports that it is full, keeps its rows, and accepts more once there is room', async () => {
    const spool = await open({ maxBytes: 500 });
    await spool.append([itemOf('a')]);
    await spool.append([itemOf('b')]);
    await expect(spool.append([itemOf('c'), itemOf('d')])).rejects.toMatchObject({
      code: 'STORE_FAILED',
      retriable: true,
      message: expect.stringContaining('store.spool.maxMebibytes'),
    });
    expect(idsOf(await takeAll(spool))).toEqual(['a', 'b']);
    await spool.append([itemOf('c'), itemOf('d')]);
    expect(idsOf(await takeAll(spool))).toEqual(['c', 'd']);
    await spool.close();
  });

  it('ReviewSpool behaves like a queue under any sequence of appending, taking and reopening', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('append', 'append two', 'take', 'reopen'), { maxLength: 25 }),
        async (steps) => {
          let spool = await open({ segmentBytes: 400 });
          let expected: string[] = [];
          let next = 0;
          for (const step of steps) {
            if (step === 'append' || step === 'append two') {
              const items = Array.from({ length: step === 'append' ? 1 : 2 }, () => itemOf(`m-${next++}`));
              expected.push(...idsOf(items));
              await spool.append(items);
            } else if (step === 'take') {
              const part = await spool.first();
              const ids = idsOf(part?.items ?? []);
              expect(ids).toEqual(expected.slice(0, ids.length));
              expected = expected.slice(ids.length);
              await part?.remove();
            } else {
              await spool.close();
              spool = await open({ segmentBytes: 400 });
            }
            expect(spool.rows).toBe(expected.length);
          }
          expect(idsOf(await takeAll(spool))).toEqual(expected);
          await spool.close();
        },
      ),
      { numRuns: 30 },
    );
  });
});

/** A store in memory that can be away, and that refuses some rows for good. */
class FakeStore implements ReviewStore {
  readonly settleSeconds = 0;
  readonly rows = new Map<string, NewReviewItem>();
  away = false;
  closed = false;
  /** Ends a call after its rows are in: the answer is lost on the way. */
  losesAnswers = false;

  async add(items: readonly NewReviewItem[]): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.away) throw new SluiceError('STORE_FAILED', 'away', { retriable: true });
    if (items.some(({ message }) => message === 'poison')) throw new SluiceError('STORE_FAILED', 'never');
    const before = this.rows.size;
    for (const item of items) if (!this.rows.has(item.message_id)) this.rows.set(item.message_id, item);
    if (this.losesAnswers) throw new SluiceError('STORE_FAILED', 'answer lost', { retriable: true });
    return this.rows.size - before;
  }
  async list() {
    return [];
  }
  async count() {
    return { open: this.rows.size, leased: 0, labelled: 0, erased: 0 };
  }
  async close() {
    this.closed = true;
  }
}

describe('SpoolingReviewStore', () => {
  let behind: FakeStore;
  let told: { added: number; rows: number; most: number };
  const openStore = async (maxBytes = 2 ** 20) => {
    const spool = await open({ maxBytes, segmentBytes: 1000 });
    return new SpoolingReviewStore({
      store: behind,
      spool,
      telemetry: {
        reviewItemsAdded: (count) => {
          told.added += count;
        },
        spoolMeasured: ({ rows }) => {
          told.rows = rows;
          told.most = Math.max(told.most, rows);
        },
      },
      log: quietLog,
      clock: { sleep: (_, signal) => systemClock.sleep(0.005, signal) },
    });
  };
  const until = async (condition: () => boolean) => {
    for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(condition()).toBe(true);
  };
  const stored = () => [...behind.rows.keys()];
  beforeEach(() => {
    behind = new FakeStore();
    told = { added: 0, rows: 0, most: 0 };
  });

  it('SpoolingReviewStore writes directly to the store while that is available, and does not use the disk', async () => {
    const store = await openStore();
    expect(await store.add([itemOf('a'), itemOf('b')])).toBe(2);
    expect(await store.add([itemOf('b')])).toBe(0);
    expect(await readdir(folder)).toEqual([]);
    await store.close();
    expect(behind.closed).toBe(true);
  });

  it('SpoolingReviewStore accepts rows while the store is unavailable, and writes them to it in order afterwards', async () => {
    const store = await openStore();
    await store.add([itemOf('m-0')]);
    behind.away = true;
    for (let i = 1; i < 40; i++) expect(await store.add([itemOf(`m-${i}`)])).toBe(0);
    expect(told.rows).toBe(39);
    behind.away = false;
    for (let i = 40; i < 60; i++) await store.add([itemOf(`m-${i}`)]);
    await until(() => behind.rows.size === 60 && told.rows === 0);
    expect(stored()).toEqual(Array.from({ length: 60 }, (_, i) => `m-${i}`));
    expect(told.added + 1).toBeGreaterThanOrEqual(40);
    // What follows goes straight there again.
    await until(() => told.rows === 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await store.add([itemOf('last')])).toBe(1);
    await store.close();
  });

  it('SpoolingReviewStore stores no row twice if the store had accepted rows without acknowledging them', async () => {
    const store = await openStore();
    behind.losesAnswers = true;
    await store.add([itemOf('a')]);
    await store.add([itemOf('b')]);
    behind.losesAnswers = false;
    await until(() => told.rows === 0);
    expect(stored()).toEqual(['a', 'b']);
    await store.close();
  });

  it('SpoolingReviewStore continues with the spooled rows after a restart', async () => {
    behind.away = true;
    const first = await openStore();
    await first.add([itemOf('a')]);
    await first.close();
    behind.away = false;
    const second = await openStore();
    await until(() => told.rows === 0 && behind.rows.size === 1);
    expect(told.added).toBe(1);
    await second.close();
  });

  it('SpoolingReviewStore refuses rows once the spool is full, so that the pipeline waits, and loses no accepted row', async () => {
    behind.away = true;
    const store = await openStore(600);
    const taken: string[] = [];
    const refusal = await (async () => {
      for (let i = 0; i < 100; i++) {
        await store.add([itemOf(`m-${i}`)]);
        taken.push(`m-${i}`);
      }
    })().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'STORE_FAILED', retriable: true });
    expect(taken.length).toBeGreaterThan(1);
    behind.away = false;
    await until(() => told.rows === 0);
    expect(stored()).toEqual(taken);
    await store.close();
  });

  it('SpoolingReviewStore sets aside a row that the store will never accept, and stores the others', async () => {
    const store = await openStore();
    await store.add([itemOf('a'), itemOf('poison', { message: 'poison' }), itemOf('b')]);
    await until(() => told.rows === 0 && behind.rows.size === 2);
    expect(stored()).toEqual(['a', 'b']);
    expect(JSON.parse(await readFile(join(folder, 'refused.jsonl'), 'utf8'))).toMatchObject({
      message_id: 'poison',
    });
    await store.close();
  });

  it('SpoolingReviewStore sets no row aside when the database becomes unavailable while rows are stored one by one', async () => {
    const store = await openStore();
    const add = behind.add.bind(behind);
    let ones = 0;
    behind.add = async (items) => {
      // The second row of the three meets a database that is unavailable, once.
      if (items.length === 1 && ++ones === 2)
        throw new SluiceError('STORE_FAILED', 'the database is unavailable', { retriable: true });
      return await add(items);
    };
    await store.add([itemOf('poison', { message: 'poison' }), itemOf('a'), itemOf('b')]);
    await until(() => told.rows === 0 && behind.rows.size === 2);
    expect(stored()).toEqual(['a', 'b']);
    const refused = (await readFile(join(folder, 'refused.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(new Set(refused.map((line) => (JSON.parse(line) as NewReviewItem).message_id))).toEqual(
      new Set(['poison']),
    );
    await store.close();
  });

  it('SpoolingReviewStore throws an error that is not an error of the store', async () => {
    const store = await openStore();
    behind.add = () => Promise.reject(new TypeError('a defect'));
    await expect(store.add([itemOf('a')])).rejects.toThrow(TypeError);
    await store.close();
  });

  it('SpoolingReviewStore closes at once while the store is unavailable', async () => {
    behind.away = true;
    const store = await openStore();
    await store.add([itemOf('a')]);
    await store.close();
    expect(behind.closed).toBe(true);
  });
});
