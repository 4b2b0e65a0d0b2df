import { describeError } from '../src/core/errors.ts';
import { type GoldenMessage, goldenFile, goldenSchema } from '../src/core/model-manifest.ts';
import type { AdmissionReport } from '../src/scoring/admit-model.ts';
import { refusalByKnownMessages } from './check-known-messages.ts';
import { type LoadedModel, loadModel, ModelFiles } from './loaded-model.ts';
import { BLANK } from './onnx-session.ts';

/** What training and serving may differ by: float32 sums in another order. */
const TOLERANCE = 1e-5;

/** Entry of the process of an admission check: loads the model of argv and scores its golden messages and known ones. */
async function checkModel(path: string, version: string, sha256: string): Promise<AdmissionReport> {
  const local = { path, version, sha256 };
  const files = await ModelFiles.open(local);
  const lines = (await files.read(goldenFile)).toString('utf8').split('\n');
  const golden = lines.filter((line) => line !== '').map((line) => goldenSchema.parse(JSON.parse(line)));
  if (golden.length === 0) return { admitted: false, reason: `${goldenFile} is empty` };
  const model = await loadModel(local, files);
  const reason = (await refusalByGolden(model, golden)) ?? (await refusalByKnownMessages(model));
  return reason === undefined
    ? { admitted: true, reason: `${golden.length} golden messages agree` }
    : { admitted: false, reason };
}

async function refusalByGolden(
  { manifest, session }: LoadedModel,
  golden: readonly GoldenMessage[],
): Promise<string | undefined> {
  const { thresholds, members } = manifest;
  const rows = golden.map(({ message, language }) => ({ text: message, language, thresholds }));
  // Training computes the probability of the whole message.
  const result = await session.evaluate(rows, { exactScores: 'all', keepBaseModels: true, wholeOnly: true });
  for (const [row, expected] of golden.entries()) {
    const got = result.probability[row]!;
    if (!(Math.abs(got - expected.probability) <= TOLERANCE))
      return disagreement(row, 'probability', expected.probability, got);
    // A message without one known feature gets the prior, and no base model is asked.
    if (result.endedAt[row] === BLANK) continue;
    for (const [m, { name }] of members.entries()) {
      const value = expected.members[m] ?? Number.NaN;
      const member = result.members[row * members.length + m]!;
      if (!(Math.abs(member - value) <= TOLERANCE)) return disagreement(row, name, value, member);
    }
  }
  return undefined;
}

function disagreement(row: number, what: string, expected: number, got: number): string {
  return `golden message ${row + 1}: ${what} is ${got}, training computed ${expected}`;
}

const [path = '', version = '', sha256 = ''] = process.argv.slice(2);
const report: AdmissionReport = await checkModel(path, version, sha256).catch((error: unknown) => ({
  admitted: false,
  reason: describeError(error),
}));
process.stdout.write(`${JSON.stringify(report)}\n`);
