import type { RowLabel } from './decision.ts';
import type { StepReport } from './step-report.ts';

/** Rows by what they are known as. */
export type ByLabel<T> = Readonly<Record<'spam' | 'ham' | 'unlabeled', T>>;

/** A message that a rule matches. */
export interface RuleHit {
  readonly id: number;
  readonly label: RowLabel | null;
  readonly message: string;
  /** What matched, in words. */
  readonly what: string;
  /** The part that matched: UTF-16 code units of the message. */
  readonly start: number;
  readonly end: number;
}

/** How often a rule was right, as far as is known. */
export interface Precision {
  readonly right: number;
  readonly known: number;
  /** Share of the known ones that are right; null where none is known. */
  readonly estimate: number | null;
  /** Of an interval that holds the precision of all hits with a probability of 95 %. */
  readonly low: number;
  readonly high: number;
}

/** What a rule matches, and the report of its step: the JSON that `sluice label rules` prints. */
export interface RuleReport extends StepReport {
  readonly rule: string;
  readonly as: RowLabel;
  /** Rows of the table, and those that the rule matches, by their label. */
  readonly table: ByLabel<number>;
  readonly hits: ByLabel<number>;
  /** Drawn at random. */
  readonly hit_examples: ByLabel<readonly RuleHit[]>;
  /** By the labels that people gave, or that came with the messages; those of steps are no evidence. */
  readonly precision: Precision;
  /** By the answers to a random sample of the unlabeled hits; null without a check. */
  readonly checked: (Precision & { readonly unsure: number }) | null;
  /** Why it was not applied, though that was asked for. */
  readonly refused: string | null;
}

/** A person's answer about a hit; `stop` ends the check, and nothing is applied. */
export type RuleAnswer = RowLabel | 'unsure' | 'stop';

/** Asks a person about a hit. The caller records the answer. */
export type AskAboutHit = (hit: RuleHit, at: number, of: number) => Promise<RuleAnswer>;

/** A row of the answer to `sluice label similar`; scripts rely on its keys. */
export interface SimilarMessage {
  readonly id: number;
  /** From 0 to 1; 1 for the same text. */
  readonly similarity: number;
  readonly kind: 'near-duplicate' | 'similar';
  readonly label: RowLabel | null;
  readonly message: string;
}
