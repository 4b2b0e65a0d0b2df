import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { RunParts } from './signals.ts';
import type { Terminal } from './terminal.ts';

/** What a file of commands receives to declare them. */
export interface CommandContext {
  readonly program: Command;
  readonly terminal: Terminal;
  readonly functions: GivenFunctions;
  /** Receives the exit code of the command that ran. */
  readonly answer: (code: ExitCode) => void;
  readonly runParts: RunParts | undefined;
}

/** Returns the functions of the application that a command calls: its own, or those that a test gives in their place. */
export type GivenFunctions = <Functions extends object>(own: Functions) => Functions;

/** Declares a command, or a group of them, on the program. */
export type AddCommand = (context: CommandContext) => void;
