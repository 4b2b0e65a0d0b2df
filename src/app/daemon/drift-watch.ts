import type { DecisionPolicy } from '../../core/decision-policy.ts';
import {
  type DriftChange,
  type DriftFigures,
  type DriftSignal,
  driftSignals,
} from '../../core/drift-figures.ts';
import { describeError } from '../../core/errors.ts';
import type { BatchStatistics } from '../../core/scored-batch.ts';
import { type DriftMemory, DriftMonitor, type DriftRules } from '../../drift/drift-monitor.ts';
import type { Traffic } from '../../drift/traffic.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

export interface DriftWatchParts {
  readonly rules: DriftRules;
  /** Chosen by people; see the setting drift.baseline. */
  readonly baseline: string;
  readonly memory: {
    readonly path: string;
    read(): Promise<DriftMemory | undefined>;
    write(memory: DriftMemory): Promise<void>;
  };
  readonly policy: { readonly value: DecisionPolicy; readonly revision: number };
  /** What a model was tested on; null where it has no reference. */
  readonly referenceOf: (version: string) => Promise<Traffic | null>;
  readonly telemetry: Pick<Telemetry, 'driftMeasured'>;
  readonly clock: Clock;
  readonly log: Log;
}

const LOOK_SECONDS = 10;

/** Watches for drift while the daemon runs: measures, logs alarms, and keeps what is usual over a restart. */
export class DriftWatch {
  readonly #parts: DriftWatchParts;
  readonly #monitor: DriftMonitor;
  readonly #stopped = new AbortController();
  #looking: Promise<void> = Promise.resolve();
  #policy = { revision: -1, key: '' };
  #reference: { readonly model: string; readonly traffic: Traffic | null } | undefined;
  readonly #alarms = new Set<DriftSignal>();
  #model = '';
  #hasFailed = false;

  private constructor(parts: DriftWatchParts, memory: DriftMemory | undefined) {
    this.#parts = parts;
    this.#monitor = new DriftMonitor(parts.rules, parts.clock.now(), memory);
  }

  /** Starts with what is remembered; where that cannot be read, from nothing. Never rejects. */
  static async start(parts: DriftWatchParts): Promise<DriftWatch> {
    const memory = await parts.memory.read().catch((error: unknown) => {
      parts.log.warn(
        { file: parts.memory.path, error: describeError(error) },
        'what is usual cannot be read from the file, so it is learned again',
      );
      return undefined;
    });
    const watch = new DriftWatch(parts, memory);
    watch.#looking = watch.#look();
    return watch;
  }

  /** Counts a batch that was scored. */
  batchScored({ model, statistics }: { readonly model: string; readonly statistics: BatchStatistics }): void {
    const { policy, baseline, clock } = this.#parts;
    const now = clock.now();
    this.#close(now);
    if (this.#policy.revision !== policy.revision)
      this.#policy = { revision: policy.revision, key: keyOfPolicy(policy.value) };
    this.#model = model;
    this.#monitor.add({ model, policy: this.#policy.key, baseline }, statistics, now);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#looking;
    await this.#keep();
  }

  async #look(): Promise<void> {
    const { clock } = this.#parts;
    for (;;) {
      await this.#lookOnce();
      await clock.sleep(LOOK_SECONDS, this.#stopped.signal);
      if (this.#stopped.signal.aborted) return;
    }
  }

  async #lookOnce(): Promise<void> {
    const { clock, telemetry } = this.#parts;
    this.#close(clock.now());
    const reference = await this.#referenceOf(this.#model);
    const figures = this.#monitor.figures(clock.now(), reference);
    telemetry.driftMeasured({ figures, hasReference: reference !== null });
    this.#logAlarms(figures);
  }

  #close(now: number): void {
    if (this.#monitor.tick(now)) void this.#keep();
  }

  /** Never rejects: without the file, a restart only has to learn again. */
  async #keep(): Promise<void> {
    const { memory, log } = this.#parts;
    try {
      await memory.write(this.#monitor.memory);
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed)
        log.warn(
          { file: memory.path, error: describeError(error) },
          'what is usual cannot be written down, so a restart will have to learn it again; it is tried again',
        );
      this.#hasFailed = true;
    }
  }

  async #referenceOf(model: string): Promise<Traffic | null> {
    if (model === '') return null;
    if (this.#reference?.model === model) return this.#reference.traffic;
    const { referenceOf, log } = this.#parts;
    const traffic = await referenceOf(model).catch((error: unknown) => {
      log.warn({ model, error: describeError(error) }, 'the reference of the model cannot be read');
      return null;
    });
    if (traffic === null)
      log.info(
        { model },
        'the model has no reference, so its messages cannot be compared with those of its training; "sluice model reference" makes one',
      );
    this.#reference = { model, traffic };
    return traffic;
  }

  #logAlarms(figures: DriftFigures): void {
    const { log } = this.#parts;
    for (const signal of driftSignals) {
      const { alarm, changes } = figures[signal];
      if (alarm === this.#alarms.has(signal)) continue;
      if (alarm) {
        this.#alarms.add(signal);
        log.warn(
          { signal, model: this.#model, changes: changes.map(changeText) },
          'the messages have changed: see SluiceDrift in the runbook',
        );
      } else {
        this.#alarms.delete(signal);
        log.info({ signal, model: this.#model }, 'the messages are as usual again');
      }
    }
  }
}

/** `spam: 21.3 %, usually 10.1 %` */
export function changeText({ part, expected, found }: DriftChange): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return `${part}: ${percent(found)}, usually ${percent(expected)}`;
}

/** All of a policy that verdicts, scores and languages hang on. */
function keyOfPolicy({
  default: thresholds,
  communities,
  exactScores,
  unknownMessage,
}: DecisionPolicy): string {
  return JSON.stringify([thresholds, communities, exactScores, unknownMessage ?? null]);
}
