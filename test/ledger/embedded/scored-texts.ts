import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/app/package-root.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { sampleMessages } from '../../../src/training/sample-messages.ts';
import { SeededRandom } from '../../../src/training/seeded-random.ts';
import type { Expected } from '../ledger-events.ts';

export const COMMUNITY = 'ledger';

/** A text to write into the inbox, and what a daemon must make of it. */
export interface ScoredText {
  readonly text: string;
  readonly expected: Expected;
}

const TEXTS = 1200;
const SPAM = 0.15;
/** One text in so many is as long as many of the others together. */
const LONG_EVERY = 60;
const LONGEST = 24_000;
const MOST_OUTPUT = 2 ** 26;

/** The texts of a seed, scored by `sluice score` with the same settings before any daemon sees them. */
export async function scoredTexts(
  folder: string,
  settingsFile: string,
  seed: number,
): Promise<readonly ScoredText[]> {
  const texts = textsOf(seed);
  const file = join(folder, 'texts.jsonl');
  const lines = texts.map((message, n) =>
    JSON.stringify({ message, message_id: `${n}`, community: COMMUNITY }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  const program = join(packageRoot(), 'dist', 'sluice.js');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, 'score', file, '--config', settingsFile],
    { maxBuffer: MOST_OUTPUT },
  );
  const verdicts = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
  if (verdicts.length !== texts.length)
    throw new Error(`${texts.length} texts were to be scored, and ${verdicts.length} were`);
  return texts.map((text, n) => {
    const { message_id, verdict, probability } = verdicts[n]!;
    if (message_id !== `${n}`) throw new Error(`text ${n} was not scored in its order`);
    return { text, expected: { outcome: verdict, probability: verdict === 'ham' ? null : probability } };
  });
}

function textsOf(seed: number): readonly string[] {
  const random = new SeededRandom(seed);
  const texts = [...sampleMessages({ count: TEXTS, spam: SPAM, seed })].map(({ message }) => message);
  return texts.map((text, n) => {
    if (n % LONG_EVERY !== LONG_EVERY - 1) return text;
    const length = 2000 + random.below(LONGEST - 2000);
    let long = text;
    while (long.length < length) long += ` ${random.pick(texts)}`;
    return long;
  });
}
