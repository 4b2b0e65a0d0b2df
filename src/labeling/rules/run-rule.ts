import type { RowLabel } from '../../core/decision.ts';
import type { AskAboutHit, Precision, RuleHit, RuleReport } from '../../core/rule-report.ts';
import { EXAMPLE_CHARACTERS, type StepReport, type StepRun } from '../../core/step-report.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import { cutToLength } from '../../text/deobfuscate.ts';
import { runStep } from '../run-step.ts';
import { planRule, type RuleStepParameters, ruleOf } from './plan-rule.ts';
import { precisionOf } from './precision.ts';
import { type FoundHit, type RuleSurvey, surveyRule } from './survey-rule.ts';

export interface RuleRun extends StepRun {
  readonly parameters: RuleStepParameters;
  /** Examples of each label. */
  readonly examples: number;
  /** Unlabeled hits to ask about; 0 for no check. */
  readonly sample: number;
  /** Share of right hits below which the rule is not applied. */
  readonly minPrecision?: number;
  readonly ask?: AskAboutHit;
}

export interface RuleParts {
  readonly store: LabelStore;
  readonly clock: Clock;
  /** From 0, and below 1; other numbers each time. */
  readonly random: () => number;
}

/**
 * Counts what a rule matches, asks about a sample where that is wanted, and applies the rule unless the answers speak against it. Throws
 * `DATA_INVALID` for a pattern that cannot be used, and what {@link runStep} throws.
 */
export async function runRule({ store, clock, random }: RuleParts, run: RuleRun): Promise<RuleReport> {
  const { parameters, examples, signal, progress, ask } = run;
  const rule = ruleOf(parameters.options);
  const { as } = parameters;
  const survey = await surveyRule(store, rule, {
    ...{ examples, random, signal, sample: ask === undefined ? 0 : run.sample },
    progress: (rows) => progress({ phase: 'planning', rows }),
  });
  const { evidence } = survey;
  const precision = precisionOf(evidence[as], evidence.spam + evidence.ham);
  const check = ask === undefined ? null : await checkedBy(ask, survey.sample, as);
  const refused = signal.aborted ? null : whyRefused(run, precision, check);
  const plan = planRule(store, exceptFor(parameters, check), rule);
  const isApplied = run.apply && refused === null && !signal.aborted;
  const step = isApplied
    ? await runStep(plan, { store, clock, apply: true, by: run.by, signal, progress })
    : plannedReport(plan.about, survey, as, signal.aborted);
  return {
    ...step,
    ...{ rule: rule.name, as, table: survey.rows, hits: survey.hits, precision },
    hit_examples: {
      spam: survey.examples.spam.map(hitOf),
      ham: survey.examples.ham.map(hitOf),
      unlabeled: survey.examples.unlabeled.map(hitOf),
    },
    checked: check === null ? null : check.precision,
    refused: run.apply ? refused : null,
  };
}

/** What a dry run of the step would report. */
function plannedReport(
  about: string,
  { hits, examples }: RuleSurvey,
  as: RowLabel,
  isStopped: boolean,
): StepReport {
  return {
    ...{ kind: 'rule', about, state: isStopped ? 'stopped' : 'planned', step: null },
    ...{ rows: hits.unlabeled, left_alone: 0, known: { spam: 0, ham: 0, unlabeled: hits.unlabeled } },
    becomes: { spam: 0, ham: 0, removed: 0, grouped: 0, [as]: hits.unlabeled },
    examples: examples.unlabeled
      .map(({ row }) => ({ ...row, message: cutToLength(row.message, EXAMPLE_CHARACTERS), becomes: as }))
      .sort((a, b) => a.id - b.id),
  };
}

interface Check {
  readonly precision: Precision & { readonly unsure: number };
  readonly isStopped: boolean;
  readonly asked: number;
  /** Ids of the rows that nobody was sure of. */
  readonly unsure: readonly number[];
}

function exceptFor(parameters: RuleStepParameters, check: Check | null): RuleStepParameters {
  return check === null || check.unsure.length === 0 ? parameters : { ...parameters, except: check.unsure };
}

/** Asks about one hit after the other. */
async function checkedBy(ask: AskAboutHit, sample: readonly FoundHit[], as: RowLabel): Promise<Check> {
  let [right, decided, asked] = [0, 0, 0];
  const unsure: number[] = [];
  let isStopped = false;
  for (const hit of sample) {
    const answer = await ask(hitOf(hit), asked + 1, sample.length);
    isStopped = answer === 'stop';
    if (isStopped) break;
    asked++;
    if (answer === 'unsure') unsure.push(hit.row.id);
    else {
      decided++;
      if (answer === as) right++;
    }
  }
  const precision = { ...precisionOf(right, decided), unsure: unsure.length };
  return { precision, isStopped, asked, unsure };
}

/** Why a rule is not applied; null where it may be. */
function whyRefused(
  { minPrecision, parameters: { as } }: RuleRun,
  known: Precision,
  check: Check | null,
): string | null {
  if (check?.isStopped) return 'the check was ended before all of the sample was asked about';
  if (check !== null && check.asked > 0 && check.precision.estimate === null)
    return 'nobody was sure about a hit of the sample, so nothing is known of the rule';
  const basis = check === null || check.asked === 0 ? known : check.precision;
  if (minPrecision === undefined) return null;
  if (basis.estimate === null)
    return 'no hit has a known label, so nothing is known of the rule; give --check to decide a sample';
  if (basis.estimate >= minPrecision) return null;
  return `${basis.right} of ${basis.known} hits are ${as}, a share of ${basis.estimate.toFixed(2)}, and --min-precision is ${minPrecision}`;
}

function hitOf({ row: { id, label, message }, match }: FoundHit): RuleHit {
  const { start, end } = match.span();
  return { id, label, message, what: match.what, start, end };
}
