import type { Thresholds } from '../../core/decision-policy.ts';
import { describeError } from '../../core/errors.ts';
import { obfuscationKinds, paddingKinds } from '../../core/obfuscation-kinds.ts';
import type { Known, ModelReport, ObfuscationFacts, WorstError } from '../../core/report-facts.ts';
import { wilsonInterval } from '../../core/wilson-interval.ts';
import { bandOf } from '../../decide/reject-option.ts';
import type { ClassificationFigures } from '../../evaluation/classification-figures.ts';
import { evaluateObfuscated } from '../../evaluation/evaluate-obfuscated.ts';
import { modelFigures } from '../../evaluation/report/model-report.ts';
import { type ReportMessage, scoreForReport } from '../../evaluation/report/score-for-report.ts';
import { WorstErrors } from '../../evaluation/report/worst-errors.ts';
import { EverySoMany } from '../../learning/compare/every-so-many.ts';
import type { LabelledMessages } from '../../ports/labelled-messages.ts';
import { SeededRandom } from '../../training/seeded-random.ts';
import { languageDetector } from '../learning/compare.ts';
import { obfuscationOf } from '../learning/obfuscation-of.ts';
import type { OpenScorer } from '../models/open-scorer.ts';
import { reasonsOf } from './error-reasons.ts';
import { openReportData } from './report-data.ts';
import { trainingFacts } from './training-facts.ts';

/** Messages of either class that are scored under each obfuscation at most: every so many of all. */
export const MOST_OBFUSCATED = 500;
/** False accusations that are shown, and as many missed spam messages. */
const WORST = 10;
/** Of a text that is shown. The whole is explained. */
const MOST_CHARACTERS = 600;
/** Of the bootstrap. */
const SEED = 1;

export interface ReportOnModels {
  /** At least one; all are evaluated on the same messages. */
  readonly models: readonly OpenScorer[];
  /** As `openHeldOut` takes them. */
  readonly data: readonly string[];
  readonly everything: boolean;
  readonly thresholds: Thresholds;
  readonly now: Date;
  /** Messages scored so far, and the obfuscation that they are scored under, if any. */
  readonly progress?: (scored: number, obfuscation?: string) => void;
  readonly signal?: AbortSignal;
}

export interface ModelReports {
  readonly models: readonly ModelReport[];
  /** Why data without a labeled message has none. */
  readonly empty: readonly string[];
}

