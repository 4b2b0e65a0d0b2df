import type { RowLabel } from '../core/decision.ts';
import { isByPerson, type LabelRow, stepOf } from '../core/label-step.ts';
import { type LabelLeases, MAX_CLAIMED_ROWS } from '../ports/label-leases.ts';
import type { LabelStore } from '../ports/label-store.ts';
import { BandIndex, NearDuplicateOf } from './light/band-index.ts';
import { DistinctSample, type SampledText } from './light/distinct-sample.ts';
import { LightPool } from './light/light-pool.ts';
import { estimateInFolds, estimateQuality, type Quality, SettledWatch } from './light/quality-estimate.ts';
import { QuestionOrder, type Reason } from './light/question-order.ts';

/** Unlabeled texts that are chosen among, and labeled texts that are learned from; of more, a sample is drawn. */
const MOST = { unlabeled: 30_000, labeled: 10_000 };
const PAGE = 1000;
const TEXTS_AT_ONCE = 500;
/** Questions after which a text that another process asked about may be asked again, where it is still unlabeled. */
const QUESTIONS_APART = 20;
/** What a label of a step counts for beside a person's: rules are right for most rows, not for all. */
export const WEIGHT_OF_STEP = 0.1;

/** Another model's probabilities that messages are spam; null where it has none. */
export type PriorOf = (rows: readonly LabelRow[]) => Promise<readonly (number | null)[]>;

export interface Question {
  readonly row: LabelRow;
  readonly reason: Reason;
  /** That it is spam, by what is known so far. */
  readonly probability: number;
  /** Rows that the answer labels: the row, those with the same text, and near-duplicates. */
  readonly ids: readonly number[];
  /** Labels that people gave to near-duplicates. Where both kinds are there, the answer labels rows with the same text alone. */
  readonly labeled: Readonly<Record<RowLabel, number>>;
}

/** What is known of the model after some answers. */
export interface SessionState {
  /** Labels of people that were learned: of this session and of before. */
  readonly answers: number;
  /** Undefined where a class has too few labels. */
  readonly quality: Quality | undefined;
  /** More answers hardly change the model: see {@link SettledWatch}. */
  readonly isSettled: boolean;
}

export interface QuestionParts {
  readonly store: Pick<LabelStore, 'rows' | 'rowsOf'>;
  readonly priorOf?: PriorOf;
  /** Keeps people in other processes from the same rows; nobody does where it is left out. */
  readonly leases?: LabelLeases;
  /** Two people with different numbers are asked in different orders. */
  readonly person?: number;
  /** Smaller samples, for tests. */
  readonly most?: typeof MOST;
}

/** A question that one person has. */
export interface Asked {
  readonly question: Question;
  /** In the pool, of the text and of the near-duplicates that the answer labels too. */
  readonly number: number;
  readonly covered: readonly number[];
  /** Those of them that may be asked again where the question is given back. */
  readonly opened: readonly number[];
}

/**
 * What to label next, for one person or several: no two of them get the same text at once, and the answers of all teach one model. `load`
 * comes first; calls come one after the other.
 */
export class LabelQuestions {
  readonly #parts: QuestionParts;
  readonly #pool = new LightPool();
  readonly #bands = new BandIndex();
  /** By number in the pool. */
  readonly #texts: SampledText[] = [];
  readonly #loaded: { readonly label: RowLabel | null; readonly weight: number | undefined }[] = [];
  readonly #watch = new SettledWatch();
  /** Texts that somebody has now. */
  readonly #taken = new Set<number>();
  /** Texts that another process asks about, and how many questions ago it did. */
  readonly #elsewhere = new Map<number, number>();
  #order: QuestionOrder | undefined;

  constructor(parts: QuestionParts) {
    this.#parts = parts;
  }

