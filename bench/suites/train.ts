import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { packageRoot } from '../../src/app/package-root.ts';
import { SluiceError } from '../../src/core/errors.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import { distinctMessages } from '../harness/distinct-messages.ts';
import { useOfTree } from '../harness/process-tree.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { count } from '../report/statistics.ts';

const SIZES = [10_000, 50_000, 250_000, 1_000_000];
const JOBS = 1;
const LOOK_MILLISECONDS = 500;
const GOAL_BYTES = 4 * 1024 ** 3;
/** The size that the cost of a message is compared with. */
const COMPARED = 50_000;
/** How much more a message may cost than there, and still count as the same: the machine does other things too. */
const MORE = 1.1;

interface Training {
  readonly messages: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
  readonly anonymousBytes: number;
  /** Of base models that were fitted to a sample: the number of rows, and of all rows. */
  readonly samples: Readonly<Record<string, { readonly rows: number; readonly of: number }>>;
  readonly load: number;
}

/** `sluice train` as a process of its own, at several sizes. `messages`: the largest size that is measured. */
export async function trainBench({ say, messages, profile = 'default' }: BenchOptions): Promise<BenchReport> {
  const most = messages ?? SIZES.at(-1)!;
  const sizes = SIZES.includes(most) ? SIZES.filter((size) => size <= most) : [most];
  const all: Training[] = [];
  for (const size of sizes) {
    const training = await trainOn(size, profile);
    all.push(training);
    say(
      `${count(size)} messages: ${training.seconds.toFixed(0)} s, ${mebibytes(training.bytes)} MiB, load ${training.load.toFixed(1)}\n`,
    );
  }
  const largest = all.at(-1)!;
  const compared = all.find(({ messages: size }) => size === COMPARED);
  const ratio = compared === undefined ? undefined : costOf(largest) / costOf(compared);
  return {
    name: 'train',
    configuration: {
      training: `\`sluice train --profile ${profile} --jobs ${JOBS}\`, as a process of its own with all that it starts`,
      messages: 'synthetic, 10 % spam, all distinct (bench/harness/distinct-messages.ts, fixed seed)',
      memory: `highest sum of proportional set sizes, looked at every ${LOOK_MILLISECONDS / 1000} s; the matrix is in mapped files, whose pages the system takes back when it needs them`,
    },
    tables: [
      {
        title: 'Training, by number of messages',
        columns: [
          'messages',
          's',
          'CPU s',
          'CPU ms a message',
          'peak memory, MiB',
          'of it without mapped files, MiB',
          'fewest rows of a base model',
          'load',
        ],
        rows: all.map((each) => [
          count(each.messages),
          each.seconds.toFixed(0),
          each.cpuSeconds.toFixed(0),
          (costOf(each) * 1000).toFixed(2),
          mebibytes(each.bytes),
          mebibytes(each.anonymousBytes),
          leastRows(each),
          each.load.toFixed(1),
        ]),
      },
    ],
    goals: [
      {
        goal: `at most 4 GiB with ${count(largest.messages)} messages`,
        measured: `${mebibytes(largest.bytes)} MiB`,
        met: largest.bytes <= GOAL_BYTES,
      },
      ...(ratio === undefined || compared === largest
        ? []
        : [
            {
              goal: `a message costs as much as with ${count(COMPARED)}, in CPU time (at most ${MORE} times)`,
              measured: `${ratio.toFixed(2)} times`,
              met: ratio <= MORE,
            },
          ]),
    ],
    verdictsChanged: false,
    figures: all,
  };
}

async function trainOn(messages: number, profile: string): Promise<Training> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-train-'));
  try {
    const data = join(folder, 'messages.jsonl');
    await pipeline(Readable.from(lines(messages)), createWriteStream(data));
    const out = join(folder, 'models');
    const program = join(packageRoot(), 'dist', 'sluice.js');
    const args = [program, 'train', '--data', data, '--out', out, '--profile', profile, '--jobs', `${JOBS}`];
    const began = performance.now();
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, TMPDIR: folder },
    });
    let [bytes, anonymousBytes, cpuSeconds] = [0, 0, 0];
    const timer = setInterval(() => {
      const use = useOfTree(child.pid!);
      bytes = Math.max(bytes, use.bytes);
      anonymousBytes = Math.max(anonymousBytes, use.anonymousBytes);
      cpuSeconds = Math.max(cpuSeconds, use.cpuSeconds);
    }, LOOK_MILLISECONDS);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearInterval(timer);
    if (code !== 0) throw new SluiceError('INTERNAL', `training on ${messages} messages ended with ${code}`);
    const seconds = (performance.now() - began) / 1000;
    const samples = await samplesOf(out);
    return { messages, seconds, cpuSeconds, bytes, anonymousBytes, samples, load: loadavg()[0]! };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function* lines(messages: number): Generator<string> {
  for (const message of distinctMessages(messages)) yield `${JSON.stringify(message)}\n`;
}

async function samplesOf(out: string): Promise<Training['samples']> {
  const [version] = await readdir(out);
  const facts = JSON.parse(await readFile(join(out, version!, 'training.json'), 'utf8')) as {
    readonly base_model_samples?: Training['samples'];
  };
  return facts.base_model_samples ?? {};
}

function leastRows({ samples }: Training): string {
  const [least] = Object.values(samples).sort((a, b) => a.rows - b.rows);
  return least === undefined ? 'all' : `${count(least.rows)} of ${count(least.of)}`;
}

function costOf({ cpuSeconds, messages }: Training): number {
  return cpuSeconds / messages;
}

function mebibytes(bytes: number): string {
  return count(bytes / 1024 ** 2);
}
