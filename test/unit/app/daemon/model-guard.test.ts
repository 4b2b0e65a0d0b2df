import { afterEach, describe, expect, it } from 'vitest';
import { ModelGuard } from '../../../../src/app/daemon/model-guard.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import { addGuardCounts, type GuardCounts, noGuardCounts } from '../../../../src/core/guard-counts.ts';
import type { ScoredBatch } from '../../../../src/core/scored-batch.ts';
import type { VerdictName } from '../../../../src/core/verdict.ts';
import type { GuardDecision, GuardedVersion, GuardStore } from '../../../../src/ports/guard-store.ts';
import type { LocalModel } from '../../../../src/ports/model-store.ts';
import { scoredBatch } from '../../decide/simulated-models.ts';
import { RecordingLog, recordingTelemetry, TurnClock, turn } from '../../pipeline/fakes.ts';

/** One for all daemons of a test. */
class MemoryGuardStore implements GuardStore {
  rows: GuardedVersion[] = [];
  isAway = false;
  #time = 0;

  async list(): Promise<readonly GuardedVersion[]> {
    this.#answer();
    return [...this.rows].sort((a, b) => b.changedAt - a.changedAt);
  }

  async add(version: string, before: string | null, counts: GuardCounts): Promise<GuardedVersion> {
    this.#answer();
    const row = this.#have(version, before);
    return this.#replace({ ...row, ...addGuardCounts(row, counts) });
  }

  async decide(version: string, { state, who, why }: GuardDecision): Promise<GuardedVersion> {
    this.#answer();
    const row = this.#have(version, null);
    const stays = row.state === 'confirmed' || (row.state === 'tripped' && state !== 'confirmed');
    this.#time++;
    if (stays) return this.#replace({ ...row, changedAt: state === 'passed' ? this.#time : row.changedAt });
    return this.#replace({ ...row, state, decided: `${who}: ${why}`, changedAt: this.#time });
  }

  state(version: string): string | undefined {
    return this.rows.find((row) => row.version === version)?.state;
  }

  #answer(): void {
    if (this.isAway) throw new SluiceError('STORE_FAILED', 'planted', { retriable: true });
  }

  #have(version: string, before: string | null): GuardedVersion {
    const found = this.rows.find((row) => row.version === version);
    const at = ++this.#time;
    const fresh = { version, before, state: 'watching', decided: null, beganAt: at, changedAt: at } as const;
    return found ?? { ...noGuardCounts, ...fresh };
  }

  #replace(row: GuardedVersion): GuardedVersion {
    this.rows = [...this.rows.filter(({ version }) => version !== row.version), row];
    return row;
  }
}

const model = (version: string): LocalModel => ({ version, path: `/models/${version}`, sha256: version });
const [a, b, c] = [model('a'), model('b'), model('c')];

/** A daemon whose models call spam what their version says. */
class Daemon {
  readonly clock = new TurnClock();
  readonly log = new RecordingLog();
  readonly kept: (string | null)[] = [];
  readonly telemetry = recordingTelemetry();
  readonly guard: ModelGuard;
  fails = false;
  isGone = false;
  readonly #spam: Readonly<Record<string, readonly VerdictName[]>>;
  #active: LocalModel;

  constructor(
    store: GuardStore,
    active: LocalModel,
    spam: Readonly<Record<string, readonly VerdictName[]>>,
    rule: { readonly messages?: number; readonly maxHours?: number } = {},
  ) {
    this.#active = active;
    this.#spam = spam;
    const daemon = this;
    this.guard = new ModelGuard({
      rule: {
        ...{ spamBeyond: 0.01, reviewBeyond: 0.03, falseAlarms: 0.001, messages: 1000, maxHours: 24 },
        ...rule,
      },
      store,
      pool: {
        get model() {
          return daemon.#active;
        },
        keep: (kept) => this.kept.push(kept?.version ?? null),
        scoreWith: async ({ version }) => {
          if (this.fails) throw new SluiceError('SCORER_THREAD_LOST', 'planted', { retriable: true });
          return this.#scored(version);
        },
      },
      fetch: async (version) => {
        if (this.isGone) throw new SluiceError('MODEL_MISSING', 'planted');
        return model(version);
      },
      telemetry: this.telemetry.telemetry,
      clock: this.clock,
      log: this.log,
    });
    daemons.push(this);
  }

  async switchTo(next: LocalModel): Promise<void> {
    await this.guard.prepare(next);
    this.#active = next;
  }

