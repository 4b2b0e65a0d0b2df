import type { AppFunctions } from './app-functions.ts';
import { processTerminal } from './process-terminal.ts';
import { runProgram } from './program.ts';

const LEFT_OPEN_MILLISECONDS = 1_000;

const app: AppFunctions = {
  createLog: async (options) => (await import('../app/create-log.ts')).createLog(options),
  startDaemon: async (options) => (await import('../app/start-daemon.ts')).startDaemon(options),
  openScorer: async (settings, log) => (await import('../app/open-scorer.ts')).openScorer(settings, log),
  openModelManager: async (...parts) => (await import('../app/manage-models.ts')).openModelManager(...parts),
  openCluster: async (...parts) => (await import('../app/open-cluster.ts')).openCluster(...parts),
  openClusterClient: async (...parts) =>
    (await import('../app/cluster-client.ts')).openClusterClient(...parts),
  judgeInputs: async (...inputs) => (await import('../app/judge-inputs.ts')).judgeInputs(...inputs),
  trainOn: async (options) => (await import('../app/train-on.ts')).trainOn(options),
  listDeadLetters: async (...all) => (await import('../app/dead-letters.ts')).listDeadLetters(...all),
  replayDeadLetters: async (...all) => (await import('../app/dead-letters.ts')).replayDeadLetters(...all),
  evaluateOn: async (options) => (await import('../app/evaluate-on.ts')).evaluateOn(options),
};

/** Runs the command that the process was started with. */
export async function runMain(): Promise<void> {
  // The process ends by itself when nothing is left to do: `process.exit` would cut short what is being written, and would
  // end threads under a running graph.
  process.exitCode = await runProgram(process.argv.slice(2), processTerminal(), app);
  // By now threads have ended and all is written; a connection that a library has left open must not keep the process.
  setTimeout(() => process.exit(), LEFT_OPEN_MILLISECONDS).unref();
}
