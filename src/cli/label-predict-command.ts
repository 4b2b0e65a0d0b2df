import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { labelStepCommand, type StepOptions, withStepOptions } from './label-step-output.ts';
import { share } from './option-values.ts';

const own = {
  ...appFunctions,
  labelPredict: lazily(async () => (await import('../app/tasks/label-learn.ts')).labelPredict),
};

interface PredictOptions extends StepOptions {
  readonly spamAbove: number;
  readonly hamBelow: number;
}

/** `label predict`. */
export function addLabelPredictCommand({
  program,
  terminal,
  functions,
  answer,
  runParts,
}: CommandContext): void {
  const app = functions(own);
  withStepOptions(program.command('predict'))
    .description(
      'Label the rest where a light model is sure, which is fitted to what people, rules and similar texts have labeled.',
    )
    .option('--spam-above <probability>', 'rows with at least this probability become spam', share, 0.95)
    .option('--ham-below <probability>', 'rows with at most this probability become ham', share, 0.05)
    .addHelpText(
      'after',
      examples(
        'sluice label predict --config config/embedded.yaml',
        'sluice label predict --spam-above 0.98 --ham-below 0.02 --config config/embedded.yaml --apply',
      ),
    )
    .action(async ({ spamAbove, hamBelow, ...options }: PredictOptions) =>
      answer(
        await labelStepCommand(options, { terminal, app, runParts }, (settings, log, how) =>
          app.labelPredict(settings, log, how, { spamAbove, hamBelow }),
        ),
      ),
    );
}
