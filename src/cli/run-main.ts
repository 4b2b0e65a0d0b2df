import { processTerminal } from './process-terminal.ts';
import { runProgram } from './program.ts';

const LEFT_OPEN_MILLISECONDS = 1_000;

/** Runs the command that the process was started with. */
export async function runMain(): Promise<void> {
  // The process ends by itself when nothing is left to do: `process.exit` would cut short what is being written, and would
  // end threads under a running graph.
  process.exitCode = await runProgram(process.argv.slice(2), processTerminal());
  // By now threads have ended and all is written; a connection that a library has left open must not keep the process.
  setTimeout(() => process.exit(), LEFT_OPEN_MILLISECONDS).unref();
}
