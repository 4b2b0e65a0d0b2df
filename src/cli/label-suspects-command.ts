import type { SuspectReport } from '../app/tasks/label-learn.ts';
import { printable } from '../core/printable.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { countText, oneLine, openFor, rowsText, StepLine } from './label-step-output.ts';
import { wholeNumber } from './option-values.ts';
import { type SettingsOptions, withSettingsOptions } from './settings-options.ts';

const own = {
  ...appFunctions,
  labelSuspects: lazily(async () => (await import('../app/tasks/label-learn.ts')).labelSuspects),
};

const SHOWN = 100;

interface SuspectOptions extends SettingsOptions {
  readonly limit: number;
  readonly withoutModel?: boolean;
  readonly json?: boolean;
}

/** `label suspects`. */
export function addLabelSuspectsCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('suspects'))
    .description(
      'List labels that may be wrong, the worst first: rows that a model, fitted to the others, takes for the other class.',
    )
    .option('--limit <number>', 'how many', wholeNumber, SHOWN)
    .option('--without-model', 'do not count what the active model says')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('sluice label suspects --config config/embedded.yaml --limit 20'))
    .action(async ({ limit, withoutModel = false, json = false, ...options }: SuspectOptions) => {
      const { settings, log } = await openFor(options, terminal, app);
      const line = new StepLine(terminal);
      const report = await app
        .labelSuspects(settings, log, {
          most: limit,
          withModel: !withoutModel,
          progress: (rows) => line.show(`${rowsText(rows)} looked at`),
        })
        .finally(() => line.end());
      await terminal.stdout.write(json ? `${JSON.stringify(report)}\n` : printable(suspectsText(report)));
      answer(exitCodes.ok);
    });
}

function suspectsText({ rows, groups, suspects }: SuspectReport): string {
  const lines = suspects.map(({ row, probability, rows: count }) => {
    const more = count > 1 ? ` (and ${rowsText(count - 1)} like it)` : '';
    return `  ${row.id} ${row.label}, ${percentOf(probability)} spam${more}: ${oneLine(row.message)}`;
  });
  const head = `${countText(groups)} suspect ${groups === 1 ? 'label' : 'labels'} among ${rowsText(rows)}`;
  const shown = groups > suspects.length ? `, the worst ${countText(suspects.length)} are shown` : '';
  return `${[head + shown, ...lines].join('\n')}\n`;
}

export function percentOf(probability: number): string {
  return `${Math.round(100 * probability)} %`;
}
