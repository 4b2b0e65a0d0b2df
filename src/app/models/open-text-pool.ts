import type { DecisionPolicy } from '../../core/decision-policy.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import { CurrentPolicy } from '../../scoring/current-policy.ts';
import { ScorePool } from '../../scoring/score-pool.ts';
import { builtEntry } from '../package-root.ts';

/** How many texts a thread gets at once. */
export const TEXT_BATCH = 512;
/** More than any text of the training data has in JSON. */
const MOST_BYTES = 1_000_000;

/** Threads that score texts of data sets with a model, as the pipeline would. */
export async function openTextPool(
  model: LocalModel,
  {
    rejectMin,
    rejectMax,
    exactScores,
    threads,
  }: DecisionPolicy['default'] & Pick<DecisionPolicy, 'exactScores'> & { readonly threads: number },
): Promise<ScorePool> {
  const pool = new ScorePool({
    policy: new CurrentPolicy({
      default: { rejectMin, rejectMax },
      communities: {},
      exactScores,
      maxMessageBytes: MOST_BYTES,
    }),
    threads,
    threadFile: builtEntry('score-batch'),
    onThreadLost: () => {},
  });
  await pool.use(model);
  return pool;
}

/** A text as the pipeline takes it. */
export function textMessage(
  { text, language }: { readonly text: string; readonly language?: string | undefined },
  at: number,
): Uint8Array {
  return Buffer.from(
    JSON.stringify({ message: text, message_id: String(at), ...(language ? { language } : {}) }),
  );
}
