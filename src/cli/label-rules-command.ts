import { type Command, Option } from 'commander';
import type { GivenRule, RuleRequest } from '../app/tasks/label-rules.ts';
import { SluiceError } from '../core/errors.ts';
import { appFunctions, lazily } from './app-functions.ts';
import { askKey } from './ask-key.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { hitText, linksWarning, ruleReportText } from './label-rules-text.ts';
import {
  actorOf,
  openFor,
  progressText,
  StepLine,
  type StepOptions,
  withStepOptions,
} from './label-step-output.ts';
import { collect, share, wholeNumber } from './option-values.ts';
import { readLines } from './read-lines.ts';

interface RuleCommandOptions extends StepOptions {
  readonly as: 'spam' | 'ham';
  readonly check?: boolean;
  readonly sample: number;
  readonly minPrecision?: number;
  readonly examples: number;
}

const own = {
  ...appFunctions,
  labelByRule: lazily(async () => (await import('../app/tasks/label-rules.ts')).labelByRule),
};

/** `label rules links|domains|numbered-domains|pattern`. */
export function addLabelRulesCommands(context: CommandContext): void {
  const { program, terminal, functions, answer } = context;
  const app = functions(own);
  const rules = program
    .command('rules')
    .description(
      'Label unlabeled messages that a rule matches. Shows what it matches unless --apply is given.',
    );
  const run = async (given: GivenRule, options: RuleCommandOptions) =>
    answer(await labelRulesCommand(given, options, { ...context, app }));
  withRuleOptions(rules.command('links'))
    .description('Links with a top-level domain of label.rules.links.topLevelDomains, hidden ones included.')
    .addHelpText('after', examples('sluice label rules links --config config/embedded.yaml'))
    .action((options: RuleCommandOptions) => run({ rule: 'links' }, options));
  withRuleOptions(rules.command('domains'))
    .description('Names of sites from a list, one a line without ending, however their letters are written.')
    .requiredOption('--list <file>', 'names of sites: funsite for funsite.net; # begins a comment')
    .addHelpText('after', examples('sluice label rules domains --list sites.txt --check --apply'))
    .action(async ({ list, ...options }: RuleCommandOptions & { readonly list: string }) =>
      run({ rule: 'domains', file: { name: list, lines: await readLines(list, terminal) } }, options),
    );
  withRuleOptions(rules.command('numbered-domains'))
    .description('A name, two digits and an obfuscated ending: funsite 18++n++e++t.')
    .addHelpText('after', examples('sluice label rules numbered-domains --json'))
    .action((options: RuleCommandOptions) => run({ rule: 'numbered-domains' }, options));
  withRuleOptions(rules.command('pattern'))
    .description('Own regular expressions in the syntax of RE2, which take linear time.')
    .option('--pattern <regex>', 'a regular expression; may be repeated', collect)
    .option('--file <file>', 'regular expressions, one a line; # begins a comment')
    .option(
      '--flags <letters>',
      'i: ignore case; m: ^ and $ match at each line; s: . matches a line break, too',
      '',
    )
    .option('--deobfuscated', 'search the text without obfuscation, too')
    .addHelpText('after', examples("sluice label rules pattern --pattern 'free (coins|tokens)' --flags i"))
    .action(
      async ({
        pattern: patterns = [],
        file,
        flags,
        deobfuscated = false,
        ...options
      }: RuleCommandOptions & PatternOptions) => {
        if (patterns.length === 0 && file === undefined)
          throw new SluiceError(
            'USAGE',
            'give a regular expression with --pattern, or a file of them with --file',
          );
        const lines =
          file === undefined ? {} : { file: { name: file, lines: await readLines(file, terminal) } };
        await run({ rule: 'pattern', patterns, flags, deobfuscated, ...lines }, options);
      },
    );
}

interface PatternOptions {
  readonly pattern?: readonly string[];
  readonly file?: string;
  readonly flags: string;
  readonly deobfuscated?: boolean;
}

function withRuleOptions(command: Command): Command {
  return withStepOptions(command)
    .addOption(new Option('--as <label>', 'what hits are').choices(['spam', 'ham']).default('spam'))
    .option('--check', 'first ask about a random sample of the unlabeled hits, in the terminal')
    .option('--sample <count>', 'how many hits --check asks about', wholeNumber, 10)
    .option(
      '--min-precision <share>',
      'do not apply where a smaller share is right: of the answers, or without --check of the labels that are known',
      share,
    )
    .option('--examples <count>', 'how many hits of each kind are shown', wholeNumber, 3);
}

type Context = Pick<CommandContext, 'terminal' | 'runParts'> & { readonly app: typeof own };

/** Runs one rule. 1 where it was not applied, though that was asked for. */
export async function labelRulesCommand(
  given: GivenRule,
  options: RuleCommandOptions,
  { terminal, runParts, app }: Context,
): Promise<ExitCode> {
  const { apply = false, check = false, json = false, sample, as, minPrecision } = options;
  if (check && terminal.stdin.isTTY !== true)
    throw new SluiceError('USAGE', '--check asks in a terminal; use --min-precision without it');
  if (check && sample === 0) throw new SluiceError('USAGE', '--sample must be 1 or more with --check');
  const { settings, log } = await openFor(options, terminal, app);
  const line = new StepLine(terminal);
  const ask: RuleRequest['ask'] = async (hit, at, of) => {
    line.end();
    terminal.say(hitText(hit, `${at} of ${of}`));
    return askKey(terminal, 'spam (s), ham (h), unsure (u), stop (q)? ', answersByKey);
  };
  try {
    const { result: report, interrupted } = await whileInterruptible(
      (signal) =>
        app.labelByRule(settings, log, {
          ...{ given, as, apply, signal, by: actorOf(options), examples: options.examples, sample },
          ...(minPrecision === undefined ? {} : { minPrecision }),
          ...(check ? { ask } : {}),
          progress: (at) => line.show(progressText(at)),
        }),
      {
        ...runParts,
        say: (text) => line.above(text),
        words: 'Stopping: what this step has done is taken back. A second signal ends at once.\n',
      },
    );
    line.end();
    if (apply && !check && given.rule === 'links') terminal.say(linksWarning);
    await terminal.stdout.write(json ? `${JSON.stringify(report)}\n` : ruleReportText(report));
    if (report.state === 'undone' || report.state === 'stopped') return interrupted ?? exitCodes.interrupted;
    return report.refused === null ? exitCodes.ok : exitCodes.no;
  } finally {
    line.end();
  }
}

const answersByKey = { s: 'spam', h: 'ham', u: 'unsure', q: 'stop' } as const;
