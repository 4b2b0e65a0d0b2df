import { ByteBudget } from '../../../../src/core/byte-budget.ts';
import { Pipeline } from '../../../../src/pipeline/pipeline.ts';
import { RecordingLog, recordingTelemetry } from '../fakes.ts';
import { Faults } from './faults.ts';
import { RandomScorer, randomSinks } from './random-sinks.ts';
import { RandomSource } from './random-source.ts';
import { Chance, Schedule, ScheduledClock } from './schedule.ts';
import { Stored } from './stored.ts';

export interface LifePlan {
  /** `late`: a drain that is given up; `crash`: without any end. */
  readonly end: 'source' | 'drain' | 'late' | 'crash';
  /** When the end begins, in steps. */
  readonly atStep: number;
  readonly faults: number;
  /** Partitions that are revoked, at random times. */
  readonly revokes: number;
}

export interface WorldPlan {
  readonly seed: number;
  readonly partitions: readonly (readonly string[])[];
  readonly lives: readonly LifePlan[];
  readonly isTraced: boolean;
  readonly charges: boolean;
  readonly skips: boolean;
  readonly maxInFlight: number;
  readonly budgetBytes: number;
}

const MOST_STEPS = 20_000;
const WALL_STEPS = [-3600, 3600, -10];
const lastLife: LifePlan = { end: 'source', atStep: 0, faults: 0, revokes: 0 };

/** Runs one process after the other on the same messages, the last one without faults. Throws what should not be. */
export async function live(plan: WorldPlan): Promise<void> {
  const chance = new Chance(plan.seed);
  const stored = new Stored(plan.partitions, plan.isTraced);
  for (const life of [...plan.lives, lastLife]) {
    const ended = await liveOnce(plan, life, stored, chance);
    stored.crash();
    if (life === lastLife && ended !== undefined) throw ended;
  }
  stored.expectComplete();
}

/** Answers what the pipeline has ended with; undefined for an orderly end, and for a crash. */
async function liveOnce(plan: WorldPlan, life: LifePlan, stored: Stored, chance: Chance): Promise<unknown> {
  const schedule = new Schedule(chance);
  const clock = new ScheduledClock(schedule);
  const faults = new Faults(schedule, chance, {
    count: life.faults,
    share: 0.2,
    fatal: true,
    silent: life.end === 'late' || life.end === 'crash',
  });
  const budget = new ByteBudget(plan.budgetBytes);
  const source = new RandomSource({ ...plan, stored, faults, chance, budget });
  const scorer = new RandomScorer(faults, chance, life.faults > 0 ? 0.1 : 0);
  const broken: unknown[] = [];
  const log = new RecordingLog();
  const pipeline = new Pipeline({
    source: guarded(source, broken),
    scorer,
    ...randomSinks(stored, faults),
    telemetry: recordingTelemetry().telemetry,
    log,
    clock,
    budget,
    options: {
      mode: 'enforce',
      maxInFlight: plan.maxInFlight,
      commitIntervalSeconds: 1,
      maxCommitFailureSeconds: 10,
      abandonSeconds: 1,
    },
  });
  let outcome: { readonly thrown: unknown } | undefined;
  const settled = pipeline
    .start()
    .then(() => pipeline.run())
    .then(
      () => {
        outcome = { thrown: undefined };
      },
      (thrown: unknown) => {
        outcome = { thrown };
      },
    );
  const giveUp = new AbortController();
  const revokeAt = new Set(Array.from({ length: life.revokes }, () => chance.below(80)));
  for (let step = 0; outcome === undefined; step++) {
    if (revokeAt.has(step))
      void source.revoke(
        chance.below(plan.partitions.length),
        chance.of(['rebalance', 'hasty', 'replace'] as const),
      );
    if (chance.hits(0.02)) clock.wallSeconds += chance.of(WALL_STEPS);
    if (step === life.atStep && life.end === 'crash') break;
    if (step === life.atStep && life.end !== 'source') pipeline.drain(giveUp.signal).catch(() => {});
    if (life.end === 'late' && step === life.atStep + 30) giveUp.abort();
    const isMoving = await schedule.advance();
    if (broken.length > 0) break;
    // A call that is never answered may hold everything up until the drain is given up, or the process crashes.
    const mayStall = life.end === 'crash' || (life.end === 'late' && !giveUp.signal.aborted);
    if ((!isMoving && !mayStall && outcome === undefined) || step > MOST_STEPS)
      throw new Error(
        `the pipeline does not end: ${pipeline.state}, ${pipeline.inFlight} in flight\n${JSON.stringify(log.lines.slice(-5))}`,
      );
    if (scorer.mostRunning > plan.maxInFlight) throw new Error('more was scored at a time than allowed');
    if (budget.used < 0) throw new Error('more memory was released than charged');
  }
  faults.isDead = true;
  if (broken.length > 0) throw broken[0];
  if (life.end === 'crash' && outcome === undefined) return undefined;
  await settled;
  if (outcome?.thrown === undefined && budget.used !== 0)
    throw new Error(`${budget.used} bytes are charged at the end`);
  return outcome?.thrown;
}

/** Keeps what is broken, as the pipeline would take it for a failure of the source that ends the process in good order. */
function guarded(source: RandomSource, broken: unknown[]): RandomSource {
  const commit = source.commit.bind(source);
  source.commit = (offsets) =>
    commit(offsets).catch((thrown: unknown) => {
      if (!(thrown instanceof TypeError) && !isPlanned(thrown)) broken.push(thrown);
      throw thrown;
    });
  return source;
}

function isPlanned(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.includes('by plan');
}
