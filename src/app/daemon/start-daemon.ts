import { drainPlan } from '../../settings/drain-plan.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';
import type { DaemonOptions } from './daemon-context.ts';
import { type DaemonParts, daemonParts } from './daemon-parts.ts';
import { FinalLabelReport } from './final-label-report.ts';
import { type LabelReport, labelReport } from './label-report.ts';
import { PartList } from './part-list.ts';
import type { DaemonProgress } from './progress-report.ts';

/** A running daemon. */
export interface Daemon {
  /** Resolves when drained; rejects with a `SluiceError` when the run failed. */
  readonly done: Promise<void>;
  /**
   * Stops from the source forward. Idempotent; resolves with {@link done}. When `giveUp` aborts before the end, sinks are no
   * longer waited for: what is settled is committed, and both reject with `DRAIN_TIMEOUT`.
   */
  drain(giveUp?: AbortSignal): Promise<void>;
  /** Looks at once at the settings and at which model is active, and tries again what was refused or failed. */
  reload(): void;
  progress(): DaemonProgress;
  /** URLs; null where the listener is off. */
  readonly addresses: { readonly api: string | null; readonly ops: string | null };
  /**
   * Address of the console, with a one-time token for the first admin while there is none; null where there is none: the API is off,
   * or the run has an end.
   */
  readonly console: string | null;
  /** Where results are written, for people. */
  readonly destinations: {
    readonly verdicts: string;
    readonly reviews: string;
    readonly deadLetters: string;
  };
  /** Null where the labels of what was scored are not known. */
  labelReport(): Promise<LabelReport | null>;
}

/** Builds the daemon from settings and starts it. Resolves when it is ready to score. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { settings, log } = options;
  const parts = daemonParts(options);
  const list = new PartList(parts.inOrder, log);
  await list.start();
  const labels = new FinalLabelReport(() => compareWithLabels(settings, parts), log);
  const done = runToEnd(settings, parts, list, labels);
  // The caller who waits for `done` sees the failure; nobody has to.
  done.catch(() => undefined);
  const { pipeline } = parts.pipeline.opened;
  const { api, ops, console } = parts.http.opened;
  return {
    done,
    drain: async (giveUp) => {
      parts.status.stopping();
      await pipeline.drain(giveUp);
      await done;
    },
    reload: () => parts.follower.reload(),
    progress: () => parts.progress.progress,
    addresses: { api, ops },
    console,
    destinations: {
      verdicts: adapters.verdicts[settings.verdicts.kind].destination(settings),
      reviews: adapters.store[settings.store.kind].locationOf(settings.store),
      deadLetters: adapters.deadLetters[settings.deadLetters.kind].destination(settings),
    },
    labelReport: () => labels.report(),
  };
}

async function runToEnd(
  settings: Settings,
  { pipeline }: DaemonParts,
  list: PartList,
  labels: FinalLabelReport,
): Promise<void> {
  try {
    await pipeline.opened.pipeline.run();
  } catch (error) {
    // A part that does not answer any more must not keep the process from its end.
    await list.stopAfterFailure({ withinSeconds: drainPlan(settings.drain.deadlineSeconds).stepSeconds });
    throw error;
  }
  await labels.finish();
  await list.stop();
}

async function compareWithLabels(settings: Settings, { pipeline }: DaemonParts): Promise<LabelReport | null> {
  const verdicts = adapters.verdicts[settings.verdicts.kind].file(settings);
  return verdicts === undefined
    ? null
    : await labelReport(settings.state.path, verdicts, pipeline.opened.reviews);
}
