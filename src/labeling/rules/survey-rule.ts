import type { RowLabel } from '../../core/decision.ts';
import { type LabelRow, stepOf } from '../../core/label-step.ts';
import type { ByLabel } from '../../core/rule-report.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import { rowsOf } from './plan-rule.ts';
import { Reservoir } from './reservoir.ts';
import type { Rule, RuleMatch } from './rule.ts';

/** Steps whose kind is known. */
const MOST_STEPS = 10_000;

export interface FoundHit {
  readonly row: LabelRow;
  readonly match: RuleMatch;
}

/** What a rule matches in the table as it is. */
export interface RuleSurvey {
  readonly rows: ByLabel<number>;
  readonly hits: ByLabel<number>;
  /** Of the hits, those that people labeled or that came with their label: what a step labeled is no evidence. */
  readonly evidence: Readonly<Record<RowLabel, number>>;
  /** Drawn at random. */
  readonly examples: ByLabel<readonly FoundHit[]>;
  /** Unlabeled hits, drawn at random without replacement. */
  readonly sample: readonly FoundHit[];
}

export interface SurveyOptions {
  /** Examples of each label. */
  readonly examples: number;
  /** Unlabeled hits to ask about. */
  readonly sample: number;
  /** From 0, and below 1. */
  readonly random: () => number;
  readonly signal?: AbortSignal;
  /** Receives the rows that were read so far. */
  readonly progress?: (rows: number) => void;
}

/** Reads the table once, a page at a time; remembers what it returns, and nothing else. */
export async function surveyRule(
  store: Pick<LabelStore, 'rows' | 'steps'>,
  rule: Rule,
  { examples, sample, random, signal, progress = () => {} }: SurveyOptions,
): Promise<RuleSurvey> {
  const rows = { spam: 0, ham: 0, unlabeled: 0 };
  const hits = { spam: 0, ham: 0, unlabeled: 0 };
  const evidence = { spam: 0, ham: 0 };
  const shown = {
    spam: new Reservoir<FoundHit>(examples, random),
    ham: new Reservoir<FoundHit>(examples, random),
    unlabeled: new Reservoir<FoundHit>(examples, random),
  };
  const asked = new Reservoir<FoundHit>(sample, random);
  const steps = await store.steps(MOST_STEPS);
  const guessing = new Set(steps.filter(({ kind }) => kind !== 'import').map(({ id }) => id));
  let read = 0;
  for await (const row of rowsOf(store, {}, signal)) {
    const label = row.label ?? 'unlabeled';
    rows[label]++;
    progress(++read);
    const match = rule.match(row.message);
    if (match === null) continue;
    hits[label]++;
    const step = stepOf(row.labelled_by);
    if (row.label !== null && (step === undefined || !guessing.has(step))) evidence[row.label]++;
    shown[label].add({ row, match });
    if (label === 'unlabeled') asked.add({ row, match });
  }
  return {
    ...{ rows, hits, evidence },
    examples: { spam: shown.spam.items, ham: shown.ham.items, unlabeled: shown.unlabeled.items },
    sample: asked.items,
  };
}