  /** Reads the table once, and what is sampled of it again. `progress` gets the rows read. Returns how many texts are chosen among. */
  async load(progress?: (rows: number) => void, signal?: AbortSignal): Promise<number> {
    const { store, person = 0, most = MOST } = this.#parts;
    const unlabeled = new DistinctSample({ most: most.unlabeled });
    const people = new DistinctSample({ most: most.labeled });
    const steps = new DistinctSample({ most: most.labeled });
    let read = 0;
    for (let after = 0; signal?.aborted !== true; ) {
      const page = await store.rows({ after, limit: PAGE });
      for (const row of page)
        (row.label === null ? unlabeled : isWeak(row) ? steps : people).add(row.id, row.message);
      read += page.length;
      progress?.(read);
      if (page.length < PAGE) break;
      after = page.at(-1)!.id;
    }
    for (const sample of [people, steps, unlabeled]) await this.#add(sample.texts(), signal);
    const order = new QuestionOrder(this.#pool, {
      ...{ seed: 0, person },
      sizes: this.#texts.map(({ rows }) => rows),
    });
    for (const [number, { label, weight }] of this.#loaded.entries())
      if (label !== null) order.learn(number, label, weight);
    order.refit();
    this.#order = order;
    return this.#loaded.filter(({ label }) => label === null).length;
  }

