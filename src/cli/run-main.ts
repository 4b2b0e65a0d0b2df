import type { AppFunctions } from './app-functions.ts';
import { processTerminal } from './process-terminal.ts';
import { runProgram } from './program.ts';

const LEFT_OPEN_MILLISECONDS = 1_000;

const app: AppFunctions = {
  createLog: async (options) => (await import('../app/create-log.ts')).createLog(options),
  startDaemon: async (options) => (await import('../app/daemon/start-daemon.ts')).startDaemon(options),
  openScorer: async (settings, log) =>
    (await import('../app/models/open-scorer.ts')).openScorer(settings, log),
  openModelManager: async (...parts) =>
    (await import('../app/models/manage-models.ts')).openModelManager(...parts),
  openCluster: async (...parts) =>
    (await import('../app/local-cluster/open-cluster.ts')).openCluster(...parts),
  openClusterClient: async (...parts) =>
    (await import('../app/local-cluster/cluster-client.ts')).openClusterClient(...parts),
  scoreInputs: async (...inputs) => (await import('../app/tasks/score-inputs.ts')).scoreInputs(...inputs),
  trainOn: async (options) => (await import('../app/tasks/train-on.ts')).trainOn(options),
  listDeadLetters: async (...all) => (await import('../app/tasks/dead-letters.ts')).listDeadLetters(...all),
  replayDeadLetters: async (...all) =>
    (await import('../app/tasks/dead-letters.ts')).replayDeadLetters(...all),
  evaluateOn: async (options) => (await import('../app/tasks/evaluate-on.ts')).evaluateOn(options),
};

/** Runs the command that the process was started with. */
export async function runMain(): Promise<void> {
  // The process ends by itself when nothing is left to do: `process.exit` would cut short what is being written, and would
  // end threads under a running graph.
  process.exitCode = await runProgram(process.argv.slice(2), processTerminal(), app);
  // By now threads have ended and all is written; a connection that a library has left open must not keep the process.
  setTimeout(() => process.exit(), LEFT_OPEN_MILLISECONDS).unref();
}
