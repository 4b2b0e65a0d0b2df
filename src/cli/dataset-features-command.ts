import { Option } from 'commander';
import { type Profile, profiles } from '../training/profiles.ts';
import { lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { countText } from './label-step-output.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';

interface FeaturesOptions extends SettingsOptions {
  readonly out: string;
  readonly profile: Profile;
  readonly json?: boolean;
}

const own = {
  writeDataFeatures: lazily(async () => (await import('../app/learning/data-features.ts')).writeDataFeatures),
};

/** `dataset features`. */
export function addDatasetFeaturesCommand({
  program,
  terminal,
  functions,
  answer,
  runParts,
}: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('features <dataset>'))
    .description(
      'Count the words of an assembled data set, as training does, and write a matrix that the Python trainer reads.',
    )
    .requiredOption('-o, --out <folder>', 'the folder of the matrix; it is replaced')
    .addOption(new Option('--profile <profile>', 'whose words to count').choices(profiles).default('default'))
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples('sluice dataset features data/set --profile bag-of-words --out data/features'),
    )
    .action(async (dataset: string, options: FeaturesOptions) => {
      // Nothing depends on them, and wrong ones are an error for every command.
      await loadFor(options, terminal);
      const { out, profile, json } = options;
      const { result, interrupted } = await whileInterruptible(
        (signal) => app.writeDataFeatures({ dataset, profile, out, signal }),
        { ...runParts, say: terminal.say, words: 'Stopping.\n' },
      );
      const { path, training, heldOut, words } = result;
      await terminal.stdout.write(
        json
          ? `${JSON.stringify(result)}\n`
          : `${path}: ${countText(words)} words of ${countText(training)} training and ${countText(heldOut)} held-out messages\n`,
      );
      answer(interrupted ?? exitCodes.ok);
    });
}
