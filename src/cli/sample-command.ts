import { Option } from 'commander';
import { type SampleLanguage, sampleLanguages, sampleMessages } from '../training/sample-messages.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { share, wholeNumber } from './option-values.ts';
import type { Terminal } from './terminal.ts';

interface SampleCommandOptions {
  readonly count: number;
  readonly spam: number;
  readonly seed: number;
  readonly language?: SampleLanguage;
}

const linesAtOnce = 1000;

/** `sample`. */
export function addSampleCommand({ program, terminal, answer }: CommandContext): void {
  program
    .command('sample')
    .description('Print synthetic messages with labels, one JSON line each, for trying Sluice out.')
    .option('-n, --count <number>', 'number of messages', wholeNumber, 100)
    .option('--spam <share>', 'share of spam, from 0 to 1', share, 0.1)
    .option('--seed <number>', 'the same seed gives the same messages', wholeNumber, 0)
    .addOption(new Option('--language <tag>', 'only this language').choices(sampleLanguages))
    .addHelpText(
      'after',
      examples(
        'sluice sample --count 1000 | sluice score',
        'sluice sample --count 1000 > data/inbox/sample.jsonl',
      ),
    )
    .action(async (options: SampleCommandOptions) => answer(await sampleCommand(options, terminal)));
}

/** Writes synthetic messages with their labels, one JSON line each. */
async function sampleCommand(options: SampleCommandOptions, terminal: Terminal): Promise<ExitCode> {
  let lines: string[] = [];
  for (const message of sampleMessages(options)) {
    lines.push(`${JSON.stringify(message)}\n`);
    if (lines.length < linesAtOnce) continue;
    if (!(await terminal.stdout.write(lines.join('')))) return exitCodes.ok;
    lines = [];
  }
  if (lines.length > 0) await terminal.stdout.write(lines.join(''));
  return exitCodes.ok;
}
