import type { ScoredBatch, ScoredMessage } from '../../../src/core/scored-batch.ts';
import type { VerdictName } from '../../../src/core/verdict.ts';
import { departureOf } from '../../../src/decide/departure.ts';
import { WatchedModel, type WatchRule } from '../../../src/decide/watched-model.ts';

/** Numbers between 0 and 1, the same for the same seed (Mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A batch that a model scored; `verdicts` has one for each message. */
export function scoredBatch(model: string, verdicts: readonly VerdictName[]): ScoredBatch {
  const count = (verdict: VerdictName) => verdicts.filter((each) => each === verdict).length;
  return {
    model,
    scored: verdicts.flatMap((verdict, index) => (verdict === 'ham' ? [] : [scoredMessage(index, verdict)])),
    unreadable: [],
    statistics: {
      ...{ ham: count('ham'), review: count('review'), spam: count('spam'), unreadable: 0 },
      ...{ decodeSeconds: 0, featurizeSeconds: 0, inferSeconds: 0 },
      ...{ endedAtStage: [], treesEvaluated: 0, treesInAll: 0, scores: { counts: [], sum: 0 } },
    },
  };
}

export function scoredMessage(index: number, verdict: VerdictName): ScoredMessage {
  const probability = { ham: 0.1, review: 0.6, spam: 0.9 }[verdict];
  return {
    index,
    message: { message: `text ${index}`, message_id: String(index), community: 'forum' },
    verdict,
    ...{ probability, probabilityMin: probability, probabilityMax: probability },
    ...{ reasons: ['w:free'], unscorable: false },
  };
}

/** How a model calls messages: shares of spam and of ham that it calls spam and that it leaves for review. */
export interface SimulatedModel {
  readonly spamAsSpam: number;
  readonly spamAsReview: number;
  readonly hamAsSpam: number;
  readonly hamAsReview: number;
}

/** The verdict of a model on a message; the same `luck` (0 … 1) gives models that are alike the same verdict. */
export function verdictBy(model: SimulatedModel, isSpam: boolean, luck: number): VerdictName {
  const asSpam = isSpam ? model.spamAsSpam : model.hamAsSpam;
  if (luck < asSpam) return 'spam';
  return luck < asSpam + (isSpam ? model.spamAsReview : model.hamAsReview) ? 'review' : 'ham';
}

/** The defaults of the settings `guard.*`. */
export const rule: WatchRule = { spamBeyond: 0.01, reviewBeyond: 0.03, falseAlarms: 0.001, messages: 10_000 };
/** Of 1,000 messages a second, what comes within batch.maxAgeSeconds. */
export const BATCH = 5;
const SECOND = 1000;

export const usual: SimulatedModel = {
  spamAsSpam: 0.9,
  spamAsReview: 0.04,
  hamAsSpam: 0.0005,
  hamAsReview: 0.01,
};

export interface Run {
  readonly state: string;
  readonly messages: number;
  /** Ham that was published as spam. */
  readonly wrong: number;
  readonly held: number;
}

/** A change of the model, for so many messages. `isIndependent`: the two err on different messages. */
export function change(
  seed: number,
  now: SimulatedModel,
  { spamShare = 0.13, messages = 2 * rule.messages, batch = BATCH, isIndependent = false, planted = 0 } = {},
): Run {
  const random = randomOf(seed);
  const model = new WatchedModel('new', 'watching');
  let [wrong, held, until] = [0, 0, 0];
  for (let done = 0; done < messages; done += batch) {
    const drawn = Array.from({ length: batch }, () => {
      const [isSpam, luck, other, drawnOut] = [random() < spamShare, random(), random(), random()];
      const verdict =
        !isSpam && drawnOut < planted ? 'spam' : verdictBy(now, isSpam, isIndependent ? other : luck);
      return { isSpam, verdict, before: verdictBy(usual, isSpam, luck) } as const;
    });
    const guarded = model.guard(
      scoredBatch(
        'new',
        drawn.map(({ verdict }) => verdict),
      ),
      scoredBatch(
        'before',
        drawn.map(({ before }) => before),
      ),
      rule,
    );
    held += guarded.held;
    for (const { index, verdict } of guarded.batch.scored)
      if (verdict === 'spam' && !drawn[index]!.isSpam) wrong++;
    if (model.state === 'watching') until = done + batch;
    // The rest of what comes is as the state says.
    else if (model.state === 'tripped' && done > until + SECOND) break;
  }
  return { state: model.state, messages: until, wrong, held };
}

export function runs(count: number, run: (seed: number) => Run): readonly Run[] {
  return Array.from({ length: count }, (_, index) => run(1 + index * 7919));
}

export const most = (values: readonly number[]) => Math.max(...values);
export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** How many of so many changes to a model that departs by just as much as is allowed end in an alarm, looked at after every message. */
export function alarmsAtTheLimit(changes: number, messages: number, falseAlarms: number): number {
  const all = runs(changes, (seed) => {
    const random = randomOf(seed);
    const counts = { messages: 0, spamMore: 0, spamFewer: 0, reviewMore: 0, reviewFewer: 0 };
    for (; counts.messages < messages; ) {
      counts.messages++;
      const luck = random();
      if (luck >= 0.03) continue;
      // 2 % more and 1 % fewer.
      if (luck < 0.02) counts.spamMore++;
      else counts.spamFewer++;
      if (departureOf(counts, { ...rule, falseAlarms }) !== undefined)
        return { state: 'tripped', messages: counts.messages, wrong: 0, held: 0 };
    }
    return { state: 'passed', messages, wrong: 0, held: 0 };
  });
  return all.filter(({ state }) => state === 'tripped').length;
}

/**
 * A guard that knows the share of spam of the model before exactly, and looks at the new one's share alone. `later`: the share of spam after
 * the change, of which the model before finds all; `planted`: share of ham that the new model calls spam.
 */
export function changeByRate(seed: number, spamShare: number, later: number, planted: number): Run {
  const random = randomOf(seed);
  let [spam, wrong, messages] = [0, 0, 0];
  for (; messages < 2 * rule.messages; messages++) {
    const isSpam = random() < later;
    const isWrong = !isSpam && random() < planted;
    if (!isSpam && !isWrong) continue;
    spam++;
    wrong += Number(isWrong);
    if (rateCapital(messages + 1, spam, spamShare + rule.spamBeyond) >= Math.log(4 / rule.falseAlarms))
      return { state: 'tripped', messages, wrong, held: 0 };
  }
  return { state: 'passed', messages, wrong, held: 0 };
}

/** Logarithm of the capital of bets on a rate above `most`, as in `departureOf`. */
function rateCapital(messages: number, hits: number, most: number): number {
  const logs = Array.from({ length: 7 }, (_, bet) => {
    const part = (0.95 * 2 ** -bet) / most;
    return hits * Math.log1p(part * (1 - most)) + (messages - hits) * Math.log1p(-part * most);
  });
  const highest = Math.max(...logs);
  return highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0) / logs.length);
}
