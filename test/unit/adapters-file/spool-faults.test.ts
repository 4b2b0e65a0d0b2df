import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReviewSpool } from '../../../src/adapters/file/review-spool.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { NewReviewItem } from '../../../src/ports/review-store.ts';
import { quietLog } from '../../contract/temporary-folder.ts';
import { untilAccepted, untilDone } from '../../durability/attempts.ts';
import { onlySynced } from '../../durability/disk-model.ts';
import { chance, faults, planOf } from '../../durability/faults.ts';
import { type FaultPlan, MemoryDisk } from '../../durability/memory-disk.ts';
import { diskAfter, watchPowerCuts } from '../../durability/power-cuts.ts';
import { idsOf, itemOf } from '../../durability/review-items.ts';

const FOLDER = '/var/state/spool';
const FIRST = `${FOLDER}/0000000001.jsonl`;
const MAX_BYTES = 2 ** 20;

const openOn = (files: MemoryDisk, segmentBytes = 2000, log: Log = quietLog) =>
  ReviewSpool.open({ folder: FOLDER, maxBytes: MAX_BYTES, log, segmentBytes, files });

async function takeAll(spool: ReviewSpool): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const part = await spool.first();
    if (part === undefined) return ids;
    ids.push(...idsOf(part.items));
    await part.remove();
  }
}

/** The one fault `code` at the first `operation` on a path that `at` matches. */
function once(operation: string, code: string, at = /./, afterwards = false): FaultPlan {
  let isDone = false;
  return (name, path) => {
    if (isDone || name !== operation || !at.test(path)) return undefined;
    isDone = true;
    return { code, afterwards };
  };
}

/** Takes rows and passes them on as the daemon does, and starts again where a sync has failed. */
class SpoolDriver {
  readonly acknowledged: string[] = [];
  readonly stored = new Set<string>();
  readonly #disk: MemoryDisk;
  #spool: ReviewSpool | undefined;
  #count = 0;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
  }

  get waiting(): readonly string[] {
    return this.acknowledged.filter((id) => !this.stored.has(id));
  }

  get spool(): ReviewSpool {
    return this.#spool!;
  }

  async restart(): Promise<void> {
    this.#spool = await untilDone(() => openOn(this.#disk, 600));
  }

  append(rows: number): Promise<void> {
    return this.#append([this.#items(rows)]);
  }

  appendTogether(rows: number): Promise<void> {
    return this.#append(Array.from({ length: rows }, () => this.#items(1)));
  }

  /** One part goes to the database. */
  take(): Promise<void> {
    return untilDone(async () => {
      const part = await this.spool.first();
      if (part === undefined) return;
      for (const id of idsOf(part.items)) this.stored.add(id);
      await part.remove();
    });
  }

  #items(rows: number): NewReviewItem[] {
    return Array.from({ length: rows }, () => itemOf(`m-${this.#count++}`));
  }

  async #append(parts: readonly (readonly NewReviewItem[])[]): Promise<void> {
    const failed: (readonly NewReviewItem[])[] = [];
    await Promise.all(
      parts.map((items) =>
        untilAccepted(() => this.spool.append(items)).then(
          () => this.acknowledged.push(...idsOf(items)),
          () => failed.push(items),
        ),
      ),
    );
    if (failed.length === 0) return;
    await this.restart();
    await this.#append(failed);
  }
}

