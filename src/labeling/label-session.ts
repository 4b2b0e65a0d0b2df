import { MAX_DECISION_ITEMS, type RowLabel } from '../core/decision.ts';
import { isByPerson, type LabelRow, stepOf } from '../core/label-step.ts';
import type { LabelStore } from '../ports/label-store.ts';
import { BandIndex, NearDuplicateOf } from './light/band-index.ts';
import { DistinctSample, type SampledText } from './light/distinct-sample.ts';
import { LightPool } from './light/light-pool.ts';
import { estimateQuality, type Quality, SettledWatch } from './light/quality-estimate.ts';
import { QuestionOrder, type Reason } from './light/question-order.ts';

/** Unlabeled texts that are chosen among, and labeled texts that are learned from; of more, a sample is drawn. */
const MOST = { unlabeled: 30_000, labeled: 10_000 };
const PAGE = 1000;
const TEXTS_AT_ONCE = 500;
/** What a label of a step counts for beside a person's: rules are right for most rows, not for all. */
export const WEIGHT_OF_STEP = 0.1;

/** Makes decisions and takes them back. Throws what `ReviewDesk` throws. */
export interface Decider {
  /** Returns the number of the decision; null where nothing was changed. At most `MAX_DECISION_ITEMS` rows. */
  decide(label: RowLabel, ids: readonly number[]): Promise<number | null>;
  undo(decision: number): Promise<void>;
}

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

export interface SessionParts {
  readonly store: Pick<LabelStore, 'rows' | 'rowsOf'>;
  readonly decider: Decider;
  readonly priorOf?: PriorOf;
  /** Two people with different numbers are asked in different orders. */
  readonly person?: number;
  /** Smaller samples, for tests. */
  readonly most?: typeof MOST;
}

interface Asked {
  readonly question: Question;
  /** In the pool, of the text and of the near-duplicates that the answer labels too. */
  readonly number: number;
  readonly covered: readonly number[];
}

interface Answer {
  readonly asked: Asked;
  readonly decisions: number[];
}

/** Asks one person what to label next. `load` comes first. */
export class LabelSession {
  readonly #parts: SessionParts;
  readonly #pool = new LightPool();
  readonly #bands = new BandIndex();
  /** By number in the pool. */
  readonly #texts: SampledText[] = [];
  readonly #loaded: { readonly label: RowLabel | null; readonly weight: number | undefined }[] = [];
  readonly #answers: Answer[] = [];
  readonly #watch = new SettledWatch();
  #order: QuestionOrder | undefined;
  #asked: Asked | undefined;

  constructor(parts: SessionParts) {
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

  /**
   * What to ask now; undefined where nothing is left. What somebody else has labeled meanwhile is learned instead. The same question again
   * until it is answered.
   */
  async next(): Promise<Question | undefined> {
    const order = this.#order!;
    while (this.#asked === undefined) {
      const next = order.next();
      if (next === undefined) return undefined;
      this.#asked = await this.#questionOf(next.row, next.reason);
    }
    return this.#asked.question;
  }

  /**
   * Answers the question; `unsure` labels nothing, and the message is not asked again in this session. Rows that somebody has labeled since
   * are left alone. Returns how many were labeled. Throws what the decider throws; then the question stays, and `undo` takes back what was done.
   */
  async answer(label: RowLabel | 'unsure'): Promise<number> {
    const asked = this.#asked;
    if (asked === undefined) return 0;
    const order = this.#order!;
    const answer: Answer = { asked, decisions: [] };
    let labeled = 0;
    if (label !== 'unsure') {
      this.#answers.push(answer);
      const free = await this.#stillUnlabeled(asked.question.ids);
      for (let from = 0; from < free.length; from += MAX_DECISION_ITEMS) {
        const ids = free.slice(from, from + MAX_DECISION_ITEMS);
        const decision = await this.#parts.decider.decide(label, ids);
        if (decision !== null) answer.decisions.push(decision);
        labeled += ids.length;
      }
      order.learn(asked.number, label);
    } else this.#answers.push(answer);
    for (const number of asked.covered) order.skip(number);
    this.#asked = undefined;
    if (order.isDue) this.#refit(order);
    return labeled;
  }

  /** Takes the last answer of this session back, and asks it again. False where there is none. Throws what the decider throws. */
  async undo(): Promise<boolean> {
    const last = this.#answers.at(-1);
    if (last === undefined) return false;
    for (let decision = last.decisions.at(-1); decision !== undefined; decision = last.decisions.at(-1)) {
      await this.#parts.decider.undo(decision);
      last.decisions.pop();
    }
    this.#answers.pop();
    const order = this.#order!;
    for (const number of [last.asked.number, ...last.asked.covered]) order.forget(number);
    // What was asked in the meantime comes again later.
    if (this.#asked !== undefined && this.#asked.number !== last.asked.number)
      order.forget(this.#asked.number);
    this.#asked = { ...last.asked, question: { ...last.asked.question, reason: 'again' } };
    order.skip(last.asked.number);
    return true;
  }

  /** Of what is known so far; takes a moment. */
  state(): SessionState {
    const { known } = this.#order!;
    return {
      answers: known.filter(({ weight }) => weight === undefined).length,
      quality: estimateQuality(this.#pool, known, { groupOf: (row) => this.#bands.groupOf(row) }),
      isSettled: this.#watch.isSettled,
    };
  }

  #refit(order: QuestionOrder): void {
    order.refit();
    this.#watch.look(order.answers, order.allLogOdds);
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

  /** Undefined where somebody has labeled or removed it by now. */
  async #questionOf(number: number, reason: Reason): Promise<Asked | undefined> {
    const order = this.#order!;
    const [row] = await this.#parts.store.rowsOf([this.#texts[number]!.id]);
    if (row === undefined) return undefined;
    if (row.label !== null) {
      order.learn(number, row.label, isWeak(row) ? WEIGHT_OF_STEP : undefined);
      return undefined;
    }
    const { near, labeled } = await this.#nearDuplicatesOf(number, row);
    const covered = labeled.spam > 0 && labeled.ham > 0 ? [] : near;
    const ids = [number, ...covered].flatMap((each) => this.#texts[each]!.ids);
    const question = { row, reason, probability: order.probability(number), ids, labeled };
    return { question, number, covered };
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

  async #stillUnlabeled(ids: readonly number[]): Promise<number[]> {
    const free: number[] = [];
    for await (const { id, label } of this.#rowsOf(ids)) if (label === null) free.push(id);
    return free;
  }

  async *#rowsOf(ids: readonly number[]): AsyncIterable<LabelRow> {
    for (let from = 0; from < ids.length; from += TEXTS_AT_ONCE)
      yield* await this.#parts.store.rowsOf(ids.slice(from, from + TEXTS_AT_ONCE));
  }
}

function isWeak({ labelled_by }: LabelRow): boolean {
  return stepOf(labelled_by) !== undefined;
}
