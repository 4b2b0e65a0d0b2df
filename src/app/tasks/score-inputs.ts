import { SluiceError } from '../../core/errors.ts';
import { type Explanation, fewerTerms } from '../../core/explanation.ts';
import type { Message } from '../../core/message.ts';
import type { ModelManifest } from '../../core/model-manifest.ts';
import type { FeatureStrength, ScoredMessage } from '../../core/scored-batch.ts';
import type { Verdict } from '../../core/verdict.ts';
import { verdictOf } from '../../decide/verdict-of.ts';
import type { ScoreOptions } from '../../ports/scorer.ts';
import type { OpenScorer } from '../models/open-scorer.ts';

/** Something to score: the JSON of a message, or why there is none. */
export type Input = { readonly bytes: Uint8Array } | { readonly error: InputError };

export interface InputError {
  readonly code: string;
  readonly message: string;
}

export interface ExplainedBaseModel {
  readonly name: string;
  /** Null where an early exit made it unnecessary. */
  readonly probability: number | null;
}

export type InputResult =
  | (Verdict & {
      readonly members?: readonly ExplainedBaseModel[];
      readonly features?: readonly FeatureStrength[];
      readonly explanation?: Explanation;
    })
  | { readonly error: InputError };

export interface ScoreInputsOptions {
  /** Add each base model's score, the strongest features, and terms that add up to the exact score's log-odds. */
  readonly explain: boolean;
  /** No early exit: an exact probability for each message. */
  readonly full: boolean;
  /** Batches that are scored at the same time, at least 1. */
  readonly inFlight: number;
}

/**
 * Scores an endless stream in bounded memory: one result per input, in order, a batch as soon as it and those before
 * it are done. Waits for what is in flight before it ends, also when the reader leaves early.
 */
export async function* scoreInputs(
  { scorer, manifest, openExplainer }: Pick<OpenScorer, 'scorer' | 'manifest' | 'openExplainer'>,
  batches: AsyncIterable<readonly Input[]>,
  { explain, full, inFlight: most }: ScoreInputsOptions,
): AsyncGenerator<readonly InputResult[], void, undefined> {
  const options: ScoreOptions = { every: true, explain, ...(full ? { exactScores: 'all' as const } : {}) };
  const explainer = explain ? await openExplainer?.() : undefined;
  const context: ResultContext = { manifest, explain: explainer };
  const inFlight: Promise<readonly InputResult[]>[] = [];
  const reader = batches[Symbol.asyncIterator]();
  let read: Promise<IteratorResult<readonly Input[], unknown>> | undefined = awaitedLater(reader.next());
  try {
    while (read !== undefined || inFlight.length > 0) {
      const oldest = inFlight[0]?.then((results) => ({ results }));
      const arrived = inFlight.length < most ? read?.then((result) => ({ result })) : undefined;
      // The oldest is listed first, so that what is done leaves before more is taken in.
      const next = await Promise.race([oldest, arrived].filter((promise) => promise !== undefined));
      if ('results' in next) {
        void inFlight.shift();
        yield next.results;
      } else if (next.result.done) {
        read = undefined;
      } else {
        inFlight.push(
          awaitedLater(scoreBatch(scorer.score.bind(scorer), next.result.value, options, context)),
        );
        read = awaitedLater(reader.next());
      }
    }
  } finally {
    await Promise.allSettled(inFlight);
  }
}

/** A caller that still awaits it sees its failure; until then it must not count as unhandled. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

type Score = OpenScorer['scorer']['score'];

/** What is known of the messages beside their scores. */
interface ResultContext {
  readonly manifest: ModelManifest;
  readonly explain: ((message: Message) => Explanation | null) | undefined;
}

/** Of each explanation; the others become one term. */
const MOST_TERMS = 40;

async function scoreBatch(
  score: Score,
  inputs: readonly Input[],
  options: ScoreOptions,
  context: ResultContext,
): Promise<readonly InputResult[]> {
  const indexes = inputs.flatMap((input, index) => ('bytes' in input ? [index] : []));
  const bytes = inputs.flatMap((input) => ('bytes' in input ? [input.bytes] : []));
  const results = await scoreReadable(score, bytes, options, context);
  const byIndex = new Map(indexes.map((index, at) => [index, results[at]!]));
  return inputs.map((input, index) => ('error' in input ? { error: input.error } : byIndex.get(index)!));
}

async function scoreReadable(
  score: Score,
  messages: readonly Uint8Array[],
  options: ScoreOptions,
  context: ResultContext,
  attempt = 1,
): Promise<readonly InputResult[]> {
  if (messages.length === 0) return [];
  try {
    const { model, scored, unreadable } = await score(messages, options);
    const results: InputResult[] = new Array(messages.length);
    const at = new Date().toISOString();
    for (const { index, reason, detail } of unreadable)
      results[index] = { error: { code: reason, message: detail } };
    for (const message of scored) results[message.index] = resultOf(message, model, at, context);
    return results;
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'SCORER_THREAD_LOST') throw error;
    if (attempt === 1) return scoreReadable(score, messages, options, context, 2);
    if (messages.length === 1)
      return [{ error: { code: 'kills-scorer', message: 'the thread that scored it died, twice' } }];
    // Twice is no accident: one of them does it. Each half has a second chance again.
    const half = Math.ceil(messages.length / 2);
    const first = await scoreReadable(score, messages.slice(0, half), options, context);
    return [...first, ...(await scoreReadable(score, messages.slice(half), options, context))];
  }
}

function resultOf(
  scored: ScoredMessage,
  model: string,
  at: string,
  { manifest, explain }: ResultContext,
): InputResult {
  const members = scored.members?.map((probability, index) => ({
    name: manifest.members[index]?.name ?? String(index),
    probability,
  }));
  const explanation = scored.unscorable ? null : explain?.(scored.message);
  return {
    ...verdictOf(scored, model, at),
    ...(members === undefined ? {} : { members }),
    ...(scored.features === undefined ? {} : { features: scored.features }),
    ...(explanation == null ? {} : { explanation: fewerTerms(explanation, MOST_TERMS) }),
  };
}
