import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReviewSpool } from '../../../src/adapters/file/review-spool.ts';
import { SpoolingReviewStore } from '../../../src/adapters/file/spooling-review-store.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { NewReviewItem, ReviewItem, ReviewStore } from '../../../src/ports/review-store.ts';
import { itemOf } from '../../durability/review-items.ts';
import { RecordingLog, TurnClock } from '../pipeline/fakes.ts';

/** Answers each add by what `answer` does, and reading by fixed values. */
class ScriptedStore implements ReviewStore {
  readonly settleSeconds = 7;
  answer: (items: readonly NewReviewItem[]) => Promise<number> = async (items) => items.length;
  asked: unknown;
  add(items: readonly NewReviewItem[]): Promise<number> {
    return this.answer(items);
  }
  async list(query: unknown): Promise<readonly ReviewItem[]> {
    this.asked = query;
    return [{ id: 4 } as unknown as ReviewItem];
  }
  async count() {
    return { open: 1, leased: 2, labelled: 3, erased: 4 };
  }
  async close() {}
}

const unavailable = async (): Promise<number> => {
  throw new SluiceError('STORE_FAILED', 'unavailable', { retriable: true });
};

let folder: string;
let store: ScriptedStore;
let log: RecordingLog;
let clock: TurnClock;
let measured: { rows: number; fullness: number }[];
let added: number[];
const closing: SpoolingReviewStore[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-spooling-'));
  [store, log, clock, measured, added] = [new ScriptedStore(), new RecordingLog(), new TurnClock(), [], []];
});
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<SpoolingReviewStore> {
  const spool = await ReviewSpool.open({ folder, maxBytes: 10_000, log });
  const telemetry = {
    reviewItemsAdded: (count: number) => void added.push(count),
    spoolMeasured: (measure: { rows: number; fullness: number }) => void measured.push(measure),
  };
  const made = new SpoolingReviewStore({ store, spool, telemetry, log, clock });
  closing.push(made);
  return made;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

const lines = () => log.lines.map(({ level, fields }) => [level, fields]);

describe('a store with a spool before it', () => {
  it('SpoolingReviewStore reads from the store alone', async () => {
    const spooling = await open();
    const query = { state: 'open', after: 3, limit: 5 } as never;
    expect(await spooling.list(query)).toEqual([{ id: 4 }]);
    expect(store.asked).toBe(query);
    expect(await spooling.count()).toEqual({ open: 1, leased: 2, labelled: 3, erased: 4 });
    expect(spooling.settleSeconds).toBe(7);
  });

  it('SpoolingReviewStore accepts an empty batch without calling the store', async () => {
    store.answer = unavailable;
    const spooling = await open();
    expect(await spooling.add([])).toBe(0);
    expect([measured, log.lines]).toEqual([[{ rows: 0, fullness: 0 }], []]);
  });

  it('SpoolingReviewStore retries at growing intervals of up to a second, and logs an error after about a minute', async () => {
    store.answer = unavailable;
    const spooling = await open();
    await spooling.add([itemOf('a')]);
    await until(() => clock.sleeps.length >= 62);
    expect(clock.sleeps.slice(0, 5)).toEqual([0.25, 0.5, 1, 1, 1]);
    expect(lines()).toEqual([
      ['warn', { error: 'unavailable', rows: 1 }],
      ['error', { error: 'unavailable', rows: 1 }],
    ]);
    const errorAfter = clock.seconds - 1000;
    expect(errorAfter).toBeGreaterThan(55);
    store.answer = async () => 1;
    await until(() => log.lines.length === 3);
    expect(lines().at(-1)).toEqual(['info', { rows: 1 }]);
    expect(measured.at(-1)).toEqual({ rows: 0, fullness: 0 });
    expect(added).toEqual([1]);
  });

  it('SpoolingReviewStore starts again with short intervals and new warnings at each outage', async () => {
    const spooling = await open();
    for (const outage of [1, 2]) {
      let failures = 5;
      store.answer = async (items) => (failures-- > 0 ? await unavailable() : items.length);
      await spooling.add([itemOf(`m-${outage}`)]);
      await until(() => log.lines.filter(({ level }) => level === 'info').length === outage);
    }
    // The first of the failures of each is that of the add itself.
    expect(clock.sleeps).toEqual([0.25, 0.5, 1, 1, 0.25, 0.5, 1, 1]);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info', 'warn', 'info']);
  });

  it('SpoolingReviewStore reports the number of spooled rows at its start, with each row, and while they are stored', async () => {
    store.answer = unavailable;
    const spooling = await open();
    const items = [itemOf('a'), itemOf('b')];
    await spooling.add(items);
    const bytes = items.reduce((sum, item) => sum + JSON.stringify(item).length + 1, 0);
    expect(measured[0]).toEqual({ rows: 0, fullness: 0 });
    expect(measured[1]).toEqual({ rows: 2, fullness: bytes / 10_000 });
  });

  it('SpoolingReviewStore logs that rows are spooled when it closes, and at the start of the next run', async () => {
    store.answer = unavailable;
    await (await open()).add([itemOf('a')]);
    await closing.pop()!.close();
    expect(lines()).toEqual([
      ['warn', { error: 'unavailable', rows: 1 }],
      ['warn', { rows: 1 }],
    ]);
    log.lines.splice(0);
    measured.splice(0);
    store.answer = async (items) => items.length;
    await open();
    expect(lines()).toEqual([['info', { rows: 1 }]]);
    expect(measured[0]!.rows).toBe(1);
    await until(() => log.lines.length === 2);
    await closing.pop()!.close();
    // Nothing waits any more.
    expect(lines()).toEqual([
      ['info', { rows: 1 }],
      ['info', { rows: 1 }],
    ]);
  });

  it('SpoolingReviewStore keeps the order of rows while the first is still being written to the spool', async () => {
    const stored: string[] = [];
    store.answer = unavailable;
    const spooling = await open();
    const first = spooling.add([itemOf('a')]);
    await new Promise((resolve) => setImmediate(resolve));
    store.answer = async (items) => {
      stored.push(...items.map(({ message_id }) => message_id));
      return items.length;
    };
    await Promise.all([first, spooling.add([itemOf('b')])]);
    await until(() => stored.length === 2);
    expect(stored).toEqual(['a', 'b']);
  });

  it('SpoolingReviewStore throws an error of the program that is not one of the database', async () => {
    store.answer = async () => {
      throw new SluiceError('INTERNAL', 'a defect');
    };
    const spooling = await open();
    await expect(spooling.add([itemOf('a')])).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(measured).toEqual([{ rows: 0, fullness: 0 }]);
  });

  it('SpoolingReviewStore logs position and error of a row that the store will never accept, and not its text', async () => {
    store.answer = async () => {
      throw new SluiceError('STORE_FAILED', 'never');
    };
    const spooling = await open();
    const item = itemOf('a');
    await spooling.add([item]);
    await until(() => log.lines.some(({ level }) => level === 'error'));
    const { topic, partition, offset } = item.position;
    expect(lines()[0]).toEqual(['error', { topic, partition, offset, error: 'never' }]);
    await until(() => added.length === 1);
    expect(added).toEqual([0]);
  });
});
