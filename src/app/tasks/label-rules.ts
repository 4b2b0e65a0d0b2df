import type { RowLabel } from '../../core/decision.ts';
import type { AskAboutHit, RuleReport } from '../../core/rule-report.ts';
import type { StepRun } from '../../core/step-report.ts';
import { readDomainNames } from '../../labeling/rules/domain-names.ts';
import { compilePattern, readPatterns } from '../../labeling/rules/pattern-rule.ts';
import type { RuleOptions } from '../../labeling/rules/plan-rule.ts';
import { runRule } from '../../labeling/rules/run-rule.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { rowDecider } from './decide-rows.ts';
import { withLabels } from './with-labels.ts';

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

export interface RuleRequest extends StepRun {
  readonly given: GivenRule;
  readonly as: RowLabel;
  /** Examples of each label. */
  readonly examples: number;
  /** Unlabeled hits to ask about; 0 for no check. */
  readonly sample: number;
  /** Share of right hits below which the rule is not applied. */
  readonly minPrecision?: number;
  readonly ask?: AskAboutHit;
}

/**
 * Shows what a rule matches, asks about a sample where that is wanted, and applies it. The answers are decisions of `by`. Throws `DATA_INVALID` for a list or a pattern that
 * cannot be used, `STORE_FAILED`, and `STEP_RUNNING` while another step is not finished.
 */
export async function labelByRule(settings: Settings, log: Log, request: RuleRequest): Promise<RuleReport> {
  const { given, as, ask, ...run } = request;
  const parameters = { options: optionsOf(given, settings), as };
  const decider = rowDecider(settings, run.by);
  const asking: AskAboutHit | undefined =
    ask &&
    (async (hit, at, of) => {
      const answer = await ask(hit, at, of);
      if (answer === 'spam' || answer === 'ham') await decider.decide(answer, [hit.id]);
      return answer;
    });
  try {
    return await withLabels(settings, log, ({ store }) =>
      runRule(
        { store, clock: systemClock, random: Math.random },
        { ...run, parameters, ...(asking === undefined ? {} : { ask: asking }) },
      ),
    );
  } finally {
    await decider.close();
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
