import type { RowLabel } from '../core/decision.ts';

/** `skip`: the message stays unlabeled, and is not asked again before the table is read again. */
export const labelAnswers = ['spam', 'ham', 'skip'] as const;
export type LabelAnswer = (typeof labelAnswers)[number];

/** A message of the training table that one person is asked to label. */
export interface LabelQuestion {
  /** Number of the training row. */
  readonly row: number;
  readonly message: string;
  readonly community: string;
  readonly source: string;
  /** Nothing like it was asked; the model cannot say; it is asked again after an undo. */
  readonly reason: 'new-kind' | 'uncertain' | 'again';
  /** That it is spam, by what is known so far. */
  readonly probability: number;
  /** Rows that the answer labels: this one, those with the same text, and near-duplicates. */
  readonly rows: number;
  /** Labels that people gave to near-duplicates. Where both kinds are there, the answer labels rows with the same text alone. */
  readonly labeled: Readonly<Record<RowLabel, number>>;
}

/** What one person sees of the labeling of the training table. */
export interface LabelView {
  /** `loading`: the table is being read. `finished`: nothing is left to ask. */
  readonly phase: 'loading' | 'asking' | 'finished';
  /** Of the table, while it is being read. */
  readonly rowsRead: number;
  /** Different unlabeled texts that were there to choose among; 0 while the table is being read. */
  readonly texts: number;
  readonly question: LabelQuestion | null;
  /** Rows that the answer labeled; null after everything but an answer. 0 where somebody had labeled them, and for a skipped message. */
  readonly labeledRows: number | null;
  /** Answers of this person that can be taken back. */
  readonly given: number;
  /** Labels of people that the model has learned, of all of them and of before. */
  readonly answers: number;
  /** Matthews correlation on labels that the model had not seen, with a 95 % interval; null where a class has too few labels. */
  readonly quality: { readonly mcc: number; readonly low: number; readonly high: number } | null;
  /** More answers hardly change the model. */
  readonly isSettled: boolean;
  /** Whether the active model says what looks like spam at first. */
  readonly usesModel: boolean;
}

/** Seconds after which a question is given back whose person has not called. */
export const QUESTION_SECONDS = 60;

/**
 * Asks people, by their names, about the messages whose labels teach a model most. No two people have the same message; answers are
 * decisions. Throws what the decisions throw, and `STORE_FAILED`.
 */
export interface LabelDesk<Person = string> {
  /** The question that this person has, or a new one; holds it for {@link QUESTION_SECONDS}. `again`: reads the table again where nothing is left. */
  next(who: Person, options?: { readonly again?: boolean }): Promise<LabelView>;
  /** Answers the question about this row, and returns the next one; the same answer twice counts once. Throws `LEASE_EXPIRED` where the person has another question by now, or none. */
  answer(who: Person, answer: { readonly row: number; readonly answer: LabelAnswer }): Promise<LabelView>;
  /** Takes this person's last answer back, and asks it again. Throws `UNDO_REFUSED` where there is none. */
  undo(who: Person): Promise<LabelView>;
  /** Gives the question back. */
  leave(who: Person): Promise<void>;
}