  /** What to ask now; undefined where nothing is left. What somebody else has labeled meanwhile is learned instead. */
  async take(): Promise<Asked | undefined> {
    const order = this.#order!;
    for (const [number, questions] of this.#elsewhere)
      if (questions < QUESTIONS_APART) this.#elsewhere.set(number, questions + 1);
      else this.#askAgain(number);
    for (let next = order.next(); next !== undefined; next = order.next()) {
      this.#taken.add(next.row);
      const asked = await this.#askedOf(next.row, next.reason);
      if (asked !== undefined && (await this.#claim(asked))) return asked;
      this.#taken.delete(next.row);
      if (asked === undefined) continue;
      this.#open(asked);
      this.#elsewhere.set(next.row, 0);
    }
    // Nothing else is left, but perhaps by the next call.
    for (const number of [...this.#elsewhere.keys()]) this.#askAgain(number);
    return undefined;
  }

  /** Keeps others from the question for longer. False where another process has it by now. */
  renew(asked: Asked): Promise<boolean> {
    return this.#claim(asked);
  }

  /** The rows of a question that nobody has labeled by now. */
  async unlabeledOf({ question }: Asked): Promise<number[]> {
    const free: number[] = [];
    for await (const { id, label } of this.#rowsOf(question.ids)) if (label === null) free.push(id);
    return free;
  }

  /** A question that is answered; what is `unsure` is not asked again. */
  async answered(asked: Asked, label: RowLabel | 'unsure'): Promise<void> {
    const order = this.#order!;
    if (label !== 'unsure') order.learn(asked.number, label);
    for (const number of asked.covered) order.skip(number);
    await this.#free(asked);
  }

  /** Fits the model again where there are enough new answers; takes a moment. */
  learn(): void {
    const order = this.#order!;
    if (!order.isDue) return;
    order.refit();
    this.#watch.look(order.answers, order.allLogOdds);
  }

  /** A question that somebody leaves unanswered: anybody may get it. */
  async giveBack(asked: Asked): Promise<void> {
    this.#order!.forget(asked.number);
    this.#open(asked);
    await this.#free(asked);
  }

  /** An answer that was taken back: the question as it is asked again. */
  async again(asked: Asked): Promise<Asked> {
    const order = this.#order!;
    for (const number of [asked.number, ...asked.covered]) {
      order.forget(number);
      order.skip(number);
      this.#taken.add(number);
    }
    const again: Asked = {
      ...asked,
      question: { ...asked.question, reason: 'again' },
      opened: asked.covered,
    };
    await this.renew(again);
    return again;
  }

  /** Labels of people that were learned. */
  get answers(): number {
    return this.#order!.answers;
  }

  /** More answers hardly change the model: see {@link SettledWatch}. */
  get isSettled(): boolean {
    return this.#watch.isSettled;
  }

  /** The model's quality by what is known now, fold by fold; a fold takes a moment. */
  estimate(): Generator<void, Quality | undefined> {
    return estimateInFolds(this.#pool, this.#order!.known, { groupOf: (row) => this.#bands.groupOf(row) });
  }

  /** Of what is known so far; takes a moment. */
  state(): SessionState {
    const { known } = this.#order!;
    return {
      answers: this.answers,
      quality: estimateQuality(this.#pool, known, { groupOf: (row) => this.#bands.groupOf(row) }),
      isSettled: this.#watch.isSettled,
    };
  }

  async #add(texts: readonly SampledText[], signal?: AbortSignal): Promise<void> {
    for (let from = 0; from < texts.length; from += TEXTS_AT_ONCE) {
      if (signal?.aborted === true || this.#pool.isFull) return;
      const part = new Map(texts.slice(from, from + TEXTS_AT_ONCE).map((text) => [text.id, text]));
      const rows = await this.#parts.store.rowsOf([...part.keys()]);
      const priors = (await this.#parts.priorOf?.(rows)) ?? [];
      for (const [at, row] of rows.entries()) {
        this.#pool.add(row.message, priors[at] ?? null);
        this.#bands.add(row.message);
        this.#texts.push(part.get(row.id)!);
        this.#loaded.push({ label: row.label, weight: isWeak(row) ? WEIGHT_OF_STEP : undefined });
      }
    }
  }

  #askAgain(number: number): void {
    this.#elsewhere.delete(number);
    this.#order!.forget(number);
  }

  /** Undefined where somebody has labeled or removed it by now. */
  async #askedOf(number: number, reason: Reason): Promise<Asked | undefined> {
    const order = this.#order!;
    const [row] = await this.#parts.store.rowsOf([this.#texts[number]!.id]);
    if (row === undefined) return undefined;
    if (row.label !== null) {
      order.learn(number, row.label, isWeak(row) ? WEIGHT_OF_STEP : undefined);
      return undefined;
    }
    const { near, labeled } = await this.#nearDuplicatesOf(number, row);
    // What somebody else has before the eyes stays with that person.
    const covered = labeled.spam > 0 && labeled.ham > 0 ? [] : near.filter((each) => !this.#taken.has(each));
    const opened = covered.filter((each) => order.isOpen(each));
    for (const each of covered) {
      this.#taken.add(each);
      order.skip(each);
    }
    const ids = [number, ...covered].flatMap((each) => this.#texts[each]!.ids);
    const question = { row, reason, probability: order.probability(number), ids, labeled };
    return { question, number, covered, opened };
  }

  async #nearDuplicatesOf(number: number, row: LabelRow) {
    const candidates = this.#bands.candidates(row.message).filter((each) => each !== number);
    const numbers = new Map(candidates.map((each) => [this.#texts[each]!.id, each]));
    const wanted = new NearDuplicateOf(row.message);
    const near: number[] = [];
    const labeled = { spam: 0, ham: 0 };
    for await (const other of this.#rowsOf([...numbers.keys()])) {
      if (!wanted.matches(other.message)) continue;
      if (other.label === null) near.push(numbers.get(other.id)!);
      else if (isByPerson(other.labelled_by)) labeled[other.label]++;
    }
    return { near, labeled };
  }

  /** The near-duplicates of a question that nobody answers. */
  #open({ covered, opened }: Asked): void {
    for (const number of covered) this.#taken.delete(number);
    for (const number of opened) this.#order!.forget(number);
  }

  async #claim(asked: Asked): Promise<boolean> {
    const { leases } = this.#parts;
    return leases === undefined || (await leases.claim(this.#claimedBy(asked)));
  }

  async #free(asked: Asked): Promise<void> {
    for (const number of [asked.number, ...asked.covered]) this.#taken.delete(number);
    await this.#parts.leases?.release(this.#claimedBy(asked));
  }

  /** Each text by its first row, in all processes the same. */
  #claimedBy({ number, covered }: Asked): number[] {
    return [number, ...covered.slice(0, MAX_CLAIMED_ROWS - 1)].map((each) => this.#texts[each]!.id);
  }

  async *#rowsOf(ids: readonly number[]): AsyncIterable<LabelRow> {
    for (let from = 0; from < ids.length; from += TEXTS_AT_ONCE)
      yield* await this.#parts.store.rowsOf(ids.slice(from, from + TEXTS_AT_ONCE));
  }
}

function isWeak({ labelled_by }: LabelRow): boolean {
  return stepOf(labelled_by) !== undefined;
}
