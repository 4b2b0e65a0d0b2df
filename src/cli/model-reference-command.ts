import { lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { ModelOptions } from './model-command.ts';
import { collect, dataHelp } from './option-values.ts';
import { loadFor, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

const own = {
  modelReference: lazily(async () => (await import('../app/tasks/model-reference.ts')).modelReference),
};

interface ModelReferenceOptions extends ModelOptions {
  readonly data: readonly string[];
}

/** `model reference`; `program`: the command `model`. */
export function addModelReferenceCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('reference'))
    .description(
      'Write into a model’s folder what the messages that were held out of its training look like to it, so that daemons can compare theirs with them. Training does so by itself.',
    )
    .argument('[model]', 'its folder, or a version in model.localPath; default: the newest there')
    .requiredOption('-d, --data <data>', dataHelp, collect)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'sluice model reference models/20261101T120000Z-0123abcd --data corpus:own --data messages.csv',
      ),
    )
    .action(async (model: string | undefined, options: ModelReferenceOptions) =>
      answer(await modelReferenceCommand(model, options, terminal, app)),
    );
}

async function modelReferenceCommand(
  model: string | undefined,
  options: ModelReferenceOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const { settings } = await loadFor(options, terminal);
  const { model: found, reference } = await app.modelReference(settings, model, options.data);
  const { messages, parts } = reference;
  const share = (count: number | undefined, all: number) =>
    all === 0 ? 'none' : `${((100 * (count ?? 0)) / all).toFixed(1)} %`;
  const words = (parts.features.known ?? 0) + (parts.features.unknown ?? 0);
  await terminal.stdout.write(
    options.json
      ? `${JSON.stringify({ version: found.version, path: found.path, reference })}\n`
      : `${found.version} has a reference: ${messages} messages; spam ${share(parts.bands.spam, messages)}, review ${share(parts.bands.review, messages)}; ` +
          `unknown words ${share(parts.features.unknown, words)}.\n`,
  );
  return exitCodes.ok;
}
