import { describeError } from '../../core/errors.ts';
import type { RetrainRun } from '../../core/retrain-run.ts';
import type { CampaignStore } from '../../ports/campaign-store.ts';
import type { Log } from '../../ports/log.ts';
import type { RetrainStore } from '../../ports/retrain-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { adapters } from '../open/adapters.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import type { DaemonContext } from './daemon-context.ts';
import { onATimer } from './on-a-timer.ts';
import { OpenedPart } from './part-list.ts';

/** Retrainings are hours apart, and campaigns grow in minutes. */
const EVERY_SECONDS = 60;
/** More than end in between two of any state that matters. */
const RUNS = 100;

export interface EvidenceMeasureParts {
  readonly retrainings: () => Promise<Pick<RetrainStore, 'runs'>>;
  readonly campaigns: Pick<CampaignStore, 'list'>;
  readonly telemetry: Pick<Telemetry, 'retrainingsMeasured' | 'campaignsMeasured'>;
  readonly log: Log;
}

/** Measures what other processes have written into the database, at once and then on a timer. */
export function evidencePart(
  { settings, telemetry, log }: DaemonContext,
  built: OpenedPart<BuiltPipeline>,
): OpenedPart<{ stop(): Promise<void> }> {
  return new OpenedPart(
    'the measurements of retraining and campaigns',
    () => {
      const { campaigns } = built.opened.decisions;
      // Opened when it is first needed: a database that is unavailable must not keep the daemon from starting.
      let opened: Promise<RetrainStore> | undefined;
      const open = () => {
        opened ??= adapters.store[settings.store.kind].openRetrainings(settings.store);
        opened.catch(() => {
          opened = undefined;
        });
        return opened;
      };
      const measuring = onATimer(
        () => measureEvidence({ retrainings: open, campaigns, telemetry, log }),
        EVERY_SECONDS,
      );
      return {
        stop: async () => {
          await measuring.stop();
          await (await opened?.catch(() => undefined))?.close();
        },
      };
    },
    (measuring) => measuring.stop(),
  );
}

/** Measures once. While the store is unavailable the last figures stay. Never rejects. */
export async function measureEvidence(parts: EvidenceMeasureParts): Promise<void> {
  const { retrainings, campaigns, telemetry, log } = parts;
  try {
    telemetry.retrainingsMeasured(lastOf(await (await retrainings()).runs(RUNS)));
    const [largest] = (await campaigns.list({ limit: 1 })).items;
    telemetry.campaignsMeasured({ members: largest?.members ?? 0, open: largest?.open ?? 0 });
  } catch (error) {
    log.warn(
      { error: describeError(error) },
      'retrainings and campaigns could not be read from the database; it is tried again',
    );
  }
}

/** By state, when the last run that is in it ended, or began where it has not ended; epoch milliseconds. */
function lastOf(runs: readonly RetrainRun[]): Parameters<Telemetry['retrainingsMeasured']>[0] {
  const last: { [State in RetrainRun['state']]?: number } = {};
  for (const { state, startedAt, finishedAt } of runs)
    last[state] = Math.max(last[state] ?? 0, finishedAt ?? startedAt);
  return last;
}
