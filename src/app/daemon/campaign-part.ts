import { performance } from 'node:perf_hooks';
import { CampaignAssigner } from '../../campaigns/campaign-assigner.ts';
import { CampaignWorker } from '../../campaigns/campaign-worker.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { Log } from '../../ports/log.ts';
import { OpenedPart } from './part-list.ts';

/** Assigns review rows to campaigns while the process runs. `share`: of the thread's time, at most. */
export function campaignPart(
  { log, share }: { readonly log: Log; readonly share: number },
  stores: { readonly opened: { readonly decisions: Pick<DecisionStore, 'campaigns'> } },
): OpenedPart<CampaignWorker> {
  return new OpenedPart(
    'the campaigns',
    () => {
      const store = stores.opened.decisions.campaigns;
      const assigner = new CampaignAssigner({ store, holder: globalThis.crypto.randomUUID() });
      const worker = new CampaignWorker({
        ...{ assigner, share, busyShare: busyShareOfThread(), clock: systemClock },
        log: log.child('campaigns'),
      });
      worker.start();
      return worker;
    },
    (worker) => worker.stop(),
  );
}

/** How much of the time since its last call this thread's event loop was busy (0 … 1). */
function busyShareOfThread(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
