import { Option } from 'commander';
import type { StepEnd } from '../app/tasks/label-steps.ts';
import type { RowLabel } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import type { LabelStep } from '../core/label-step.ts';
import { printable } from '../core/printable.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { importProgressText, printImportReport } from './label-import-command.ts';
import {
  actorOf,
  labelStepCommand,
  openFor,
  printStepReport,
  progressText,
  rowsText,
  StepLine,
  type StepOptions,
  withByOption,
  withStepOptions,
} from './label-step-output.ts';
import { wholeNumber } from './option-values.ts';
import { withSettingsOptions } from './settings-options.ts';

const own = {
  ...appFunctions,
  labelRest: lazily(async () => (await import('../app/tasks/label-steps.ts')).labelRest),
  listLabelSteps: lazily(async () => (await import('../app/tasks/label-steps.ts')).listLabelSteps),
  resumeLabelStep: lazily(async () => (await import('../app/tasks/label-steps.ts')).resumeLabelStep),
  undoLabelStep: lazily(async () => (await import('../app/tasks/label-steps.ts')).undoLabelStep),
};

const LISTED = 50;

/** `label rest`. */
export function addLabelRestCommand({
  program,
  terminal,
  functions,
  answer,
  runParts,
}: CommandContext): void {
  const app = functions(own);
  withStepOptions(program.command('rest'))
    .description('Label what nobody and no other step has labeled.')
    .addOption(new Option('--as <label>', 'the label').choices(['ham', 'spam']).makeOptionMandatory())
    .addHelpText('after', examples('sluice label rest --as ham --config config/embedded.yaml --apply'))
    .action(async (options: StepOptions & { readonly as: RowLabel }) =>
      answer(
        await labelStepCommand(options, { terminal, app, runParts }, (settings, log, how) =>
          app.labelRest(settings, log, how, { label: options.as }),
        ),
      ),
    );
}

/** `label steps`. */
export function addLabelStepsCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('steps'))
    .description('List the applied steps with their numbers, newest first.')
    .option('--limit <number>', 'how many', wholeNumber, LISTED)
    .option('--json', 'print one JSON document')
    .action(async (options: StepOptions & { readonly limit: number }) => {
      const { settings, log } = await openFor(options, terminal, app);
      const steps = await app.listLabelSteps(settings, log, options.limit);
      await terminal.stdout.write(
        options.json ? `${JSON.stringify(steps)}\n` : printable(steps.map(stepText).join('')),
      );
      if (steps.length === 0) terminal.say('no steps\n');
      answer(exitCodes.ok);
    });
}

function stepText(step: LabelStep): string {
  const { id, kind, state, rows, by, about, started_at, undone_by } = step;
  const at = new Date(started_at).toISOString().slice(0, 16).replace('T', ' ');
  const undone = undone_by === null ? '' : ` by ${undone_by}`;
  return `${String(id).padStart(4)}  ${at}  ${kind.padEnd(7)}  ${`${state}${undone}`.padEnd(8)}  ${rowsText(rows)}  by ${by}: ${about}\n`;
}

/** `label undo`. */
export function addLabelUndoCommand(context: CommandContext): void {
  const { program, terminal, functions, answer } = context;
  const app = functions(own);
  withByOption(withSettingsOptions(program.command('undo <step>')))
    .description('Take a step back by its number, whatever was done after it; what people decided stays.')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('sluice label undo 12 --config config/embedded.yaml'))
    .action(async (step: string, options: StepOptions) => {
      const { settings, log } = await openFor(options, terminal, app);
      const id = numberOf(step);
      const { result, interrupted } = await withStepLine(
        context,
        'Stopping. A second signal ends at once.\n',
        (how) =>
          app.undoLabelStep(settings, log, id, { ...how, by: actorOf(options) }).catch((error: unknown) => {
            if (!how.signal.aborted) throw error;
            return undefined;
          }),
      );
      if (result === undefined) {
        terminal.say(`interrupted; "sluice label undo ${id}" goes on with it\n`);
        return answer(interrupted ?? exitCodes.interrupted);
      }
      const kept =
        result.kept > 0 ? `; ${rowsText(result.kept)} of it stay, because people have decided them` : '';
      await terminal.stdout.write(
        options.json
          ? `${JSON.stringify(result)}\n`
          : `step ${id}: took back ${rowsText(result.rows)}${kept}\n`,
      );
      answer(exitCodes.ok);
    });
}

/** `label resume`. */
export function addLabelResumeCommand(context: CommandContext): void {
  const { program, terminal, functions, answer } = context;
  const app = functions(own);
  withByOption(withSettingsOptions(program.command('resume <step>')))
    .description('Finish a step whose process was killed, or an import that was interrupted.')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('sluice label resume 12 --config config/embedded.yaml'))
    .action(async (step: string, { json = false, ...options }: StepOptions) => {
      const { settings, log } = await openFor(options, terminal, app);
      const id = numberOf(step);
      const words = 'Stopping. A second signal ends at once.\n';
      const { result: report, interrupted } = await withStepLine(context, words, (how) =>
        app.resumeLabelStep(settings, log, id, { ...how, by: actorOf(options) }),
      );
      if (report.kind === 'import')
        return answer(await printImportReport(report, { json, interrupted }, terminal));
      await printStepReport(report, json, terminal);
      answer(report.state === 'applied' ? exitCodes.ok : (interrupted ?? exitCodes.interrupted));
    });
}

async function withStepLine<T>(
  { terminal, runParts }: CommandContext,
  words: string,
  work: (how: Omit<StepEnd, 'by'>) => Promise<T>,
): Promise<{ readonly result: T; readonly interrupted: ExitCode | undefined }> {
  const line = new StepLine(terminal);
  try {
    return await whileInterruptible(
      (signal) =>
        work({
          signal,
          progress: (at) => line.show('share' in at ? importProgressText(at) : progressText(at)),
          waiting: () =>
            line.above('Another process has worked on this step within the last half minute; waiting.\n'),
        }),
      { ...runParts, say: (text) => line.above(text), words },
    );
  } finally {
    line.end();
  }
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new SluiceError('USAGE', `${text} is no number of a step; "sluice label steps" lists them`);
  return Number(text);
}
