import type { RowLabel } from '../core/decision.ts';
import { MAX_DECISION_ITEMS } from '../core/decision.ts';
import { isByPerson, type LabelRow } from '../core/label-step.ts';
import type { LabelStore } from '../ports/label-store.ts';
import { BandIndex, NearDuplicateOf } from './light/band-index.ts';
import { DistinctSample, type SampledText } from './light/distinct-sample.ts';
import { LightPool } from './light/light-pool.ts';
import { type Progress, QualityEstimate } from './light/quality-estimate.ts';
import { QuestionOrder, type Reason } from './light/question-order.ts';

/** Unlabeled texts that are chosen among, and labeled texts that are learned from; of more, a sample is drawn. */
export const MOST_UNLABELED = 50_000;
export const MOST_LABELED = 20_000;
const PAGE = 1000;
const TEXTS_AT_ONCE = 500;
/** What a label of a step counts for beside an answer: rules are right for most rows, not for all. */
const WEIGHT_OF_STEP = 0.1;

/** Makes decisions and takes them back. Throws what `ReviewDesk` throws. */
export interface Decider {
  /** Returns the number of the decision; null where all rows had the label already. At most `MAX_DECISION_ITEMS` rows. */
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
  /** Rows that the answer labels: the row, those with the same text, and its near-duplicates. */
  readonly ids: readonly number[];
  /** Labels that people gave near-duplicates of it. Where both kinds are there, the answer labels the row and its equals alone. */
  readonly labeled: Readonly<Record<RowLabel, number>>;
}

export interface SessionParts {
  readonly store: Pick<LabelStore, 'rows' | 'rowsOf'>;
  readonly decider: Decider;
  readonly priorOf?: PriorOf;
  /** Two people with different numbers are asked about different messages first. */
  readonly seed?: number;
  /** Smaller samples, for tests. */
  readonly most?: { readonly unlabeled: number; readonly labeled: number };
}

interface Answered {
  readonly number: number;
  readonly label: RowLabel | 'unsure';
  readonly decisions: readonly number[];
  readonly covered: readonly number[];
}

/** Asks one person what to label next. `load` comes first. */
export class LabelSession {
  readonly #parts: SessionParts;
  readonly #pool = new LightPool();
  readonly #bands = new BandIndex();
  /** By number in the pool; of labeled ones too. */
  readonly #texts: SampledText[] = [];
  readonly #labelOf: (RowLabel | null)[] = [];
  readonly #answered: Answered[] = [];
  #order!: QuestionOrder;
  #quality!: QualityEstimate;
  #asked: { readonly question: Question; readonly number: number; readonly covered: readonly number[] } | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Reads the table once and what is sampled of it again. `progress` gets the rows read. Throws what the store throws. */
  async load(progress?: (rows: number) => void, signal?: AbortSignal): Promise<void> {
    const { store, seed = 0, most = { unlabeled: MOST_UNLABELED, labeled: MOST_LABELED } } = this.#parts;
    const unlabeled = new DistinctSample({ most: most.unlabeled });
    const labeled = new DistinctSample({ most: most.labeled });
    let read = 0;
    for (let after = 0; signal?.aborted !== true; ) {
      const page = await store.rows({ after, limit: PAGE });
      for (const row of page) (row.label === null ? unlabeled : labeled).add(row.id, row.message);
      read += page.length;
      progress?.(read);
      if (page.length < PAGE) break;
      after = page.at(-1)!.id;
    }
    await this.#add(labeled.texts(), signal);
    await this.#add(unlabeled.texts(), signal);
    this.#order = new QuestionOrder(this.#pool, { seed, sizes: this.#texts.map(({ rows }) => rows) });
    this.#quality = new QualityEstimate(this.#pool);
    for (const [number, label] of this.#labelOf.entries()) if (label !== null) this.#learn(number, label);
    this.#order.refit();
  }

  /** How many different texts are chosen among. */
  get size(): number {
    return this.#labelOf.filter((label) => label === null).length;
  }

  /**
   * What to ask now; undefined where nothing is left. What somebody else has labeled meanwhile is not asked, but learned. The same
   * question again until it is answered.
   */
  async next(): Promise<Question | undefined> {
    while (this.#asked === undefined) {
      const next = this.#order.next();
      if (next === undefined) return undefined;
      const question = await this.#questionOf(next.row, next.reason);
      if (question !== undefined) this.#asked = question;
    }
    return this.#asked.question;
  }

  /** Answers the last question. `unsure` labels nothing. Returns how many rows were labeled. Throws what the decider throws. */
  async answer(label: RowLabel | 'unsure'): Promise<number> {
    const asked = this.#asked;
    if (asked === undefined) return 0;
    const decisions: number[] = [];
    const ids = label === 'unsure' ? [] : await this.#stillUnlabeled(asked.question.ids);
    const answered = { number: asked.number, label, decisions, covered: asked.covered };
    if (ids.length > 0) this.#answered.push(answered);
    for (let from = 0; from < ids.length; from += MAX_DECISION_ITEMS) {
      const made = await this.#parts.decider.decide(
        label as RowLabel,
        ids.slice(from, from + MAX_DECISION_ITEMS),
      );
      if (made !== null) decisions.push(made);
    }
    if (ids.length === 0) this.#answered.push(answered);
    this.#asked = undefined;
    if (label !== 'unsure') {
      this.#labelOf[asked.number] = label;
      this.#learn(asked.number, label);
    }
    for (const covered of asked.covered) {
      if (label !== 'unsure') this.#labelOf[covered] = label;
      this.#order.skip(covered);
    }
    this.#order.skip(asked.number);
    if (this.#order.isDue) this.#order.refit();
    return ids.length;
  }

  /** Takes the last answer of this session back, and asks it again. False where there is none. Throws what the decider throws. */
  async undo(): Promise<boolean> {
    const last = this.#answered.at(-1);
    if (last === undefined) return false;
    for (const decision of [...last.decisions].reverse()) await this.#parts.decider.undo(decision);
    this.#answered.pop();
    for (const number of [last.number, ...last.covered]) {
      this.#labelOf[number] = null;
      this.#order.forget(number);
    }
    this.#quality.forget(last.number);
    this.#asked = await this.#questionOf(last.number, 'again');
    return true;
  }

  /** Of what is known so far. */
  progress(): Progress {
    return this.#quality.progress();
  }

  #learn(number: number, label: RowLabel, weight?: number): void {
    this.#order.learn(number, label, weight);
    if (weight === undefined) this.#quality.learn(number, label, this.#order.logOdds(number));
  }

