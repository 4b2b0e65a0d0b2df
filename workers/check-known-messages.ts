import { clearHam, clearSpam, type KnownMessage, oddMessages } from '../src/core/known-messages.ts';
import type { LoadedModel } from './loaded-model.ts';
import { BLANK } from './onnx-session.ts';
import type { ScoredRows } from './scored-rows.ts';

/** The bands of the settings' defaults: those of the manifest are the model's own choice. */
const BANDS = { rejectMin: 0.5, rejectMax: 0.7 };
/** What a base model may be outside of its interval by: float32 sums. */
const TOLERANCE = 1e-5;
/** A model whose scores of all messages that it knows something of lie within so little says nothing. */
const LEAST_SPREAD = 1e-3;

/**
 * Scores messages that the model cannot have chosen. Answers why it is refused, undefined where it is not: every score and every
 * base model's value must be finite and in its interval, and the scores not all the same. Where the model knows English or
 * German, some of the clear spam must reach the spam band, and most of the clear ham must stay in the ham band.
 */
export async function refusalByKnownMessages(
  model: Pick<LoadedModel, 'manifest' | 'session'>,
): Promise<string | undefined> {
  const known = (messages: readonly KnownMessage[]) =>
    messages.filter(({ language }) => knowsLanguage(model.manifest.languages, language));
  const [spam, ham] = [known(clearSpam), known(clearHam)];
  const odd = [...oddMessages, ...[...clearSpam, ...clearHam].map(({ message }) => message)];
  const rows = [...spam, ...ham, ...odd.map((message) => ({ message, language: undefined }))];
  const result = await model.session.evaluate(
    rows.map(({ message, language }) => ({ text: message, language, thresholds: BANDS })),
    { exactScores: 'all', keepBaseModels: true },
  );
  return (
    notFinite(model, result) ??
    constant(result) ??
    wrongBands(
      [...result.probability.subarray(0, spam.length)],
      [...result.probability.subarray(spam.length, spam.length + ham.length)],
    )
  );
}

function knowsLanguage(tags: readonly string[], language: string): boolean {
  return tags.some((tag) => tag.toLowerCase().split('-')[0] === language);
}

function notFinite(
  { manifest: { members } }: Pick<LoadedModel, 'manifest'>,
  result: ScoredRows,
): string | undefined {
  for (let row = 0; row < result.size; row++) {
    const probability = result.probability[row]!;
    if (!(probability >= 0 && probability <= 1))
      return `its score of known message ${row + 1} is ${probability}, which is no probability`;
    // Of a message without one known feature no base model is asked.
    if (result.endedAt[row] === BLANK) continue;
    for (const [m, { name, min, max }] of members.entries()) {
      const value = result.members[row * members.length + m]!;
      if (!(value >= min - TOLERANCE && value <= max + TOLERANCE))
        return `${name} answers ${value} for known message ${row + 1}, outside of its interval [${min}, ${max}]`;
    }
  }
  return undefined;
}

function constant(result: ScoredRows): string | undefined {
  const scores = result.probability.filter((_, row) => result.endedAt[row] !== BLANK);
  if (scores.length < 2) return undefined;
  const spread = Math.max(...scores) - Math.min(...scores);
  return spread < LEAST_SPREAD
    ? `its scores of ${scores.length} known messages of every kind differ by ${spread} only`
    : undefined;
}

/** Both empty where the model knows none of the languages. */
function wrongBands(spam: readonly number[], ham: readonly number[]): string | undefined {
  if (spam.length === 0 || ham.length === 0) return undefined;
  const highest = Math.max(...spam);
  if (!(highest > BANDS.rejectMax))
    return `it finds no clear spam: the highest score of ${spam.length} known messages is ${highest}, not above ${BANDS.rejectMax}`;
  const usual = median(ham);
  if (!(usual <= BANDS.rejectMin))
    return `it takes clear ham for spam: the median score of ${ham.length} known messages is ${usual}, above ${BANDS.rejectMin}`;
  if (!(median(spam) > usual))
    return `it does not rank spam above ham: the median scores of known messages are ${median(spam)} and ${usual}`;
  return undefined;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
