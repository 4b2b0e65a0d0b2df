import { Option } from 'commander';
import type { SimilarAnswer } from '../app/tasks/label-similar.ts';
import { SluiceError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import {
  actorOf,
  oneLine,
  openFor,
  progressText,
  rowsText,
  StepLine,
  type StepOptions,
  withStepOptions,
} from './label-step-output.ts';
import { share, wholeNumber } from './option-values.ts';

interface SimilarOptions extends StepOptions {
  readonly as?: 'spam' | 'ham';
  readonly limit: number;
  readonly minSimilarity: number;
  readonly next?: boolean;
}

const own = {
  ...appFunctions,
  labelSimilar: lazily(async () => (await import('../app/tasks/label-similar.ts')).labelSimilar),
};

/** Rows that one call finds at most. */
const MOST_ROWS = 10_000;

/** `label similar`. */
export function addLabelSimilarCommand(context: CommandContext): void {
  const { program, functions, answer } = context;
  const app = functions(own);
  withStepOptions(program.command('similar [text]'))
    .description('Find messages that are like a text, near-duplicates first, and label the unlabeled ones.')
    .option(
      '--next',
      'search for a message out of those that were accepted, until nothing unlabeled is like any',
    )
    .addOption(
      new Option('--as <label>', 'what they are; default: spam, with --next as the accepted message').choices(
        ['spam', 'ham'],
      ),
    )
    .option('--limit <rows>', 'how many rows are found at most, up to 10000', wholeNumber, 100)
    .option('--min-similarity <share>', 'leave out what is less like the text, from 0 to 1', share, 0.3)
    .addHelpText(
      'after',
      examples(
        'sluice label similar "free coins at funsite" --config config/embedded.yaml',
        'sluice label similar "free coins at funsite" --min-similarity 0.5 --as spam --apply',
        'sluice label similar --next --apply',
      ),
    )
    .action(async (text: string | undefined, options: SimilarOptions) =>
      answer(await labelSimilarCommand(text, options, { ...context, app })),
    );
}

type Context = Pick<CommandContext, 'terminal' | 'runParts'> & { readonly app: typeof own };

/** Finds, and labels if that is asked for. 1 where `--next` has nothing left. */
export async function labelSimilarCommand(
  text: string | undefined,
  options: SimilarOptions,
  { terminal, runParts, app }: Context,
): Promise<ExitCode> {
  const { apply = false, json = false, next = false, limit, minSimilarity, as } = options;
  if (next === (text !== undefined))
    throw new SluiceError('USAGE', 'give the text to search for, or --next and no text');
  if (text?.trim() === '') throw new SluiceError('USAGE', 'the text to search for is empty');
  if (limit < 1 || limit > MOST_ROWS)
    throw new SluiceError('USAGE', `--limit must be from 1 to ${MOST_ROWS}`);
  const { settings, log } = await openFor(options, terminal, app);
  const line = new StepLine(terminal);
  try {
    const { result, interrupted } = await whileInterruptible(
      (signal) =>
        app.labelSimilar(settings, log, {
          ...{ limit, minSimilarity, apply, signal, by: actorOf(options) },
          ...(text === undefined ? {} : { text }),
          ...(as === undefined ? {} : { as }),
          progress: (at) => line.show(progressText(at)),
        }),
      {
        ...runParts,
        say: (words) => line.above(words),
        words: 'Stopping: what this step has done is taken back. A second signal ends at once.\n',
      },
    );
    line.end();
    const document = next ? { ...nextOf(result), found: result.found, step: result.step } : result.found;
    await terminal.stdout.write(json ? `${JSON.stringify(document)}\n` : printable(answerText(result)));
    if (interrupted !== undefined) return interrupted;
    return result.text === null ? exitCodes.no : exitCodes.ok;
  } finally {
    line.end();
  }
}

/** What `--next --json` prints besides the rows. */
function nextOf({ next }: SimilarAnswer) {
  if (next === null || next.seed === null) return { seed: null, reason: next?.reason ?? null };
  return { seed: next.seed, as: next.as, likeness: next.likeness, reason: null };
}

function answerText({ next, text, found, step }: SimilarAnswer): string {
  if (text === null) return `nothing is left to search for: ${next?.seed === null ? next.reason : ''}\n`;
  const lines = next === null ? [] : [`next: ${oneLine(text)}`];
  for (const { id, similarity, kind, label, message } of found)
    lines.push(
      `${similarity.toFixed(2)}  ${kind.padEnd(14)}  ${(label ?? 'unlabeled').padEnd(9)}  ${id}: ${oneLine(message)}`,
    );
  const count = (of: string | null) => found.filter(({ label }) => label === of).length;
  lines.push(
    `${rowsText(found.length)}: ${count('spam')} known spam, ${count('ham')} known ham, ${count(null)} unlabeled`,
  );
  if (step === null) lines.push('Nothing was changed. With --apply, the unlabeled ones are labeled.');
  else if (step.state === 'applied')
    lines.push(
      `step ${step.step}: changed ${rowsText(step.rows)}; "sluice label undo ${step.step}" takes it back.`,
      'sluice label similar --next proposes what to search for next.',
    );
  else lines.push('Interrupted; the table is as it was.');
  return `${lines.join('\n')}\n`;
}
