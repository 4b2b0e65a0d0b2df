import type { AuditedMessage } from '../../core/audit.ts';
import type { RowLabel } from '../../core/decision.ts';
import type { AuditEstimates, CalibrationBin, Interval, Known } from '../../core/report-facts.ts';
import { type VerdictName, verdictNames } from '../../core/verdict.ts';
import { ratioInterval, type WeightedTotal } from './ratio-interval.ts';
import { type WeightedMessage, type WeightedSample, weightSample } from './weighted-sample.ts';

/** With fewer decided messages an interval excludes next to nothing: after 30 without an error, the error rate may still be 8 %. */
export const LEAST_DECIDED = 30;

/** The share of the messages that may have a verdict of which none is decided. */
const MOST_UNKNOWN = 0.05;

/**
 * The rates of all messages that the sample was drawn from, by Horvitz & Thompson's weights. A rate is null where none of its messages is
 * decided, and where it needs a verdict that is not sampled. A verdict of which messages were drawn and none is decided widens the interval to
 * what it would be if all of these were spam, and if all were ham (Manski 2003); where they are more than 5 % of the messages, the rate is null.
 *
 * `unsampled`: verdicts whose messages are never drawn.
 */
export function auditEstimates(
  messages: readonly AuditedMessage[],
  unsampled: ReadonlySet<VerdictName> = new Set(),
): Known<AuditEstimates> {
  const sample = weightSample(messages);
  const decided = sample.decided.length;
  if (decided < LEAST_DECIDED) return { missing: tooFew(messages.length, decided) };
  const known = new KnownVerdicts(sample, unsampled);
  const others = verdictNames.filter((verdict) => verdict !== 'spam');
  return {
    truePositiveRate: known.ratio(['spam', ['spam']], ['spam', others]),
    falsePositiveRate: known.ratio(['ham', ['spam']], ['ham', others]),
    precision: known.ratio(['spam', ['spam']], ['ham', ['spam']]),
    prevalence: known.ratio(['spam', verdictNames], ['ham', verdictNames]),
  };
}

function tooFew(drawn: number, decided: number): string {
  const needed = LEAST_DECIDED - decided;
  return `${decided} of the ${drawn} drawn messages are decided, and a rate is estimated from ${LEAST_DECIDED} on; ${
    drawn - decided >= needed ? `decide ${needed} more` : `${needed} more must be drawn and decided`
  }`;
}

type Part = readonly [label: RowLabel, verdicts: readonly VerdictName[]];

class KnownVerdicts {
  readonly #sample: WeightedSample;
  readonly #unsampled: ReadonlySet<VerdictName>;
  /** Of the stream, estimated. */
  readonly #messages: number;

  constructor(sample: WeightedSample, unsampled: ReadonlySet<VerdictName>) {
    this.#sample = sample;
    this.#unsampled = unsampled;
    this.#messages = sample.decided.reduce((sum, { weight }) => sum + weight, this.#unknownOf(verdictNames));
  }

  ratio(part: Part, rest: Part): Interval | null {
    const verdicts = new Set([...part[1], ...rest[1]]);
    if ([...verdicts].some((verdict) => this.#isUnsampled(verdict))) return null;
    if (this.#unknownOf([...verdicts]) > MOST_UNKNOWN * this.#messages) return null;
    const [one, other] = [this.#total(part), this.#total(rest)];
    const interval = ratioInterval(one, other);
    const [morePart, moreRest] = [this.#unknownOf(part[1]), this.#unknownOf(rest[1])];
    if (interval === null || morePart + moreRest === 0) return interval;
    const least = ratioInterval(one, { ...other, sum: other.sum + moreRest });
    const most = ratioInterval({ ...one, sum: one.sum + morePart }, other);
    return { ...interval, low: least!.low, high: most!.high };
  }

  #isUnsampled(verdict: VerdictName): boolean {
    return this.#sample.verdicts[verdict].drawn === 0 && this.#unsampled.has(verdict);
  }

  #unknownOf(verdicts: readonly VerdictName[]): number {
    return verdicts.reduce((sum, verdict) => sum + this.#sample.verdicts[verdict].unknown, 0);
  }

  #total([label, verdicts]: Part): WeightedTotal {
    return totalOf(
      this.#sample.decided.filter((message) => message.label === label && verdicts.includes(message.verdict)),
      verdicts.map((verdict) => this.#sample.verdicts[verdict].meanWeight),
    );
  }
}

function totalOf(messages: readonly WeightedMessage[], unseen: readonly number[]): WeightedTotal {
  let sum = 0;
  let squares = 0;
  for (const { weight } of messages) {
    sum += weight;
    squares += weight * weight;
  }
  return { sum, squares, unseen };
}

const BINS = 10;

/**
 * How many of the messages with scores in each tenth are spam, by the same weights; tenths without a decided message are left out.
 * `messages` of a bin are the decided ones that it is estimated from.
 */
export function auditCalibration(messages: readonly AuditedMessage[]): Known<readonly CalibrationBin[]> {
  const { decided, verdicts } = weightSample(messages);
  const scored = decided.filter((message) => message.probability !== null);
  if (scored.length < LEAST_DECIDED) return { missing: tooFew(messages.length, scored.length) };
  const bins: CalibrationBin[] = [];
  for (let bin = 0; bin < BINS; bin++) {
    const inBin = scored.filter((message) => binOf(message.probability!) === bin);
    const unseen = [...new Set(inBin.map((message) => message.verdict))].map(
      (verdict) => verdicts[verdict].meanWeight,
    );
    const totals = (['spam', 'ham'] as const).map((label) =>
      totalOf(
        inBin.filter((message) => message.label === label),
        unseen,
      ),
    );
    const observed = ratioInterval(totals[0]!, totals[1]!);
    if (observed === null) continue;
    const weight = totals[0]!.sum + totals[1]!.sum;
    const predicted = inBin.reduce((sum, each) => sum + each.weight * each.probability!, 0) / weight;
    bins.push({ from: bin / BINS, to: (bin + 1) / BINS, messages: inBin.length, predicted, observed });
  }
  return bins;
}

function binOf(probability: number): number {
  return Math.min(BINS - 1, Math.floor(probability * BINS));
}
