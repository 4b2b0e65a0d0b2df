import type { AssembledDataset } from '../app/tasks/assemble-dataset.ts';
import { printable } from '../core/printable.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { dataText } from './dataset-text.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { countText, openFor, rowsText, StepLine } from './label-step-output.ts';
import { collect, wholeNumber } from './option-values.ts';
import { type SettingsOptions, withSettingsOptions } from './settings-options.ts';

const own = {
  ...appFunctions,
  assembleDataset: lazily(async () => (await import('../app/tasks/assemble-dataset.ts')).assembleDataset),
  traceModel: lazily(async () => (await import('../app/tasks/trace-model.ts')).traceModel),
};

const phaseWords = { reading: 'read', comparing: 'compared', writing: 'written' } as const;

interface AssembleOptions extends SettingsOptions {
  readonly out: string;
  readonly seed?: number;
  readonly scratch?: string;
  readonly json?: boolean;
}

/** `dataset assemble`. */
export function addDatasetAssembleCommand({
  program,
  terminal,
  functions,
  answer,
  runParts,
}: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('assemble'))
    .description(
      'Assemble a data set from the data sets of retrain.data.base, the labels in the database, and what users reported: near-duplicates removed, split into a training and a held-out part.',
    )
    .requiredOption('-o, --out <folder>', 'the folder that is made; it must not be there')
    .option('--seed <number>', 'seed of the sampling; default: retrain.run.seed', wholeNumber)
    .option('--scratch <folder>', 'folder of temporary files; default: that of state.path')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'sluice dataset assemble --config config/embedded.yaml --out november',
        'sluice train --dataset november --out models',
      ),
    )
    .action(async ({ out, seed, scratch, json, ...options }: AssembleOptions) => {
      const { settings, log } = await openFor(options, terminal, app);
      const line = new StepLine(terminal);
      const { result, interrupted } = await whileInterruptible<AssembledDataset | undefined>(
        (signal) =>
          app
            .assembleDataset(settings, log, {
              ...{ out, signal },
              ...(seed === undefined ? {} : { seed }),
              ...(scratch === undefined ? {} : { scratch }),
              progress: (at) => line.show(`${rowsText(at.rows)} ${phaseWords[at.phase]}`),
            })
            .catch((error: unknown) => {
              if (!signal.aborted) throw error;
              return undefined;
            }),
        { ...runParts, say: (text) => line.above(text), words: 'Stopping.\n' },
      ).finally(() => line.end());
      if (result === undefined) {
        terminal.say('interrupted; no data set was written\n');
        return answer(interrupted ?? exitCodes.interrupted);
      }
      await terminal.stdout.write(json ? `${JSON.stringify(result)}\n` : printable(assembledText(result)));
      answer(exitCodes.ok);
    });
}

function assembledText({ folder, data, newLabels, champion }: AssembledDataset): string {
  const since = champion === null ? 'there is no model yet' : `new since ${champion}`;
  return `${dataText(data)}${countText(newLabels)} labels, ${since}\n${folder}\n`;
}

interface TraceOptions extends SettingsOptions {
  readonly row?: readonly string[];
  readonly json?: boolean;
}

/** `dataset trace`. */
export function addDatasetTraceCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('trace [version]'))
    .description(
      'Print which labels are behind a model: the one that a verdict names, or the active one. Its rows are those of the training table, of the table messages, and the messages of data sets.',
    )
    .option(
      '--row <source:number>',
      'print what training did with a row, such as training:17; may be repeated',
      collect,
    )
    .option('--json', 'print one JSON document, with the numbers of all rows')
    .addHelpText(
      'after',
      examples(
        'sluice dataset trace --config config/embedded.yaml',
        'sluice dataset trace 20261130T120000Z-0a1b2c3d --row training:17',
      ),
    )
    .action(async (version: string | undefined, { row = [], json, ...options }: TraceOptions) => {
      const { settings, log } = await openFor(options, terminal, app);
      const trace = await app.traceModel(settings, log, version, row);
      const rows = trace.rows.map(({ source, id, use }) => `${source} ${id}: ${use}\n`).join('');
      await terminal.stdout.write(
        json ? `${JSON.stringify(trace)}\n` : printable(`${trace.version}\n${dataText(trace.data)}${rows}`),
      );
      answer(exitCodes.ok);
    });
}
