import { mkdtemp, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { Daemon, inboxOf, withFolder } from '../harness/daemon.ts';
import { MessageStream, streamTexts } from '../harness/message-stream.ts';
import { writeStream } from '../harness/write-stream.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count, percent, Runs, spread } from '../report/statistics.ts';

const PIECES = 10;
/** After so many pieces the memory is reported. */
const REPORTED = [1, 5, 10];
const SAMPLES = 8;
const SAMPLE_MILLISECONDS = 250;
const GOAL = 0.05;

/** Resident memory of one daemon that scores piece after piece, each a file that is removed when it is scored. */
export async function memoryBench(options: BenchOptions): Promise<BenchReport> {
  const { say, messages = 1_000_000, threads = availableParallelism() } = options;
  const model = await newestModel(options.models);
  const stream = new MessageStream(await streamTexts(options.data));
  const settings = { model: { localPath: options.models }, pool: { threads } };
  const work = await mkdtemp(join(tmpdir(), 'sluice-bench-memory-'));
  const resident: Runs[] = [];
  const peaks: number[] = [];
  try {
    await withFolder(settings, async (folder) => {
      const daemon = Daemon.start(folder);
      await daemon.until(() => daemon.readyAt !== undefined, 60);
      for (let piece = 1; piece <= PIECES; piece++) {
        const name = `piece-${piece}.jsonl`;
        const written = join(work, name);
        await writeStream(stream, messages, written);
        const { size } = await stat(written);
        const inInbox = join(inboxOf(folder), name);
        await rename(written, inInbox);
        let peak = 0;
        await daemon.until(async () => {
          peak = Math.max(peak, await daemon.residentBytes());
          return (await committed(folder, name)) === size;
        }, 600);
        await unlink(inInbox);
        peaks.push(peak);
        resident.push(await sample(daemon));
        say(`${count(piece * messages)} messages: ${mebibytes(resident.at(-1)!.median)} MiB\n`);
      }
      await daemon.stop();
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const at = REPORTED.map((piece) => resident[piece - 1]!.median);
  const growth = (Math.max(...at) - at[0]!) / at[0]!;
  return {
    name: 'memory',
    configuration: {
      model: model.version,
      stream: stream.describe(),
      daemon: `\`sluice run\`, one process all along, batch 4096, ${threads} scoring threads, \`notHam\`; memory read ${SAMPLES} times when a piece was scored (median, lowest–highest); files that are scored are removed`,
    },
    tables: [
      {
        title: 'Resident memory of the whole process (main thread, scoring threads, models)',
        columns: ['after messages', 'at rest, MiB', 'highest while scoring the last piece, MiB'],
        rows: REPORTED.map((piece) => [
          count(piece * messages),
          spread(resident[piece - 1]!, mebibytes),
          mebibytes(peaks[piece - 1]!),
        ]),
      },
    ],
    goals: [
      {
        goal: `after ${count(REPORTED[1]! * messages)} and ${count(REPORTED[2]! * messages)} at most ${percent(GOAL, 0)} more than after ${count(messages)}`,
        measured: `${growth > 0 ? '+' : ''}${percent(growth)}`,
        met: growth <= GOAL,
      },
    ],
    verdictsChanged: false,
    figures: { resident, peaks },
  };
}

/** The committed offset of a file of the inbox. */
async function committed(folder: string, name: string): Promise<number> {
  try {
    const text = await readFile(join(folder, 'data', 'offsets.json'), 'utf8');
    const { files } = JSON.parse(text) as { files: Record<string, { offset: number }> };
    return files[name]?.offset ?? 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function sample(daemon: Daemon): Promise<Runs> {
  const found = new Runs();
  for (let i = 0; i < SAMPLES; i++) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MILLISECONDS));
    found.add(await daemon.residentBytes());
  }
  return found;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0);
}
