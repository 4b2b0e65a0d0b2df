import type { AuditedMessage } from '../../src/core/audit.ts';
import type { RowLabel } from '../../src/core/decision.ts';
import type { VerdictName } from '../../src/core/verdict.ts';
import { ratioInterval } from '../../src/evaluation/audit/ratio-interval.ts';
import { type WeightedMessage, weightSample } from '../../src/evaluation/audit/weighted-sample.ts';
import { SeededRandom } from '../../src/training/seeded-random.ts';
import type { TrueRates } from './audit-simulation.ts';

/** Limits of 95 %; null where a way gives none. */
export type Limits = readonly [low: number, high: number] | null;
/** One of the two totals of a ratio. */
interface Side {
  readonly messages: readonly WeightedMessage[];
  /** Weight of a message in each stratum that the total is of, where one of any class is decided. */
  readonly strata: readonly number[];
}
type Ratio = (part: Side, rest: Side) => Limits;

const Z = 1.959_963_984_540_054;
const RESAMPLES = 400;

/** Other ways to an interval from the same weights, to compare with. */
export const auditAlternatives: Readonly<Record<string, Ratio>> = {
  /** An own ½ in each stratum of verdict and inclusion probability. */
  'gamma, ½ a stratum': (part, rest) => {
    if (part.strata.length === 0 || rest.strata.length === 0) return null;
    const interval = ratioInterval(
      { ...totalOf(part.messages), unseen: part.strata },
      { ...totalOf(rest.messages), unseen: rest.strata },
    );
    return interval === null ? null : [interval.low, interval.high];
  },
  /** Wilson (1927), with the effective size of the sample by Kish (1965). */
  'Wilson, effective size': (part, rest) => {
    const [one, other] = [totalOf(part.messages), totalOf(rest.messages)];
    const sum = one.sum + other.sum;
    if (sum === 0) return null;
    const size = sum ** 2 / (one.squares + other.squares);
    const share = one.sum / sum;
    const center = (share + Z ** 2 / (2 * size)) / (1 + Z ** 2 / size);
    const half =
      (Z * Math.sqrt((share * (1 - share)) / size + Z ** 2 / (4 * size ** 2))) / (1 + Z ** 2 / size);
    return [center - half, center + half];
  },
  /** Linearized variance of the log-odds (Särndal, Swensson & Wretman 1992, 5.6). */
  'Taylor, log-odds': (part, rest) => {
    const [one, other] = [totalOf(part.messages), totalOf(rest.messages)];
    if (one.sum + other.sum === 0) return null;
    if (one.sum === 0 || other.sum === 0) return one.sum === 0 ? [0, 0] : [1, 1];
    const half = Z * Math.sqrt(one.squares / one.sum ** 2 + other.squares / other.sum ** 2);
    const odds = Math.log(one.sum / other.sum);
    return [1 / (1 + Math.exp(half - odds)), 1 / (1 + Math.exp(-half - odds))];
  },
  /** Percentiles of resamples with Poisson weights (Chamandy et al. 2012). */
  'bootstrap, percentile': (part, rest) => {
    if (part.messages.length + rest.messages.length === 0) return null;
    const random = new SeededRandom(1);
    const shares: number[] = [];
    const [ofPart, ofRest] = [countByWeight(part.messages), countByWeight(rest.messages)];
    for (let resample = 0; resample < RESAMPLES; resample++) {
      const one = resampled(ofPart, random);
      const sum = one + resampled(ofRest, random);
      if (sum > 0) shares.push(one / sum);
    }
    shares.sort((a, b) => a - b);
    return [shares[Math.floor(0.025 * shares.length)]!, shares[Math.ceil(0.975 * shares.length) - 1]!];
  },
};

/** The four rates by one of these ways. */
export function alternativeRates(
  sample: readonly AuditedMessage[],
  ratio: Ratio,
): Readonly<Record<keyof TrueRates, Limits>> {
  const { decided } = weightSample(sample);
  const of = (label: RowLabel, isVerdict: (verdict: VerdictName) => boolean): Side => {
    const ofVerdicts = decided.filter(({ verdict }) => isVerdict(verdict));
    const strata = new Map(ofVerdicts.map((message) => [stratumOf(message), message.weight]));
    return {
      messages: ofVerdicts.filter((message) => message.label === label),
      strata: [...strata.values()],
    };
  };
  const isSpam = (verdict: VerdictName) => verdict === 'spam';
  const isOther = (verdict: VerdictName) => verdict !== 'spam';
  const isAny = () => true;
  return {
    truePositiveRate: ratio(of('spam', isSpam), of('spam', isOther)),
    falsePositiveRate: ratio(of('ham', isSpam), of('ham', isOther)),
    precision: ratio(of('spam', isSpam), of('ham', isSpam)),
    prevalence: ratio(of('spam', isAny), of('ham', isAny)),
  };
}

function stratumOf({ verdict, inclusionProbability }: AuditedMessage): string {
  return `${verdict} ${inclusionProbability}`;
}

function totalOf(messages: readonly WeightedMessage[]) {
  let sum = 0;
  let squares = 0;
  for (const { weight } of messages) {
    sum += weight;
    squares += weight ** 2;
  }
  return { sum, squares };
}

/** The total of a resample: of each weight, a Poisson number of messages with the mean of those in the sample. */
function resampled(strata: ReadonlyMap<number, number>, random: SeededRandom): number {
  let sum = 0;
  for (const [weight, messages] of strata) sum += weight * poisson(messages, random);
  return sum;
}

function countByWeight(messages: readonly WeightedMessage[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { weight } of messages) counts.set(weight, (counts.get(weight) ?? 0) + 1);
  return counts;
}

/** By Knuth's product of uniform numbers; of large means by the normal distribution, by Box & Muller (1958). */
function poisson(mean: number, random: SeededRandom): number {
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log1p(-random.next())) * Math.cos(2 * Math.PI * random.next());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const end = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > end; product *= random.next()) count++;
  return count;
}
