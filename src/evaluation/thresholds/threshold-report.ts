import type { Thresholds } from '../../core/decision-policy.ts';
import { isMissing, type Known } from '../../core/report-facts.ts';
import type { ScoredExample } from '../scored-example.ts';
import { type BandFigures, bandFigures, type Circumstances } from './band-figures.ts';
import { atOtherPrior, chowThresholds } from './chow.ts';
import { type LimitedThreshold, limitedThreshold, type RateLimit } from './limited-threshold.ts';
import { type BandSearch, crossValidatedCost, proposeBand } from './propose-band.ts';
import { type ScoreClasses, scoreClasses } from './score-classes.ts';
import type { VerdictCosts } from './verdict-costs.ts';

/** A scored labeled message with its community; empty where the data has none. */
export interface CommunityExample extends ScoredExample {
  readonly community: string;
}

/** What thresholds are asked for. */
export interface ThresholdQuestion {
  readonly costs: VerdictCosts;
  /** Of spam among the messages that arrive, in (0, 1); that of the data where left out. */
  readonly spamShare?: number | undefined;
  /** Of all communities together; null where it is not known. */
  readonly messagesADay: number | null;
  /** The greatest share of all messages that people can look at; 1 for all. */
  readonly mostReviewed: number;
  /** The upper threshold comes from this limit; the lower one from the costs, or from the current ones. */
  readonly limit?: RateLimit | undefined;
  /** With a limit: whether the lower threshold is chosen by the costs, and not kept. */
  readonly choosesLower: boolean;
  /** Of all communities without their own, and of each community. */
  readonly currentOf: (community: string | undefined) => Thresholds;
  /** What a community's messages have added to their log-odds. */
  readonly biasOf: (community: string) => number;
  readonly byCommunity: boolean;
}

export interface Compared extends BandFigures {
  readonly name: 'current' | 'chow' | 'fixed';
}

/** The answer for one group of messages. */
export interface ThresholdAnswer {
  readonly proposed: BandFigures;
  /** On messages that the proposal has not seen; null where there are too few, or with a limit. */
  readonly crossValidatedCost: number | null;
  readonly compared: readonly Compared[];
  /** Null without a limit. */
  readonly limit: Extract<LimitedThreshold, { kind: 'found' }> | null;
}

export interface GroupThresholds {
  /** Empty for all messages together. */
  readonly community: string;
  readonly spam: number;
  readonly ham: number;
  readonly answer: Known<ThresholdAnswer>;
}

export interface ThresholdReport {
  /** What the figures are expected at, and what the data has. */
  readonly spamShare: number;
  readonly spamShareOfData: number;
  readonly all: GroupThresholds;
  /** Those with too few messages are stated, and have no answer. */
  readonly communities: readonly GroupThresholds[];
}

/** The reject option's limits that were agreed on before there was data. */
const fixed: Thresholds = { rejectMin: 0.5, rejectMax: 0.7 };

/**
 * Fewest messages of each class for thresholds of a community's own. A rate of which so many messages show no case is below 1 % with 95 %
 * confidence (ln .05 / ln .99 = 298.1); fewer say less of a community than all messages together do.
 */
export const FEWEST_OF_A_COMMUNITY = 300;

/** The thresholds that answer a question on scored labeled messages, for all of them and, if asked, for each community. */
export function thresholdReport(
  examples: readonly CommunityExample[],
  question: ThresholdQuestion,
): ThresholdReport {
  const spam = examples.filter(({ label }) => label === 'spam').length;
  const spamShareOfData = examples.length === 0 ? 0 : spam / examples.length;
  const spamShare = question.spamShare ?? spamShareOfData;
  const all = answerOf('', examples, question, spamShare);
  const communities = question.byCommunity ? [...membersOf(examples)] : [];
  return {
    ...{ spamShare, spamShareOfData, all },
    communities: communities
      .map(([community, members]) => ofCommunity(community, members, question))
      .toSorted((a, b) => b.spam + b.ham - a.spam - a.ham),
  };
}

function membersOf(examples: readonly CommunityExample[]): ReadonlyMap<string, readonly CommunityExample[]> {
  const members = new Map<string, CommunityExample[]>();
  for (const example of examples) {
    const { community } = example;
    if (community === '') continue;
    const before = members.get(community);
    if (before === undefined) members.set(community, [example]);
    else before.push(example);
  }
  return members;
}

