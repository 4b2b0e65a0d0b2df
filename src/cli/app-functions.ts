import type { CreateLog } from '../app/create-log.ts';
import type { startDaemon } from '../app/daemon/start-daemon.ts';
import type { ClusterClient } from '../app/local-cluster/cluster-client.ts';
import type { Cluster } from '../app/local-cluster/open-cluster.ts';
import type { openModelManager } from '../app/models/manage-models.ts';
import type { openScorer } from '../app/models/open-scorer.ts';
import type { listDeadLetters, replayDeadLetters } from '../app/tasks/dead-letters.ts';
import type { evaluateOn } from '../app/tasks/evaluate-on.ts';
import type { scoreInputs } from '../app/tasks/score-inputs.ts';
import type { trainOn } from '../app/tasks/train-on.ts';

import type { Log } from '../ports/log.ts';

type Later<F extends (...args: never[]) => unknown> = (
  ...args: Parameters<F>
) => Promise<Awaited<ReturnType<F>>>;

/** What the commands need of the application, each loaded when it is first called: `--help` loads no graph engine. */
export interface AppFunctions {
  readonly createLog: Later<CreateLog>;
  readonly startDaemon: typeof startDaemon;
  readonly openScorer: typeof openScorer;
  readonly openModelManager: Later<typeof openModelManager>;
  readonly openCluster: (path: string | undefined, log: Log) => Promise<Cluster>;
  /** `settings`: path of the file of one of its daemons. */
  readonly openClusterClient: (settings: string, log: Log) => Promise<ClusterClient>;
  readonly scoreInputs: Later<typeof scoreInputs>;
  readonly trainOn: typeof trainOn;
  readonly evaluateOn: typeof evaluateOn;
  readonly listDeadLetters: typeof listDeadLetters;
  readonly replayDeadLetters: typeof replayDeadLetters;
}