describe('ReviewSpool on a failing disk', () => {
  it('ReviewSpool on a failing disk has each acknowledged row after a power cut at any moment, whatever failed before, and continues once the disk works', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom('together', 'take', 'restart')), {
          maxLength: 12,
        }),
        faults,
        fc.boolean(),
        chance,
        async (steps, list, syncsFail, fractions) => {
          const disk = new MemoryDisk();
          const driver = new SpoolDriver(disk);
          // See the power cuts of an append log for why these are not tried together.
          const plan = planOf(list, new Set(syncsFail ? (['truncate', 'size'] as const) : ['datasync']));
          disk.plan = plan;
          const watched = watchPowerCuts(disk, fractions, () => driver.waiting);
          await driver.restart();
          for (const step of steps) {
            if (step === 'take') await driver.take();
            else if (step === 'restart') await driver.restart();
            else if (step === 'together') await driver.appendTogether(3);
            else if (typeof step === 'number') await driver.append(step);
          }
          watched.stop();
          for (const cut of watched.cuts)
            expect(await takeAll(await openOn(diskAfter(cut)))).toEqual(
              expect.arrayContaining([...cut.promised]),
            );
          disk.plan = () => undefined;
          await driver.append(1);
          while (!driver.spool.isEmpty) await driver.take();
          expect(driver.waiting).toEqual([]);
          expect([driver.spool.rows, driver.spool.fullness]).toEqual([0, 0]);
          expect(disk.text(FIRST)).toBeUndefined();
        },
      ),
      { numRuns: 150 },
    );
  });

  it('ReviewSpool on a failing disk syncs content and name of a segment before it acknowledges a row, and a removal before that is done', async () => {
    const disk = new MemoryDisk();
    const spool = await openOn(disk);
    await spool.append([itemOf('a')]);
    expect(disk.journal.at(-1)).toBe(`datasync ${FIRST}`);
    expect(await takeAll(await openOn(new MemoryDisk(disk.filesAfterCut(onlySynced))))).toEqual(['a']);
    await (await spool.first())?.remove();
    expect(disk.journal.slice(-2)).toEqual([`unlink ${FIRST}`, `syncFolder ${FOLDER}`]);
    expect(disk.filesAfterCut(onlySynced).size).toBe(0);
  });

  it('ReviewSpool on a failing disk continues with the next segment if the folder cannot be synced after a removal', async () => {
    const disk = new MemoryDisk();
    const spool = await openOn(disk, 1);
    for (const id of ['a', 'b', 'c']) await spool.append([itemOf(id)]);
    disk.plan = once('syncFolder', 'EMFILE');
    expect(await takeAll(spool)).toEqual(['a', 'b', 'c']);
    expect([spool.rows, spool.fullness, spool.isEmpty]).toEqual([0, 0, true]);
  });

  it('ReviewSpool on a failing disk treats a segment as removed if its removal took effect despite an error', async () => {
    const disk = new MemoryDisk();
    const spool = await openOn(disk, 1);
    for (const id of ['a', 'b']) await spool.append([itemOf(id)]);
    disk.plan = once('unlink', 'EIO', /./, true);
    const part = await spool.first();
    await expect(part?.remove()).rejects.toThrow('EIO');
    await part?.remove();
    expect(await takeAll(spool)).toEqual(['b']);
    expect(spool.rows).toBe(0);
  });

  it('ReviewSpool on a failing disk skips a segment that somebody removed, and warns how many rows it had', async () => {
    const warnings: unknown[] = [];
    const disk = new MemoryDisk();
    const log: Log = { ...quietLog, child: () => log, warn: (fields) => void warnings.push(fields) };
    const spool = await openOn(disk, 1, log);
    await spool.append([itemOf('a'), itemOf('b')]);
    await spool.append([itemOf('c')]);
    await disk.unlink(FIRST);
    expect(await takeAll(spool)).toEqual(['c']);
    expect(warnings).toEqual([{ file: FIRST, rows: 2 }]);
    expect([spool.rows, spool.fullness]).toEqual([0, 0]);
  });

  it.each(['EMFILE', 'ENOSPC', 'EIO', 'EROFS', 'EACCES'])(
    'ReviewSpool on a failing disk throws a retriable error if a new segment cannot be opened (%s), and accepts the rows afterwards',
    async (code) => {
      const disk = new MemoryDisk();
      const spool = await openOn(disk);
      disk.plan = once('open', code);
      await expect(spool.append([itemOf('a')])).rejects.toMatchObject({
        code: 'SINK_FAILED',
        retriable: true,
      });
      await spool.append([itemOf('a')]);
      expect(await takeAll(spool)).toEqual(['a']);
      expect(disk.openFiles).toBe(0);
    },
  );

  it('ReviewSpool on a failing disk closes a new segment if its name cannot be synced, and uses it at the next attempt', async () => {
    const disk = new MemoryDisk();
    const spool = await openOn(disk);
    disk.plan = once('syncFolder', 'EMFILE', /spool$/);
    await expect(spool.append([itemOf('a')])).rejects.toMatchObject({ retriable: true });
    expect(disk.openFiles).toBe(0);
    await spool.append([itemOf('a')]);
    expect(await takeAll(spool)).toEqual(['a']);
  });

  it('ReviewSpool on a failing disk has as much room as before if rows could not be written', async () => {
    const disk = new MemoryDisk();
    const spool = await openOn(disk);
    await spool.append([itemOf('a')]);
    const before = spool.fullness;
    disk.room = 0;
    for (let i = 0; i < 3; i++)
      await expect(spool.append([itemOf(`b-${i}`)])).rejects.toMatchObject({ retriable: true });
    expect(spool.fullness).toBe(before);
    expect(spool.rows).toBe(1);
  });

  it('ReviewSpool on a failing disk sets an unreadable line aside only once, however often the rows beside it are read again', async () => {
    const disk = new MemoryDisk();
    const spool = await openOn(disk);
    await spool.append([itemOf('a')]);
    const file = await disk.open(FIRST, 'append');
    await file.append(Buffer.from('not json\n'));
    for (let i = 0; i < 3; i++) expect(idsOf((await spool.first())?.items ?? [])).toEqual(['a']);
    await (await spool.first())?.remove();
    expect(disk.text(`${FOLDER}/refused.jsonl`)).toBe('not json\n');
  });
});