/** Everything that a report says of models on labeled messages. Throws as data and scorers do, and the signal's reason. */
export async function modelReports(options: ReportOnModels): Promise<ModelReports> {
  const { models, thresholds, now, progress, signal } = options;
  const data = openReportData(options);
  const sample = new ClassSample();
  const errors = models.map(() => new ModelErrors(thresholds));
  const scored = await scoreForReport({
    models: models.map(({ scorer, manifest }) => ({ scorer, baseModels: manifest.members.length })),
    messages: data.messages,
    languageOf: languageDetector(),
    onScored: (message, probabilities) => {
      sample.add(message);
      for (const [at, ofModel] of errors.entries()) ofModel.add(message, probabilities[at]!);
    },
    ...(progress === undefined ? {} : { progress: (messages) => progress(messages) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const whyNone = ['There is no labeled message.', ...data.empty].join(' ');
  const reports: ModelReport[] = [];
  for (const [at, model] of models.entries()) {
    const random = new SeededRandom(SEED);
    const figures = modelFigures({
      ...{ version: model.version, manifest: model.manifest, thresholds, whyNone },
      ...{ messages: scored.messages, scores: scored.models[at]!, unscored: scored.unscored },
      now: now.getTime(),
      random: () => random.next(),
    });
    const isEmpty = scored.messages.length === 0;
    reports.push({
      ...figures,
      obfuscations: isEmpty ? { missing: whyNone } : await obfuscationsOf(model, sample, options),
      ...(isEmpty
        ? { falseAccusations: { missing: whyNone }, missedSpam: { missing: whyNone } }
        : await errors[at]!.explained(model)),
      training: await trainingFacts(model.path, model.manifest),
    });
  }
  return { models: reports, empty: data.empty };
}

/** A sample of either class, read in the order of the data: what random changes a text gets depends on the texts before. */
class ClassSample implements LabelledMessages {
  readonly name = 'sample';
  readonly #samples = {
    spam: new EverySoMany<NumberedMessage>(MOST_OBFUSCATED),
    ham: new EverySoMany<NumberedMessage>(MOST_OBFUSCATED),
  };
  #seen = 0;

  add(message: ReportMessage): void {
    this.#samples[message.label].add({ message, number: this.#seen++ });
  }

  async *read() {
    const { spam, ham } = this.#samples;
    const chosen = [...spam.chosen(), ...ham.chosen()].sort((one, other) => one.number - other.number);
    for (const { message } of chosen)
      yield { origin: message.source, text: message.text, label: message.label };
  }
}

interface NumberedMessage {
  readonly message: ReportMessage;
  readonly number: number;
}

/** Rates of the verdict spam over the messages that each obfuscation changes. */
async function obfuscationsOf(
  { scorer }: OpenScorer,
  sample: ClassSample,
  { thresholds, progress, signal }: ReportOnModels,
): Promise<readonly ObfuscationFacts[]> {
  const kinds = [...obfuscationKinds, ...paddingKinds].map(obfuscationOf);
  const figures = await evaluateObfuscated(scorer, [sample], kinds, {
    thresholds,
    ...(progress === undefined ? {} : { progress }),
    ...(signal === undefined ? {} : { signal }),
  });
  return figures.map(({ name, plain, disguised }) => ({
    name,
    spam: plain.spam,
    recallPlain: plain.spamAboveRejectMax,
    recall: intervalOf(disguised, 'spam'),
    ham: plain.ham,
    falsePositiveRatePlain: plain.hamAboveRejectMax,
    falsePositiveRate: intervalOf(disguised, 'ham'),
  }));
}

function intervalOf(figures: ClassificationFigures, label: 'spam' | 'ham') {
  const share = label === 'spam' ? figures.spamAboveRejectMax : figures.hamAboveRejectMax;
  return share === null ? null : wilsonInterval(Math.round(share * figures[label]), figures[label]);
}

type ScoredMessage = ReportMessage & { readonly probability: number };

/** The worst errors of one model. */
class ModelErrors {
  readonly #accusations: WorstErrors<ScoredMessage>;
  readonly #missed: WorstErrors<ScoredMessage>;

  constructor(thresholds: Thresholds) {
    const isError = (label: 'spam' | 'ham', verdict: 'spam' | 'ham') => (message: ScoredMessage) =>
      message.label === label && bandOf(message.probability, thresholds) === verdict;
    this.#accusations = new WorstErrors(WORST, isError('ham', 'spam'));
    this.#missed = new WorstErrors(WORST, isError('spam', 'ham'));
  }

  add(message: ReportMessage, probability: number): void {
    const scored = { ...message, probability };
    this.#accusations.add(scored);
    this.#missed.add(scored);
  }

  /** With their reasons. */
  async explained(model: OpenScorer): Promise<Pick<ModelReport, 'falseAccusations' | 'missedSpam'>> {
    const explain = await explainerOf(model);
    const explained = (messages: readonly ScoredMessage[]): Known<readonly WorstError[]> =>
      messages.map(({ text, label, probability, source, community, language = '' }) => ({
        text: shortened(text),
        ...{ label, probability, source, community, language },
        reasons: explain(text),
      }));
    return {
      falseAccusations: explained(this.#accusations.list()),
      missedSpam: explained(this.#missed.list()),
    };
  }
}

function shortened(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  // Not between the halves of a pair.
  return `${text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A model whose graphs are not of the form that training writes scores, and cannot be explained. */
async function explainerOf(model: OpenScorer): Promise<(text: string) => WorstError['reasons']> {
  try {
    const explain = await model.openExplainer?.();
    if (explain === undefined) return () => ({ missing: 'The reasons of this model cannot be computed.' });
    // Scored without community and language, as the messages were.
    return (message) => reasonsOf(explain({ message, message_id: '', community: '' }));
  } catch (error) {
    const missing = `The reasons of this model cannot be computed: ${describeError(error)}`;
    return () => ({ missing });
  }
}