function ofCommunity(
  community: string,
  members: readonly CommunityExample[],
  question: ThresholdQuestion,
): GroupThresholds {
  const bias = question.biasOf(community);
  const examples = bias === 0 ? members : members.map((one) => ({ ...one, probability: shifted(one, bias) }));
  const spam = examples.filter(({ label }) => label === 'spam').length;
  const fewest = Math.min(spam, examples.length - spam);
  if (question.limit === undefined && fewest < FEWEST_OF_A_COMMUNITY)
    return {
      ...{ community, spam, ham: examples.length - spam },
      answer: {
        missing: `too few messages for thresholds of its own; ${FEWEST_OF_A_COMMUNITY} of each class are needed`,
      },
    };
  return answerOf(community, examples, question, question.spamShare ?? spam / examples.length);
}

function answerOf(
  community: string,
  examples: readonly ScoredExample[],
  question: ThresholdQuestion,
  spamShare: number,
): GroupThresholds {
  const scores = scoreClasses(examples);
  const counts = { community, spam: scores.spam.length, ham: scores.ham.length };
  const { limit } = question;
  const missing = missingClass(scores, limit !== undefined && !question.choosesLower);
  if (missing !== undefined) return { ...counts, answer: { missing } };
  const tested = limit === undefined ? undefined : limitedThreshold(scores, limit);
  if (limit !== undefined && tested !== undefined && tested.kind !== 'found')
    return { ...counts, answer: { missing: whyNot(tested, limit) } };
  const limited = tested?.kind === 'found' ? tested : undefined;
  const current = question.currentOf(community === '' ? undefined : community);
  const { costs, mostReviewed } = question;
  // How many of them a community has is not known.
  const messagesADay = community === '' ? question.messagesADay : null;
  const circumstances: Circumstances = { costs, spamShare, messagesADay };
  const ofData = counts.spam / (counts.spam + counts.ham);
  const chow =
    ofData === 0 || ofData === 1
      ? chowThresholds(costs)
      : atOtherPrior(chowThresholds(costs), spamShare, ofData);
  const search: BandSearch = {
    ...{ costs, spamShare, mostReviewed, preferred: chow },
    ...(limited === undefined ? {} : { rejectMax: limited.threshold }),
  };
  const proposed =
    limited !== undefined && !question.choosesLower
      ? { rejectMin: Math.min(current.rejectMin, limited.threshold), rejectMax: limited.threshold }
      : proposeBand(scores, search);
  const figures = (thresholds: Thresholds) => bandFigures(scores, thresholds, circumstances);
  return {
    ...counts,
    answer: {
      proposed: figures(proposed),
      crossValidatedCost: limited === undefined ? crossValidatedCost(examples, search) : null,
      compared: [
        { name: 'current', ...figures(current) },
        { name: 'chow', ...figures(chow) },
        { name: 'fixed', ...figures(fixed) },
      ],
      limit: limited ?? null,
    },
  };
}

/** Of a limit alone, ham is enough. */
function missingClass({ spam, ham }: ScoreClasses, needsHamAlone: boolean): string | undefined {
  if (spam.length === 0 && ham.length === 0) return 'there is no labeled message';
  if (ham.length === 0 && !needsHamAlone) return 'there is no ham: false accusations cannot be counted';
  if (spam.length === 0 && !needsHamAlone) return 'there is no spam: missed spam cannot be counted';
  return undefined;
}

function whyNot(
  limited: Exclude<LimitedThreshold, { kind: 'found' }>,
  { maxRate, confidence }: RateLimit,
): string {
  const wanted = `a false positive rate of at most ${percentText(maxRate)} with ${percentText(confidence)} confidence`;
  if (limited.kind === 'too-few')
    return `too few ham messages for ${wanted}: ${limited.ham} of ${limited.needed} that are needed if none of them is a false positive`;
  const { strictest, ham, falsePositives, bound } = limited;
  return `no threshold is shown to have ${wanted}: ${falsePositives} of ${ham} ham messages are above ${strictest}, which allows a rate of up to ${percentText(bound)}`;
}

/** Up to four digits, without zeros at the end. */
export function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}

function shifted({ probability }: ScoredExample, bias: number): number {
  return 1 / (1 + Math.exp(-(Math.log(probability / (1 - probability)) + bias)));
}

/** The proposals of a report: of all messages, and of the communities that have one. */
export function proposalsOf(
  report: ThresholdReport,
): readonly { readonly community: string; readonly thresholds: Thresholds }[] {
  return [report.all, ...report.communities].flatMap(({ community, answer }) =>
    isMissing(answer) ? [] : [{ community, thresholds: answer.proposed.thresholds }],
  );
}
