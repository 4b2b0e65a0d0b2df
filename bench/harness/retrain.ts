import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { packageRoot } from '../../src/app/package-root.ts';
import { SluiceError } from '../../src/core/errors.ts';
import {
  type ClassificationFigures,
  classificationFigures,
} from '../../src/evaluation/classification-figures.ts';
import type { ScoredExample } from '../../src/evaluation/scored-example.ts';
import type { LabelledMessage } from '../../src/ports/labelled-messages.ts';
import { Featurizer } from '../../src/text/featurizer.ts';
import { languageTags } from '../../src/text/languages/languages.ts';
import { type ObfuscationKind, obfuscate, obfuscationKinds } from '../../src/text/obfuscate.ts';
import { collectMessages } from '../../src/training/collect-messages.ts';
import { writeFeatureMatrix } from '../../src/training/feature-matrix.ts';
import { featuresOf } from '../../src/training/profiles.ts';
import { preparePython } from '../../src/training/python-environment.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import { findTrainerHome } from '../../src/training/trainer-home.ts';

const THRESHOLDS = { rejectMin: 0.5, rejectMax: 0.7 };
const OBFUSCATION_SEED = 1;
/** Groups of at least so many messages on average are left out one by one. */
const LARGE_GROUP = 50;

export interface RetrainOrder {
  readonly name: string;
  /** Without duplicates. */
  readonly messages: readonly LabelledMessage[];
  /** Of five folds each. */
  readonly runs: number;
  /** An empty folder. */
  readonly work: string;
  readonly say: (text: string) => void;
}

export interface Retrained {
  readonly name: string;
  readonly by: 'folds' | 'groups';
  readonly plain: ClassificationFigures;
  readonly disguised: Readonly<Record<ObfuscationKind, ClassificationFigures>>;
}

const answersSchema = z.object({
  rows: z.array(z.number().int()),
  probabilities: z.array(z.number()),
  disguised: z.array(z.number()),
});
type Answers = z.infer<typeof answersSchema>;

/**
 * Trains the default profile on all but each fold, or group, of one data set, and scores what was left out, plain and obfuscated in
 * each way. One matrix holds the features of all; the trainer chooses vocabulary and idf for each fold. Answers are kept in the
 * user's cache as folds are done, so that a bench that was interrupted goes on; another trainer or another matrix starts afresh.
 */
export async function retrain(order: RetrainOrder): Promise<Retrained> {
  const { name, messages, runs, work, say } = order;
  const trainerHome = findTrainerHome(packageRoot());
  const { python } = await preparePython({
    trainerHome,
    building: () => say('building the Python environment, once\n'),
  });
  const collected = await collectMessages([{ name, read: () => asynchronous(messages) }]);
  const kept = collected.messages.map((message) => ({ ...message, forTesting: false }));
  const random = new SeededRandom(OBFUSCATION_SEED);
  const probes = obfuscationKinds.flatMap((kind) =>
    kept.map(({ text }) => ({ message: obfuscate(text, kind, random) })),
  );
  const featurizer = new Featurizer({ languages: languageTags, ownDomains: [] });
  const matrix = await writeFeatureMatrix(
    join(work, 'matrix'),
    { ...collected, messages: kept },
    probes,
    featurizer,
    featuresOf('default'),
  );
  const by = hasLargeGroups(kept) ? 'groups' : 'folds';
  const answersFile = join(
    await cacheFolder(),
    `quality-${await fingerprint(trainerHome, matrix.sha256, `${by} ${runs}`)}.jsonl`,
  );
  const args = ['-m', 'sluice_trainer.quality', '--matrix', matrix.folder, '--answers', answersFile];
  await runPython(python, [...args, '--by', by, '--runs', String(runs)], trainerHome, (line) =>
    say(`${name}: ${line}\n`),
  );

  const answers = (await readFile(answersFile, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => answersSchema.parse(JSON.parse(line)));
  const figuresOf = (pick: (answers: Answers, at: number) => number): ClassificationFigures => {
    const all: ScoredExample[] = answers.flatMap((one) =>
      one.rows.map((row, at) => ({ label: kept[row]!.label, probability: pick(one, at) })),
    );
    return classificationFigures(all, THRESHOLDS);
  };
  const disguised = obfuscationKinds.map((kind, block) => [
    kind,
    figuresOf(({ rows, disguised }, at) => disguised[block * rows.length + at]!),
  ]);
  return {
    name,
    by,
    plain: figuresOf(({ probabilities }, at) => probabilities[at]!),
    disguised: Object.fromEntries(disguised) as Record<ObfuscationKind, ClassificationFigures>,
  };
}

async function* asynchronous(messages: readonly LabelledMessage[]): AsyncGenerator<LabelledMessage> {
  yield* messages;
}

function hasLargeGroups(messages: readonly LabelledMessage[]): boolean {
  const groups = new Set(messages.map(({ group }, at) => group ?? at));
  return groups.size > 1 && messages.length / groups.size >= LARGE_GROUP;
}

async function cacheFolder(): Promise<string> {
  const given = process.env.XDG_CACHE_HOME;
  const folder = join(given?.startsWith('/') ? given : join(homedir(), '.cache'), 'sluice');
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Of everything that the answers depend on. */
async function fingerprint(trainerHome: string, matrix: string, protocol: string): Promise<string> {
  const hash = createHash('sha256').update(`${matrix} ${protocol}`);
  const code = join(trainerHome, 'sluice_trainer');
  const files = (await readdir(code)).filter((file) => file.endsWith('.py')).sort();
  for (const file of [...files.map((one) => join(code, one)), join(trainerHome, 'requirements.lock')])
    hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

/** Calls `onLine` with each line of its standard error. Throws `TRAINER_FAILED`. */
async function runPython(
  python: string,
  args: readonly string[],
  trainerHome: string,
  onLine: (line: string) => void,
): Promise<void> {
  const child = spawn(python, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      PYTHONPATH: trainerHome,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
    },
  });
  createInterface({ input: child.stderr }).on('line', onLine);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new SluiceError(
      'TRAINER_FAILED',
      `The trainer ended with exit code ${code}; its words are above. What it finished is kept: run the command again.`,
    );
}
