import type { CreateLog, Daemon, DaemonOptions, OpenModelStore, OpenScorerFor } from '../app/daemon.ts';
import type { listDeadLetters, replayDeadLetters } from '../app/dead-letters.ts';
import type { evaluateOn } from '../app/evaluate-on.ts';
import type { judgeInputs } from '../app/judge-inputs.ts';
import type { trainOn } from '../app/train-on.ts';

type Later<F extends (...args: never[]) => unknown> = (
  ...args: Parameters<F>
) => Promise<Awaited<ReturnType<F>>>;

/** What the commands need of the application, each loaded when it is first called: `--help` loads no graph engine. */
export interface AppFunctions {
  readonly createLog: Later<CreateLog>;
  readonly startDaemon: (options: DaemonOptions) => Promise<Daemon>;
  readonly openScorer: OpenScorerFor;
  readonly openModelStore: Later<OpenModelStore>;
  readonly judgeInputs: Later<typeof judgeInputs>;
  readonly trainOn: typeof trainOn;
  readonly evaluateOn: typeof evaluateOn;
  readonly listDeadLetters: typeof listDeadLetters;
  readonly replayDeadLetters: typeof replayDeadLetters;
}
