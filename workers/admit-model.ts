import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../src/core/errors.ts';
import { goldenSchema } from '../src/core/model-manifest.ts';
import type { AdmissionReport } from '../src/scoring/admit-model.ts';
import { loadModel } from './loaded-model.ts';

/** What training and serving may differ by: float32 sums in another order. */
const TOLERANCE = 1e-5;

/** Entry of the trial process: loads the model at argv[2] and compares it with its golden messages. */
async function tryModel(path: string, version: string): Promise<AdmissionReport> {
  const model = await loadModel(path, version);
  const lines = (await readFile(join(path, 'golden.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '');
  const golden = lines.map((line) => goldenSchema.parse(JSON.parse(line)));
  if (golden.length === 0) return { admitted: false, reason: 'golden.jsonl is empty' };
  const thresholds = model.manifest.thresholds;
  const rows = golden.map(({ message, language }) => ({
    text: message,
    language,
    thresholds,
  }));
  const result = await model.session.evaluate(rows, { exactScores: 'all', keepMembers: true });
  const members = model.manifest.members.length;
  for (const [row, expected] of golden.entries()) {
    const got = result.probability[row]!;
    if (!(Math.abs(got - expected.probability) <= TOLERANCE))
      return refused(row, 'probability', expected.probability, got);
    for (const [m, value] of expected.members.entries()) {
      const member = result.members[row * members + m]!;
      // A message without one known feature gets the prior, and no member is asked.
      if (result.endedAt[row]! < 0) break;
      if (!(Math.abs(member - value) <= TOLERANCE))
        return refused(row, model.manifest.members[m]!.name, value, member);
    }
  }
  return { admitted: true, reason: `${golden.length} golden messages agree` };
}

function refused(row: number, what: string, expected: number, got: number): AdmissionReport {
  return {
    admitted: false,
    reason: `golden message ${row + 1}: ${what} is ${got}, training computed ${expected}`,
  };
}

const [path, version] = process.argv.slice(2);
const report: AdmissionReport = await tryModel(path ?? '', version ?? '').catch((error: unknown) => ({
  admitted: false,
  reason: describeError(error),
}));
process.stdout.write(`${JSON.stringify(report)}\n`);