  /** Verdicts of so many batches, counted. */
  async score(batches = 1): Promise<{ readonly spam: number; readonly review: number }> {
    const scorer = this.guard.over({ score: async () => this.#scored(this.#active.version) });
    let [spam, review] = [0, 0];
    for (let i = 0; i < batches; i++) {
      const { statistics } = await scorer.score([]);
      spam += statistics.spam;
      review += statistics.review;
    }
    return { spam, review };
  }

  /** Lets the guard exchange with the database. */
  async look(): Promise<void> {
    const looks = () => this.clock.sleeps.filter((seconds) => seconds === 1).length;
    const before = looks();
    while (looks() < before + 2) await turn();
  }

  #scored(version: string): ScoredBatch {
    return scoredBatch(version, this.#spam[version]!);
  }
}

const daemons: Daemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.guard.stop();
});

const batch = (...verdicts: readonly VerdictName[]): readonly VerdictName[] => [
  ...verdicts,
  ...Array<VerdictName>(20 - verdicts.length).fill('ham'),
];
/** `b` calls a twentieth of all messages spam beside what `a` does, `c` nothing. */
const verdicts = { a: batch('spam'), b: batch('spam', 'spam'), c: batch('spam', 'ham', 'ham') };

async function started(store: GuardStore, active = a, rule = {}): Promise<Daemon> {
  const daemon = new Daemon(store, active, verdicts, rule);
  await daemon.guard.start();
  return daemon;
}

