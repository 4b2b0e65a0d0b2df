import type { RowLabel } from '../../core/decision.ts';
import type { LabelRow } from '../../core/label-step.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import type { PlannedEdit, StepPlan } from '../step-plan.ts';
import { type DomainsRuleOptions, domainsRule } from './domains-rule.ts';
import { type LinksRuleOptions, linksRule } from './links-rule.ts';
import { type NumberedDomainsRuleOptions, numberedDomainsRule } from './numbered-domains-rule.ts';
import { type PatternRuleOptions, patternRule } from './pattern-rule.ts';
import type { Rule } from './rule.ts';

/** A rule with its options; JSON. */
export type RuleOptions =
  | ({ readonly rule: 'links' } & LinksRuleOptions)
  | ({ readonly rule: 'domains' } & DomainsRuleOptions)
  | ({ readonly rule: 'numbered-domains' } & NumberedDomainsRuleOptions)
  | ({ readonly rule: 'pattern' } & PatternRuleOptions);

/** Parameters of a step of the kind `rule`. */
export interface RuleStepParameters {
  readonly options: RuleOptions;
  readonly as: RowLabel;
  /** Rows that are left alone: those that a person was asked about and was not sure of. */
  readonly except?: readonly number[];
}

/** Rows that are read at a time. */
const PAGE = 500;

/** Throws `DATA_INVALID` for a pattern that cannot be used. */
export function ruleOf(options: RuleOptions): Rule {
  switch (options.rule) {
    case 'links':
      return linksRule(options);
    case 'domains':
      return domainsRule(options);
    case 'numbered-domains':
      return numberedDomainsRule(options);
    case 'pattern':
      return patternRule(options);
  }
}

/** Labels unlabeled rows that a rule matches, and no others. */
export function planRule(
  store: Pick<LabelStore, 'rows'>,
  parameters: RuleStepParameters,
  rule: Rule = ruleOf(parameters.options),
): StepPlan {
  const { as: label } = parameters;
  const except = new Set(parameters.except);
  return {
    kind: 'rule',
    about: `${rule.about} are ${label}`,
    parameters,
    edits: async function* (_step, signal): AsyncGenerator<PlannedEdit> {
      for await (const row of rowsOf(store, { label: 'unlabeled' }, signal))
        if (!except.has(row.id) && rule.match(row.message) !== null)
          yield { row, edit: { kind: 'label', row, label } };
    },
  };
}

/** All rows of the table that the filter lets through, a page at a time. Ends early when it is aborted. */
export async function* rowsOf(
  store: Pick<LabelStore, 'rows'>,
  filter: NonNullable<Parameters<LabelStore['rows']>[0]['filter']>,
  signal?: AbortSignal,
): AsyncGenerator<LabelRow> {
  let after = 0;
  while (!signal?.aborted) {
    const rows = await store.rows({ after, limit: PAGE, filter });
    for (const row of rows) {
      yield row;
      after = row.id;
    }
    if (rows.length < PAGE) return;
  }
}
