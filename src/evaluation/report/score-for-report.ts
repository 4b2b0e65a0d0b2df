import type { Label } from '../../ports/labelled-messages.ts';
import type { Scorer } from '../../ports/scorer.ts';
import { inBatches, scoreMessages } from '../score-messages.ts';
import type { ScoringSeconds } from './base-models.ts';
import type { SlicedExample } from './slices.ts';

/** A labeled message of the data that a report is about. */
export interface ReportMessage {
  readonly text: string;
  readonly label: Label;
  /** Of its data set, for people. */
  readonly source: string;
  /** Empty where the data states none. */
  readonly community: string;
  /** BCP 47; left out where the data states none. */
  readonly language?: string;
  /** When it was sent or labeled, epoch milliseconds; left out where the data states none. */
  readonly at?: number;
}

export interface ReportScorer {
  readonly scorer: Scorer;
  readonly baseModels: number;
}

export interface ScoreForReport {
  readonly models: readonly ReportScorer[];
  readonly messages: AsyncIterable<ReportMessage>;
  /** Of messages that state none. */
  readonly languageOf: (text: string) => string;
  /** Called with each message that all models could score, in order, and its probabilities by model. */
  readonly onScored?: (message: ReportMessage, probabilities: readonly number[]) => void;
  /** Called after each batch: messages read so far. */
  readonly progress?: (messages: number) => void;
  readonly signal?: AbortSignal;
}

/** What slices look at, without the probability, which each model has its own of. */
export type MessageFacts = Omit<SlicedExample, 'probability'> & { readonly source: string };

export interface ModelScores {
  readonly probabilities: readonly number[];
  /** By base model. A base model has not seen a message without a known feature: the probability of the blend stands for its score. */
  readonly baseModels: readonly (readonly number[])[];
  readonly seconds: ScoringSeconds | null;
}

export interface ScoredForReport {
  /** Those that all models could score, in order. */
  readonly messages: readonly MessageFacts[];
  /** In the order of the models. */
  readonly models: readonly ModelScores[];
  readonly unscored: number;
}

/**
 * Scores the same messages with each model in full, as the pipeline does, one batch and one model at a time, so that their times are
 * comparable. Of the messages only facts and scores are kept, some hundred bytes each. Throws what messages and scorers throw, and the
 * signal's reason.
 */
export async function scoreForReport(options: ScoreForReport): Promise<ScoredForReport> {
  const messages: MessageFacts[] = [];
  const models = options.models.map((model) => new ScoreColumns(model));
  let unscored = 0;
  let read = 0;
  for await (const batch of inBatches(options.messages)) {
    options.signal?.throwIfAborted();
    for (const model of models) await model.score(batch);
    for (const [at, message] of batch.entries()) {
      if (!models.every((model) => model.hasScored(at))) {
        unscored++;
        continue;
      }
      messages.push(factsOf(message, options.languageOf));
      const probabilities = models.map((model) => model.keep(at));
      options.onScored?.(message, probabilities);
    }
    read += batch.length;
    options.progress?.(read);
  }
  return { messages, models: models.map((model) => model.scores()), unscored };
}

/**
 * The examples of one model. Objects are written out, here and where facts are kept: a spread would make objects on which each later pass is
 * ten times slower.
 */
export function examplesOf(
  messages: readonly MessageFacts[],
  probabilities: readonly number[],
): SlicedExample[] {
  return messages.map(({ label, community, language, characters, at }, row) => ({
    label,
    community,
    language,
    characters,
    at,
    probability: probabilities[row]!,
  }));
}

/** The scores of one model, as columns. */
class ScoreColumns {
  readonly #model: ReportScorer;
  readonly #probabilities: number[] = [];
  readonly #baseModels: readonly number[][];
  readonly #seconds = { messages: 0, inAll: 0, stages: [] as number[] };
  #batch: Awaited<ReturnType<typeof scoreMessages>> | undefined;

  constructor(model: ReportScorer) {
    this.#model = model;
    this.#baseModels = Array.from({ length: model.baseModels }, () => []);
  }

  async score(batch: readonly ReportMessage[]): Promise<void> {
    this.#batch = await scoreMessages(this.#model.scorer, batch, { baseModels: true });
    const { decodeSeconds, featurizeSeconds, inferSeconds, stageSeconds } = this.#batch.statistics;
    if (stageSeconds === undefined) return;
    this.#seconds.messages += batch.length;
    this.#seconds.inAll += decodeSeconds + featurizeSeconds + inferSeconds;
    for (const [stage, seconds] of stageSeconds.entries())
      this.#seconds.stages[stage] = (this.#seconds.stages[stage] ?? 0) + seconds;
  }

  hasScored(at: number): boolean {
    return this.#batch?.probabilities[at] != null;
  }

  /** Keeps the scores of a message of the batch, and returns its probability. */
  keep(at: number): number {
    const probability = this.#batch!.probabilities[at]!;
    this.#probabilities.push(probability);
    const values = this.#batch!.baseModels?.[at];
    for (const [member, scores] of this.#baseModels.entries()) scores.push(values?.[member] ?? probability);
    return probability;
  }

  scores(): ModelScores {
    return {
      probabilities: this.#probabilities,
      baseModels: this.#baseModels,
      seconds: this.#seconds.messages === 0 ? null : this.#seconds,
    };
  }
}

function factsOf(message: ReportMessage, languageOf: (text: string) => string): MessageFacts {
  return {
    label: message.label,
    source: message.source,
    community: message.community,
    language: message.language ?? languageOf(message.text),
    characters: message.text.length,
    at: message.at ?? null,
  };
}
