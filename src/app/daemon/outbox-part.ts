import { systemClock } from '../../pipeline/system-clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { OutboxPublisher } from '../../review/outbox-publisher.ts';
import { OutboxWorker } from '../../review/outbox-worker.ts';
import type { BuiltPipeline } from '../open/build-pipeline.ts';
import type { DaemonContext } from './daemon-context.ts';
import { OpenedPart } from './part-list.ts';

/**
 * Publishes the verdicts of people's decisions through the verdict sink of the pipeline: it is the only writer of a file, and
 * decisions are too few to delay a batch. In mode `observe` nothing is published, and they wait. A run with an end publishes
 * what waits then.
 */
export function outboxPart(
  {
    settings,
    once,
    telemetry,
    log,
  }: Pick<DaemonContext, 'settings' | 'once' | 'log'> & {
    readonly telemetry: Pick<Telemetry, 'outboxMeasured'>;
  },
  built: { readonly opened: Pick<BuiltPipeline, 'decisions' | 'verdicts'> },
): OpenedPart<{ stop(): Promise<void> }> {
  return new OpenedPart(
    'the outbox',
    () => {
      if (settings.mode === 'observe') return { stop: async () => {} };
      const { decisions: store, verdicts: sink } = built.opened;
      const outbox = { store, log: log.child('outbox') };
      const publisher = new OutboxPublisher({ ...outbox, sink, holder: globalThis.crypto.randomUUID() });
      const worker = new OutboxWorker({
        ...outbox,
        publisher,
        clock: systemClock,
        onMeasured: (measured) => telemetry.outboxMeasured(measured),
      });
      worker.start();
      return { stop: () => worker.stop(once ? 'drained' : 'at once') };
    },
    (outbox) => outbox.stop(),
  );
}
