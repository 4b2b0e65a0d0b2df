import type { RowLabel } from '../../core/decision.ts';
import type { LabelStep } from '../../core/label-step.ts';
import { readDomainNames } from '../../labeling/rules/domain-names.ts';
import { compilePattern, readPatterns } from '../../labeling/rules/pattern-rule.ts';
import { planRule, type RuleOptions, ruleOf } from '../../labeling/rules/plan-rule.ts';
import { type Precision, precisionOf } from '../../labeling/rules/precision.ts';
import type { RuleName } from '../../labeling/rules/rule.ts';
import { type ByLabel, type RuleHit, surveyRule } from '../../labeling/rules/survey-rule.ts';
import { runStep } from '../../labeling/run-step.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { labelStoreOf } from './label.ts';

/** A rule as it is asked for, with the lines of its file. */
export type GivenRule =
  | { readonly rule: 'links' | 'numbered-domains' }
  | { readonly rule: 'domains'; readonly file: GivenLines }
  | {
      readonly rule: 'pattern';
      readonly patterns: readonly string[];
      readonly file?: GivenLines;
      readonly flags: string;
      readonly deobfuscated: boolean;
    };

export interface GivenLines {
  readonly name: string;
  readonly lines: readonly string[];
}

export interface RuleRequest {
  readonly given: GivenRule;
  readonly as: RowLabel;
  readonly apply: boolean;
  readonly by: string;
  /** Examples of each label. */
  readonly examples: number;
  /** Unlabeled hits to ask about; 0 for no check. */
  readonly sample: number;
  /** Share of right hits below which the rule is not applied. */
  readonly minPrecision?: number;
}

/** A hit, to be shown. */
export interface ShownHit {
  readonly id: number;
  readonly label: RowLabel | null;
  readonly message: string;
  /** What matched, in words, and where: UTF-16 code units of the message. */
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/** What a rule matches, and what was done; as `--json` prints it. */
export interface RuleReport {
  readonly rule: RuleName;
  readonly about: string;
  readonly as: RowLabel;
  /** Rows of the table, and hits, by label. */
  readonly rows: ByLabel<number>;
  readonly hits: ByLabel<number>;
  readonly examples: ByLabel<readonly ShownHit[]>;
  /** By the labels that are known. */
  readonly known: Precision;
  /** By the answers to a random sample of the unlabeled hits; null without a check. */
  readonly checked: (Precision & { readonly unsure: number }) | null;
  /** Why it was not applied. */
  readonly refused: string | null;
  readonly step: LabelStep | null;
}

/** A person's answer; `stop` ends the check. */
export type RuleAnswer = RowLabel | 'unsure' | 'stop';

export interface RuleHooks {
  /** Asks a person about a hit; the answer is recorded by who asks. */
  readonly ask?: (hit: ShownHit, at: number, of: number) => Promise<RuleAnswer>;
  /** Receives the rows that were read or changed so far. */
  readonly progress?: (rows: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Shows what a rule matches, asks about a sample where that is wanted, and applies it. Throws `DATA_INVALID` for a list or a pattern that
 * cannot be used, `STORE_FAILED`, and `STEP_RUNNING` while another step is not finished.
 */
export async function runRule(
  settings: Settings,
  log: Log,
  request: RuleRequest,
  { ask, progress, signal }: RuleHooks = {},
): Promise<RuleReport> {
  const options = optionsOf(request.given, settings);
  const rule = ruleOf(options);
  const { store, close } = await labelStoreOf(settings, log);
  try {
    const survey = await surveyRule(store, rule, {
      ...{ examples: request.examples, sample: request.sample, random: Math.random },
      ...(signal === undefined ? {} : { signal }),
      ...(progress === undefined ? {} : { progress }),
    });
    const { hits, rows } = survey;
    const known = precisionOf(hits[request.as], hits.spam + hits.ham);
    const checked =
      ask === undefined || request.sample === 0 ? null : await checkedBy(ask, survey.sample, request.as);
    const refused = whyRefused(request, known, checked);
    const isApplied = request.apply && refused === null;
    const plan = planRule(store, { options, as: request.as }, rule);
    const step = isApplied ? await runStep(store, plan, { by: request.by }) : null;
    return {
      ...{ rule: rule.name, about: rule.about, as: request.as, rows, hits },
      examples: {
        spam: survey.examples.spam.map(shown),
        ham: survey.examples.ham.map(shown),
        unlabeled: survey.examples.unlabeled.map(shown),
      },
      ...{ known, checked, refused: request.apply ? refused : null, step },
    };
  } finally {
    await close();
  }
}

function optionsOf(given: GivenRule, { label }: Pick<Settings, 'label'>): RuleOptions {
  switch (given.rule) {
    case 'links':
      return { rule: 'links', ...label.rules.links };
    case 'numbered-domains':
      return { rule: 'numbered-domains', ...label.rules.numberedDomains };
    case 'domains':
      return { rule: 'domains', names: readDomainNames(given.file.lines, given.file.name) };
    case 'pattern': {
      const { flags, deobfuscated, file } = given;
      const own = given.patterns.map((source) => ({ source, flags }));
      for (const pattern of own) compilePattern(pattern);
      const listed = file === undefined ? [] : readPatterns(file.lines, file.name, flags);
      return { rule: 'pattern', patterns: [...own, ...listed], deobfuscated };
    }
  }
}

/** Asks about one hit after the other. What is not asked any more, after `stop`, counts as nothing. */
async function checkedBy(
  ask: NonNullable<RuleHooks['ask']>,
  sample: readonly RuleHit[],
  as: RowLabel,
): Promise<Precision & { readonly unsure: number }> {
  let right = 0;
  let decided = 0;
  let unsure = 0;
  for (const [at, hit] of sample.entries()) {
    const answer = await ask(shown(hit), at + 1, sample.length);
    if (answer === 'stop') break;
    if (answer === 'unsure') {
      unsure++;
      continue;
    }
    decided++;
    if (answer === as) right++;
  }
  return { ...precisionOf(right, decided), unsure };
}

/** Why a rule is not applied; null where it may be. */
function whyRefused(
  { minPrecision, as }: RuleRequest,
  known: Precision,
  checked: Precision | null,
): string | null {
  const basis = checked ?? known;
  if (checked !== null && checked.estimate === null)
    return 'no hit of the sample was decided, so nothing is known of the rule';
  if (minPrecision === undefined) return null;
  if (basis.estimate === null)
    return 'no hit has a known label, so the precision is not known; give --check to decide a sample';
  if (basis.estimate >= minPrecision) return null;
  return `of ${basis.known} hits ${basis.right} are ${as}, which is a share of ${basis.estimate.toFixed(2)}; --min-precision is ${minPrecision}`;
}

function shown({ row: { id, label, message }, match }: RuleHit): ShownHit {
  const { start, end } = match.span();
  return { id, label, message, what: match.what, start, end };
}