describe('ModelGuard', () => {
  it('the first model of a database is not compared with anything, and is what the next one is compared with', async () => {
    const store = new MemoryGuardStore();
    const daemon = await started(store);
    expect(await daemon.score()).toEqual({ spam: 1, review: 0 });
    await daemon.look();
    expect(store.state('a')).toBe('passed');
    await daemon.switchTo(c);
    expect(daemon.kept.at(-1)).toBe('a');
    await daemon.look();
    expect(store.rows).toMatchObject([{ version: 'a' }, { version: 'c', before: 'a', state: 'watching' }]);
  });

  it('a model that departs publishes none of the spam that the model before does not find, and trips in all daemons', async () => {
    const store = new MemoryGuardStore();
    const [first, second] = [await started(store), await started(store)];
    await first.look();
    for (const daemon of [first, second]) await daemon.switchTo(b);
    expect(await first.score(49)).toEqual({ spam: expect.any(Number), review: expect.any(Number) });
    expect(first.guard.active?.state).toBe('tripped');
    expect(await first.score()).toEqual({ spam: 0, review: 2 });
    expect(second.guard.active?.state).toBe('watching');
    await first.look();
    await second.look();
    expect(second.guard.active?.state).toBe('tripped');
    expect(await second.score()).toEqual({ spam: 0, review: 2 });
    expect(store.rows.at(-1)).toMatchObject({
      decided: expect.stringMatching(/^guard: more spam than the model before/),
    });
    expect(first.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(first.kept.at(-1)).toBe(null);
  });

  it('a tripped model stays held back after a restart, until a person confirms it', async () => {
    const store = new MemoryGuardStore();
    await store.decide('a', { state: 'passed', who: 'guard', why: 'first' });
    await store.decide('b', { state: 'tripped', who: 'guard', why: 'departs' });
    const daemon = await started(store, b);
    expect(await daemon.score()).toEqual({ spam: 0, review: 2 });
    await store.decide('b', { state: 'confirmed', who: 'anna', why: 'looked at it' });
    await daemon.look();
    expect(await daemon.score()).toEqual({ spam: 2, review: 0 });
  });

  it('a new model that takes long to be checked is compared nevertheless', async () => {
    const daemon = await started(new MemoryGuardStore());
    await daemon.guard.prepare(b);
    await daemon.look();
    expect(daemon.kept.at(-1)).toBe('a');
    await daemon.switchTo(b);
    expect(await daemon.score()).toEqual({ spam: 1, review: 1 });
    expect(daemon.guard.active?.counts.messages).toBe(20);
  });

  it('a rollback to the model before is not watched, and ends that its spam is held back', async () => {
    const store = new MemoryGuardStore();
    const daemon = await started(store);
    await daemon.look();
    await daemon.switchTo(b);
    await daemon.score(60);
    await daemon.look();
    await daemon.switchTo(a);
    expect(await daemon.score()).toEqual({ spam: 1, review: 0 });
    await daemon.switchTo(c);
    expect(daemon.kept.at(-1)).toBe('a');
  });

  it('a model that tripped is held back at once where it is activated again', async () => {
    const store = new MemoryGuardStore();
    const daemon = await started(store);
    await daemon.look();
    await daemon.switchTo(b);
    await daemon.score(60);
    await daemon.look();
    await daemon.switchTo(a);
    await daemon.switchTo(b);
    expect(await daemon.score()).toEqual({ spam: 0, review: 2 });
  });

  it('a model that is as the one before passes, and the model before is no longer kept', async () => {
    const store = new MemoryGuardStore();
    const daemon = await started(store);
    await daemon.look();
    await daemon.switchTo(c);
    await daemon.score(50);
    await daemon.look();
    expect(store.state('c')).toBe('passed');
    expect(daemon.kept.at(-1)).toBe(null);
    expect(daemon.telemetry.calls).toContainEqual([
      'guardMeasured',
      { state: 'passed', counts: { ...noGuardCounts, messages: 1000 } },
    ]);
  });

  it('a watch goes on after a restart, with what was counted before', async () => {
    const store = new MemoryGuardStore();
    const before = await started(store);
    await before.look();
    await before.switchTo(c);
    await before.score(40);
    await before.guard.stop();
    const after = await started(store, c);
    expect(after.kept.at(-1)).toBe('a');
    expect(after.guard.active).toMatchObject({ state: 'watching', counts: { messages: 800 } });
    await after.score(10);
    expect(after.guard.active?.state).toBe('passed');
  });

  it('a model that was activated while no daemon ran is compared with the last one that was trusted', async () => {
    const store = new MemoryGuardStore();
    await store.decide('a', { state: 'passed', who: 'guard', why: 'first' });
    const daemon = await started(store, b);
    expect(daemon.kept.at(-1)).toBe('a');
    expect(await daemon.score()).toEqual({ spam: 1, review: 1 });
  });

  it('where the model before is gone, the new one is not compared, and a warning states it', async () => {
    const store = new MemoryGuardStore();
    await store.decide('a', { state: 'passed', who: 'guard', why: 'first' });
    const daemon = new Daemon(store, b, verdicts);
    daemon.isGone = true;
    await daemon.guard.start();
    expect(await daemon.score()).toEqual({ spam: 2, review: 0 });
    expect(daemon.log.lines).toMatchObject([{ level: 'warn', fields: { before: 'a' } }]);
  });

  it('a model that is watched when another is activated is not what that one is compared with', async () => {
    const store = new MemoryGuardStore();
    const daemon = await started(store);
    await daemon.look();
    await daemon.switchTo(b);
    await daemon.switchTo(c);
    expect(daemon.kept.at(-1)).toBe('a');
  });

  it('where the model before fails under a batch, its spam is held back and the watch goes on', async () => {
    const daemon = await started(new MemoryGuardStore());
    await daemon.look();
    await daemon.switchTo(c);
    daemon.fails = true;
    expect(await daemon.score()).toEqual({ spam: 0, review: 1 });
    daemon.fails = false;
    expect(await daemon.score()).toEqual({ spam: 1, review: 0 });
    expect(daemon.guard.active?.counts.messages).toBe(20);
  });

  it('without the database a new model is watched by what is known here, and what was found is written when it is back', async () => {
    const store = new MemoryGuardStore();
    const daemon = await started(store);
    await daemon.look();
    store.isAway = true;
    await daemon.switchTo(b);
    await daemon.score(60);
    await daemon.look();
    expect(daemon.guard.active?.state).toBe('tripped');
    expect(store.state('b')).toBeUndefined();
    store.isAway = false;
    await daemon.look();
    expect(store.state('b')).toBe('tripped');
    expect(store.rows.find(({ version }) => version === 'b')).toMatchObject(daemon.guard.active!.counts);
    expect(daemon.guard.active!.counts.messages).toBeGreaterThan(100);
  });

  it('a daemon that starts without the database holds a tripped model back as soon as it can read that', async () => {
    const store = new MemoryGuardStore();
    await store.decide('a', { state: 'passed', who: 'guard', why: 'first' });
    await store.decide('b', { state: 'tripped', who: 'guard', why: 'departs' });
    store.isAway = true;
    const daemon = await started(store, b);
    expect(await daemon.score()).toEqual({ spam: 2, review: 0 });
    store.isAway = false;
    await daemon.look();
    expect(await daemon.score()).toEqual({ spam: 0, review: 2 });
  });

  it('a watch ends after its hours, also with few messages', async () => {
    const daemon = await started(new MemoryGuardStore(), a, { maxHours: 1 });
    await daemon.look();
    await daemon.switchTo(c);
    await daemon.score();
    daemon.clock.seconds += 3700;
    await daemon.look();
    expect(daemon.guard.active?.state).toBe('passed');
  });

  it('messages that no thread may see are not compared: their spam is held back as long as the model is watched', async () => {
    const daemon = await started(new MemoryGuardStore());
    await daemon.look();
    await daemon.switchTo(c);
    const alone = daemon.guard.over({ score: async () => scoredBatch('c', verdicts.c) }, { compares: false });
    expect((await alone.score([])).statistics).toMatchObject({ spam: 0, review: 1 });
    expect(daemon.guard.active?.counts.messages).toBe(0);
  });

  it('with guard.messages 0 nothing is watched and nothing written', async () => {
    const store = new MemoryGuardStore();
    const daemon = await started(store, a, { messages: 0 });
    await daemon.switchTo(b);
    expect(await daemon.score(100)).toEqual({ spam: 200, review: 0 });
    expect(store.rows).toEqual([]);
  });
});
