import { type SampleLanguage, sampleMessages } from '../training/sample-messages.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export interface SampleCommandOptions {
  readonly count: number;
  readonly spam: number;
  readonly seed: number;
  readonly language?: SampleLanguage;
}

const linesAtOnce = 1000;

/** Writes synthetic messages with their labels, one JSON line each. */
export async function sampleCommand(options: SampleCommandOptions, terminal: Terminal): Promise<ExitCode> {
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