  async #add(texts: readonly SampledText[], signal?: AbortSignal): Promise<void> {
    for (let from = 0; from < texts.length && signal?.aborted !== true && !this.#pool.isFull; from += TEXTS_AT_ONCE) {
      const part = new Map(texts.slice(from, from + TEXTS_AT_ONCE).map((text) => [text.id, text]));
      const rows = await this.#parts.store.rowsOf([...part.keys()]);
      const priors = (await this.#parts.priorOf?.(rows)) ?? [];
      for (const [at, row] of rows.entries()) {
        this.#pool.add(row.message, priors[at] ?? null);
        this.#bands.add(row.message);
        this.#texts.push(part.get(row.id)!);
        this.#labelOf.push(row.label);
        this.#weights.push(row.label === null || !isStep(row) ? undefined : WEIGHT_OF_STEP);
      }
    }
  }
  readonly #weights: (number | undefined)[] = [];

  async #questionOf(
    number: number,
    reason: Reason,
  ): Promise<{ readonly question: Question; readonly number: number; readonly covered: readonly number[] } | undefined> {
    const [row] = await this.#parts.store.rowsOf([this.#texts[number]!.id]);
    if (row === undefined || row.label !== null) {
      if (row?.label != null) this.#learn(number, row.label);
      this.#order.skip(number);
      return undefined;
    }
    const { covered, labeled } = await this.#nearDuplicatesOf(number, row);
    const isMixed = labeled.spam > 0 && labeled.ham > 0;
    const numbers = isMixed ? [number] : [number, ...covered];
    const ids = numbers.flatMap((each) => this.#texts[each]!.ids);
    const question = { row, reason, probability: this.#order.probability(number), ids, labeled };
    return { question, number, covered: isMixed ? [] : covered };
  }

  async #nearDuplicatesOf(number: number, row: LabelRow) {
    const candidates = this.#bands.candidates(row.message).filter((each) => each !== number);
    const byId = new Map(candidates.map((each) => [this.#texts[each]!.id, each]));
    const wanted = new NearDuplicateOf(row.message);
    const covered: number[] = [];
    const labeled = { spam: 0, ham: 0 };
    const ids = [...byId.keys()];
    for (let from = 0; from < ids.length; from += TEXTS_AT_ONCE)
      for (const other of await this.#parts.store.rowsOf(ids.slice(from, from + TEXTS_AT_ONCE))) {
        if (!wanted.matches(other.message)) continue;
        if (other.label === null) covered.push(byId.get(other.id)!);
        else if (isByPerson(other.labelled_by)) labeled[other.label]++;
      }
    return { covered, labeled };
  }

  async #stillUnlabeled(ids: readonly number[]): Promise<number[]> {
    const free: number[] = [];
    for (let from = 0; from < ids.length; from += TEXTS_AT_ONCE)
      for (const { id, label } of await this.#parts.store.rowsOf(ids.slice(from, from + TEXTS_AT_ONCE)))
        if (label === null) free.push(id);
    return free;
  }
}

function isStep({ labelled_by }: LabelRow): boolean {
  return labelled_by?.startsWith('step:') === true;
}
