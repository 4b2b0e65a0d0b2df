import { MAX_DECISION_ITEMS, type RowLabel } from '../core/decision.ts';
import {
  type Asked,
  LabelQuestions,
  type Question,
  type QuestionParts,
  type SessionState,
} from './label-questions.ts';

/** Makes decisions and takes them back. Throws what `ReviewDesk` throws. */
export interface Decider {
  /** Returns the number of the decision; null where nothing was changed. At most `MAX_DECISION_ITEMS` rows. */
  decide(label: RowLabel, ids: readonly number[]): Promise<number | null>;
  undo(decision: number): Promise<void>;
}

export type SessionParts = { readonly decider: Decider } & (
  | QuestionParts
  /** Questions that others have too, and that are loaded; their owner calls `learn`. */
  | { readonly questions: LabelQuestions }
);

interface Answer {
  readonly asked: Asked;
  readonly decisions: number[];
}

/** Asks one person what to label next. `load` comes first. */
export class LabelSession {
  readonly #decider: Decider;
  readonly #questions: LabelQuestions;
  readonly #isShared: boolean;
  readonly #answers: Answer[] = [];
  #asked: Asked | undefined;

  constructor(parts: SessionParts) {
    this.#decider = parts.decider;
    this.#isShared = 'questions' in parts;
    this.#questions = 'questions' in parts ? parts.questions : new LabelQuestions(parts);
  }

  /** Reads the table once, and what is sampled of it again. `progress` gets the rows read. Returns how many texts are chosen among. */
  load(progress?: (rows: number) => void, signal?: AbortSignal): Promise<number> {
    return this.#questions.load(progress, signal);
  }

  /**
   * What to ask now; undefined where nothing is left. What somebody else has labeled meanwhile is learned instead. The same question again
   * until it is answered.
   */
  async next(): Promise<Question | undefined> {
    this.#asked ??= await this.#questions.take();
    return this.#asked?.question;
  }

  /** The question that is not answered yet. */
  get question(): Question | undefined {
    return this.#asked?.question;
  }

  /** How many answers `undo` can take back. */
  get given(): number {
    return this.#answers.length;
  }

  /**
   * Answers the question; `unsure` labels nothing, and the message is not asked again in this session. Rows that somebody has labeled since
   * are left alone. Returns how many were labeled. Throws what the decider throws; then the question stays, and `undo` takes back what was done.
   */
  async answer(label: RowLabel | 'unsure'): Promise<number> {
    const asked = this.#asked;
    if (asked === undefined) return 0;
    const answer: Answer = { asked, decisions: [] };
    this.#answers.push(answer);
    let labeled = 0;
    if (label !== 'unsure')
      try {
        labeled = await this.#decide(answer, label);
      } catch (error) {
        // Nothing was done, so that there is nothing to take back.
        if (answer.decisions.length === 0) this.#answers.pop();
        throw error;
      }
    this.#asked = undefined;
    await this.#questions.answered(asked, label);
    if (!this.#isShared) this.#questions.learn();
    return labeled;
  }

  async #decide({ asked, decisions }: Answer, label: RowLabel): Promise<number> {
    const free = await this.#questions.unlabeledOf(asked);
    for (let from = 0; from < free.length; from += MAX_DECISION_ITEMS) {
      const decision = await this.#decider.decide(label, free.slice(from, from + MAX_DECISION_ITEMS));
      if (decision !== null) decisions.push(decision);
    }
    return free.length;
  }

  /** Takes the last answer of this session back, and asks it again. False where there is none. Throws what the decider throws. */
  async undo(): Promise<boolean> {
    const last = this.#answers.at(-1);
    if (last === undefined) return false;
    for (let decision = last.decisions.at(-1); decision !== undefined; decision = last.decisions.at(-1)) {
      await this.#decider.undo(decision);
      last.decisions.pop();
    }
    this.#answers.pop();
    // What was asked in the meantime comes again later.
    if (this.#asked !== undefined && this.#asked.number !== last.asked.number) await this.leave();
    this.#asked = await this.#questions.again(last.asked);
    return true;
  }

  /** Keeps others from the question for longer; gives it up where another process has it by now. */
  async renew(): Promise<void> {
    if (this.#asked !== undefined && !(await this.#questions.renew(this.#asked))) await this.leave();
  }

  /** Gives the question back, so that somebody else may get it. */
  async leave(): Promise<void> {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked !== undefined) await this.#questions.giveBack(asked);
  }

  /** Of what is known so far; takes a moment. */
  state(): SessionState {
    return this.#questions.state();
  }
}
