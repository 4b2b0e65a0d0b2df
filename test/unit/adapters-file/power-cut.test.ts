import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppendLog } from '../../../src/adapters/file/append-log.ts';
import { OffsetFile } from '../../../src/adapters/file/offset-file.ts';
import { CachedSettings } from '../../../src/app/live-settings/cached-settings.ts';
import { quietLog } from '../../contract/temporary-folder.ts';
import { untilAccepted, untilDone } from '../../durability/attempts.ts';
import { onlySynced } from '../../durability/disk-model.ts';
import { chance, faults, planOf } from '../../durability/faults.ts';
import { MemoryDisk } from '../../durability/memory-disk.ts';
import { diskAfter, watchPowerCuts } from '../../durability/power-cuts.ts';

/** Each of `wanted` is among `lines`, in its order. */
function expectWithin(lines: readonly string[], wanted: readonly string[]): void {
  let at = 0;
  for (const line of wanted) {
    at = lines.indexOf(line, at) + 1;
    if (at === 0) expect(lines).toContain(line);
  }
}

const wholeLines = (content: Buffer | undefined) =>
  (content ?? Buffer.alloc(0)).toString().split('\n').slice(0, -1);

const PATH = '/var/state/out/lines.jsonl';

/** Appends, flushes and restarts; keeps count of what was flushed, and writes the rest again after a restart. */
class LogDriver {
  readonly flushed: string[] = [];
  readonly #disk: MemoryDisk;
  #unflushed: string[] = [];
  #log: AppendLog | undefined;
  #count = 0;
  isOpening = false;
  /** Processes that ended without closing their file. */
  killed = 0;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
  }

  append(length: number): Promise<void> {
    this.#unflushed.push(`${this.#count++}-${'x'.repeat(length)}`);
    return this.#attempt((log) => log.append(`${this.#unflushed.at(-1)}\n`));
  }

  flush(): Promise<void> {
    return this.#attempt(async (log) => {
      await log.flush();
      this.flushed.push(...this.#unflushed.splice(0));
    });
  }

  /** A process that ends at any moment, and the next one. */
  async restart(): Promise<void> {
    if (this.#log !== undefined) this.killed++;
    this.isOpening = true;
    const log = await untilDone(() => AppendLog.open(PATH, quietLog, this.#disk));
    this.isOpening = false;
    this.#log = log;
    for (const line of this.#unflushed) await untilAccepted(() => log.append(`${line}\n`));
  }

  async #attempt(action: (log: AppendLog) => Promise<void>): Promise<void> {
    for (;;)
      try {
        if (this.#log === undefined) await this.restart();
        return await untilAccepted(() => action(this.#log!));
      } catch {
        await this.restart();
      }
  }
}

const steps = fc.array(fc.oneof(fc.nat(40), fc.constantFrom('flush', 'restart')), { maxLength: 12 });

describe('after a power cut at any moment, whatever failed before in whatever order,', () => {
  for (const { title, spared } of [
    { title: 'where every operation but a sync may fail', spared: ['datasync'] as const },
    // The lines that a failed sync may have lost are cut off; that this fails as well is more than one can survive.
    { title: 'where syncs fail too', spared: ['truncate', 'size'] as const },
  ])
    it(`after a power cut at any moment, and after any earlier failures, an append log has each flushed line, complete and in order, ${title}`, async () => {
      await fc.assert(
        fc.asyncProperty(steps, faults, chance, async (steps, list, fractions) => {
          const disk = new MemoryDisk();
          const driver = new LogDriver(disk);
          const plan = planOf(list, new Set(spared));
          disk.plan = (...at) => (driver.isOpening && at[0] === 'datasync' ? undefined : plan(...at));
          const watched = watchPowerCuts(disk, fractions, () => [...driver.flushed]);
          for (const step of steps) {
            if (step === 'flush') await driver.flush();
            else if (step === 'restart') await driver.restart();
            else if (typeof step === 'number') await driver.append(step);
          }
          await driver.flush();
          for (const { files, promised } of watched.cuts) expectWithin(wholeLines(files.get(PATH)), promised);
          expect(disk.openFiles).toBeLessThanOrEqual(driver.killed + 1);
        }),
        { numRuns: 300 },
      );
    });

  it('after a power cut at any moment, and after any earlier failures, offsets are those of the last acknowledged save or of a later one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), faults, chance, async (saves, list, fractions) => {
        const disk = new MemoryDisk();
        await disk.makeFolder('/var/state');
        await disk.syncFolder('/');
        await disk.syncFolder('/var');
        const path = '/var/state/offsets.json';
        const offsets = await OffsetFile.load(path, disk);
        disk.plan = planOf(list);
        let acknowledged = -1;
        const watched = watchPowerCuts(disk, fractions, () => acknowledged);
        const save = async (offset: number) => {
          offsets.set('a', { offset, inode: 1, headBytes: 0, headSha256: '', committedAt: 0 });
          await untilAccepted(() => offsets.save());
          acknowledged = Math.max(acknowledged, offset);
        };
        // The pipeline waits for one before it begins the next; at the end a commit may meet another.
        for (let i = 0; i < saves; i++) await Promise.all([save(2 * i), save(2 * i + 1)]);
        watched.stop();
        for (const cut of watched.cuts)
          expect((await OffsetFile.load(path, diskAfter(cut))).get('a')?.offset ?? -1).toBeGreaterThanOrEqual(
            cut.promised,
          );
        expect(acknowledged).toBe(2 * saves - 1);
        expect(disk.openFiles).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('after a power cut at any moment, and after any earlier failures, cached settings are those that were cached last or that were being written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), faults, chance, async (changes, list, fractions) => {
        const disk = new MemoryDisk();
        const kept = new CachedSettings('/var/state', 'zookeeper a', disk);
        disk.plan = planOf(list);
        let acknowledged = -1;
        const watched = watchPowerCuts(disk, fractions, () => acknowledged);
        for (let number = 0; number < changes; number++) {
          await untilDone(() => kept.keep({ number }));
          acknowledged = number;
        }
        watched.stop();
        for (const cut of watched.cuts) {
          const settings = await new CachedSettings('/var/state', 'zookeeper a', diskAfter(cut)).read();
          expect(settings?.number ?? -1).toBeGreaterThanOrEqual(cut.promised);
        }
        expect(disk.openFiles).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the order of file operations', () => {
  it('an append log syncs content before a flush resolves, and the name of a new file before it writes anything', async () => {
    const disk = new MemoryDisk();
    const log = await AppendLog.open(PATH, quietLog, disk);
    await log.append('one\n');
    await log.flush();
    const after = disk.journal.slice(disk.journal.indexOf(`open ${PATH}`) + 1);
    expect(after.filter((operation) => !/^(size|read) /.test(operation))).toEqual([
      'syncFolder /var/state/out',
      `datasync ${PATH}`,
      `append ${PATH}`,
      `datasync ${PATH}`,
    ]);
    // The folders were new, too.
    expect(disk.filesAfterCut(onlySynced).get(PATH)?.toString()).toBe('one\n');
  });

  it('the offsets file is synced, then renamed, and then its name is synced; two saves never overlap', async () => {
    const disk = new MemoryDisk();
    await disk.makeFolder('/state');
    disk.journal.length = 0;
    const offsets = await OffsetFile.load('/state/offsets.json', disk);
    await Promise.all([offsets.save(), offsets.save()]);
    const save = [
      'open /state/offsets.json.new',
      'append /state/offsets.json.new',
      'datasync /state/offsets.json.new',
      'close /state/offsets.json.new',
      'rename /state/offsets.json',
      'syncFolder /state',
    ];
    expect(disk.journal).toEqual([...save, ...save]);
  });

  it('two writes of cached settings at the same time never overlap, and the later one stays', async () => {
    const disk = new MemoryDisk();
    const kept = new CachedSettings('/state', 'zookeeper a', disk);
    await Promise.all([kept.keep({ a: 1 }), kept.keep({ a: 2 })]);
    const ofTheFile = disk.journal.filter((operation) => operation.includes('live-settings'));
    const keep = ['open', 'append', 'datasync', 'close'].map(
      (name) => `${name} /state/live-settings.json.new`,
    );
    const once = [...keep, 'rename /state/live-settings.json'];
    expect(ofTheFile).toEqual([...once, ...once]);
    expect(await kept.read()).toEqual({ a: 2 });
  });
});
