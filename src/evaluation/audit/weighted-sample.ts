import type { AuditedMessage } from '../../core/audit.ts';
import type { RowLabel } from '../../core/decision.ts';
import { type VerdictName, verdictNames } from '../../core/verdict.ts';

/** A decided message, and how many messages of the stream it stands for. */
export interface WeightedMessage extends AuditedMessage {
  readonly label: RowLabel;
  readonly weight: number;
}

/** What is known of the messages with one verdict. */
export interface WeightedVerdict {
  readonly drawn: number;
  readonly decided: number;
  /** Mean weight of the drawn messages: what one more message with this verdict would stand for. */
  readonly meanWeight: number;
  /** How many messages of the stream have this verdict and are of unknown class, as none that was drawn is decided; 0 where one is. */
  readonly unknown: number;
}

export interface WeightedSample {
  readonly decided: readonly WeightedMessage[];
  readonly verdicts: Readonly<Record<VerdictName, WeightedVerdict>>;
}

interface Stratum {
  readonly inclusionProbability: number;
  readonly drawn: AuditedMessage[];
  decided: number;
}

/**
 * Weighs each decided message by one over the probability that it was drawn and decided (Horvitz & Thompson 1952).
 *
 * A drawn message that nobody has decided, or that people were unsure of, is non-response. Within a stratum, the messages with one verdict and
 * one inclusion probability, the decided ones stand for all that were drawn: weight drawn / decided / inclusion probability (weighting-class
 * adjustment; Lohr, Sampling: Design and Analysis, 2nd ed., 8.5). That assumes that, within a stratum, whether a message is decided does
 * not depend on its class. A stratum without a decided message is represented by the other strata of its verdict.
 */
export function weightSample(messages: readonly AuditedMessage[]): WeightedSample {
  const decided: WeightedMessage[] = [];
  const verdicts = Object.fromEntries(
    verdictNames.map((verdict) => [verdict, weightVerdict(messages, verdict, decided)]),
  ) as Record<VerdictName, WeightedVerdict>;
  return { decided, verdicts: withTypicalWeights(verdicts) };
}

function weightVerdict(
  messages: readonly AuditedMessage[],
  verdict: VerdictName,
  into: WeightedMessage[],
): WeightedVerdict {
  const strata = [...strataOf(messages, verdict)];
  const stands = (some: readonly Stratum[]) =>
    some.reduce((sum, { drawn, inclusionProbability }) => sum + drawn.length / inclusionProbability, 0);
  const answered = strata.filter((stratum) => stratum.decided > 0);
  const all = stands(strata);
  const spread = all / stands(answered);
  for (const stratum of answered) {
    const weight = (spread * stratum.drawn.length) / stratum.decided / stratum.inclusionProbability;
    for (const message of stratum.drawn) {
      const { label } = message;
      if (label !== null) into.push({ ...message, label, weight });
    }
  }
  const drawn = strata.reduce((sum, stratum) => sum + stratum.drawn.length, 0);
  const decided = strata.reduce((sum, stratum) => sum + stratum.decided, 0);
  if (decided === 0) return { drawn, decided, meanWeight: drawn === 0 ? 0 : all / drawn, unknown: all };
  return { drawn, decided, meanWeight: (all / drawn) * meanResponse(answered, spread), unknown: 0 };
}

/** How much larger than one over its inclusion probability the weight of a drawn message is on average. */
function meanResponse(strata: readonly Stratum[], spread: number): number {
  let weights = 0;
  let inverse = 0;
  for (const { drawn, decided, inclusionProbability } of strata) {
    weights += (drawn.length * drawn.length) / decided / inclusionProbability;
    inverse += drawn.length / inclusionProbability;
  }
  return (spread * weights) / inverse;
}

/** A verdict that no drawn message has was possible nevertheless: its next message would stand for as many as the others do. */
function withTypicalWeights(
  verdicts: Readonly<Record<VerdictName, WeightedVerdict>>,
): Readonly<Record<VerdictName, WeightedVerdict>> {
  const known = Object.values(verdicts);
  const drawn = known.reduce((sum, each) => sum + each.drawn, 0);
  const typical = known.reduce((sum, each) => sum + each.drawn * each.meanWeight, 0) / Math.max(1, drawn);
  return Object.fromEntries(
    Object.entries(verdicts).map(([name, each]) => [
      name,
      each.drawn > 0 ? each : { ...each, meanWeight: typical },
    ]),
  ) as Record<VerdictName, WeightedVerdict>;
}

function strataOf(messages: readonly AuditedMessage[], verdict: VerdictName): Iterable<Stratum> {
  const strata = new Map<number, Stratum>();
  for (const message of messages) {
    if (message.verdict !== verdict) continue;
    const { inclusionProbability } = message;
    const stratum = strata.get(inclusionProbability) ?? { inclusionProbability, drawn: [], decided: 0 };
    strata.set(inclusionProbability, stratum);
    stratum.drawn.push(message);
    if (message.label !== null) stratum.decided++;
  }
  return strata.values();
}
