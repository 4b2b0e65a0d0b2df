import { BATCH, scoreMessages } from '../../evaluation/score-messages.ts';
import {
  type CommunityExample,
  type ThresholdQuestion,
  type ThresholdReport,
  thresholdReport,
} from '../../evaluation/thresholds/threshold-report.ts';
import type { HeldOutMessage } from '../../learning/held-out.ts';
import type { Log } from '../../ports/log.ts';
import { policyOf } from '../../settings/policy-of.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openHeldOut } from '../learning/held-out-messages.ts';
import { openScorer } from '../models/open-scorer.ts';

export interface ProposeThresholds {
  /** As {@link openHeldOut} takes them. */
  readonly data: readonly string[];
  /** Also messages that training may have seen. */
  readonly everything: boolean;
  /** What is asked for; the rest comes from the settings. */
  readonly question: Omit<ThresholdQuestion, 'currentOf' | 'biasOf'>;
  readonly settings: Settings;
  readonly log: Log;
  readonly progress: (scored: number) => void;
}

export interface ProposedThresholds extends ThresholdReport {
  readonly model: string;
  /** Messages that could not be scored; in no figure. */
  readonly unscored: number;
}

/** Scores labeled messages with the model that the settings choose, and proposes thresholds. Throws as `openHeldOut` and `openScorer` do. */
export async function proposeThresholds(request: ProposeThresholds): Promise<ProposedThresholds> {
  const { data, everything, question, settings, log, progress } = request;
  const messages = await openHeldOut({ data, everything });
  const { scorer, close } = await openScorer(settings, log);
  const examples: CommunityExample[] = [];
  let model = '';
  let unscored = 0;
  try {
    const score = async (batch: readonly HeldOutMessage[]) => {
      const answer = await scoreMessages(scorer, batch);
      model = answer.model;
      for (const [at, probability] of answer.probabilities.entries()) {
        const { label, community } = batch[at]!;
        if (probability === null) unscored++;
        else examples.push({ label, community, probability });
      }
      progress(examples.length);
    };
    let batch: HeldOutMessage[] = [];
    for await (const message of messages) {
      batch.push(message);
      if (batch.length < BATCH) continue;
      await score(batch);
      batch = [];
    }
    if (batch.length > 0) await score(batch);
  } finally {
    await close();
  }
  const { default: everywhere, communities } = policyOf(settings);
  const report = thresholdReport(examples, {
    ...question,
    currentOf: (community) => (community === undefined ? everywhere : (communities[community] ?? everywhere)),
    biasOf: (community) => communities[community]?.bias ?? 0,
  });
  return { model, unscored, ...report };
}
