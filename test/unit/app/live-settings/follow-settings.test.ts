import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FollowedSource, followSettings } from '../../../../src/app/live-settings/follow-settings.ts';
import type { Activations } from '../../../../src/core/activations.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import type { Log } from '../../../../src/ports/log.ts';
import type { LiveLocation } from '../../../../src/settings/live-policy.ts';
import { type LoadedSettings, loadSettings } from '../../../../src/settings/load-settings.ts';
import type { Settings } from '../../../../src/settings/settings-schema.ts';
import { quietLog } from '../../../contract/temporary-folder.ts';

/** A settings source that a test writes to. */
class SourceStub {
  nested: Record<string, unknown> = {};
  kept: unknown;
  #changed: () => void = () => {};

  of(location: LiveLocation): FollowedSource {
    return {
      location,
      source: {
        read: async () => this.nested,
        watch: (changed, signal) => {
          this.#changed = changed;
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
        },
      },
      keep: async (nested) => {
        this.kept = nested;
      },
    };
  }

  write(nested: Record<string, unknown>): void {
    this.nested = nested;
    this.#changed();
  }
}

let base: LoadedSettings;
let stop: AbortController;
let following: Promise<void>;
let policies: Settings['decide'][];
let models: string[];
let results: string[];
let warnings: string[];
let awaited: boolean | undefined;
let tries: number;
let byTimer: boolean[];
let fail: SluiceError | undefined;
/** A version that does not pass its check. */
let refused: string | undefined;
let fetching: Promise<void> | undefined;
let active: Activations | undefined;
let file: SourceStub;
let live: SourceStub;
let reload: () => void;

beforeEach(async () => {
  vi.useFakeTimers();
  base = await loadSettings({
    environment: {},
    assignments: [],
    baseFolders: { workingDirectory: '/here', packageRoot: '/package' },
  });
  stop = new AbortController();
  policies = [];
  models = [];
  results = [];
  warnings = [];
  awaited = undefined;
  tries = 0;
  byTimer = [];
  fail = undefined;
  refused = undefined;
  fetching = undefined;
  active = undefined;
  file = new SourceStub();
  live = new SourceStub();
});
afterEach(async () => {
  stop.abort();
  await following;
  vi.useRealTimers();
});

function follow(isModelActive = true): void {
  following = followSettings(
    {
      base,
      sources: [
        file.of({ layer: 'file', name: 'sluice.yaml' }),
        live.of({ layer: 'live', name: 'zookeeper' }),
      ],
      activation: { location: 'active.json', read: async () => active, write: async () => {} },
      isModelActive,
    },
    {
      log: { ...quietLog, warn: (_: object, text: string) => warnings.push(text) } as Log,
      telemetry: {
        settingsReloaded: (result) => results.push(result),
        modelAwaited: (now) => {
          awaited = now;
        },
      },
      applyPolicy: (settings) => policies.push(settings.decide),
      changeModel: async (settings, again) => {
        byTimer.push(again);
        tries++;
        await fetching;
        if (fail !== undefined) throw fail;
        if (settings.model.version === refused) throw new SluiceError('MODEL_REFUSED', 'no');
        models.push(settings.model.version);
      },
      onReload: (again) => {
        reload = again;
      },
      signal: stop.signal,
    },
  );
}
const settle = () => vi.advanceTimersByTimeAsync(0);
const inForceNow = () => policies.at(-1);

describe('settings that are followed', () => {
  it('followed settings come from all sources together, and the live source overrides the file', async () => {
    follow();
    file.write({ decide: { rejectMin: 0.1, rejectMax: 0.9 } });
    await settle();
    live.write({ decide: { rejectMin: 0.3 } });
    await settle();
    expect(inForceNow()).toMatchObject({ rejectMin: 0.3, rejectMax: 0.9 });
    file.write({ decide: { rejectMin: 0.2, rejectMax: 0.8 } });
    await settle();
    expect(inForceNow()).toMatchObject({ rejectMin: 0.3, rejectMax: 0.8 });
    live.write({});
    await settle();
    expect(inForceNow()).toMatchObject({ rejectMin: 0.2, rejectMax: 0.8 });
    expect(results).toEqual(['applied', 'applied', 'applied', 'applied']);
  });

  it('followed settings are refused if they are invalid, or contradict another source', async () => {
    follow();
    live.write({ decide: { rejectMin: 0.6 } });
    await settle();
    expect(live.kept).toEqual({ decide: { rejectMin: 0.6 } });
    file.write({ decide: { rejectMax: 0.5 } });
    live.write({ decide: { rejectMin: 6 } });
    await settle();
    expect(results).toEqual(['applied', 'refused', 'refused']);
    expect(policies).toHaveLength(1);
    expect(live.kept).toEqual({ decide: { rejectMin: 0.6 } });
  });

  it('followed settings take effect at once, whatever happens to a model that changes with them', async () => {
    follow();
    fail = new SluiceError('MODEL_MISSING', 'none');
    live.write({ decide: { rejectMin: 0.6 }, model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    expect(inForceNow()).toMatchObject({ rejectMin: 0.6 });
    live.write({ decide: { rejectMin: 0.55 }, model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    expect(inForceNow()).toMatchObject({ rejectMin: 0.55 });
    expect(live.kept).toBeUndefined();
    expect(awaited).toBe(true);
    file.write({ decide: { rejectMax: 0.9 } });
    await settle();
    expect(inForceNow()).toMatchObject({ rejectMin: 0.55, rejectMax: 0.9 });
    expect(results).toEqual(['refused', 'refused', 'applied']);
    fail = undefined;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(models).toEqual(['20260103T000000Z-0123abcd']);
    expect(results).toEqual(['refused', 'refused', 'applied', 'applied']);
    expect(live.kept).toMatchObject({ decide: { rejectMin: 0.55 } });
    expect(awaited).toBe(false);
  });

  it('followed settings that are read again unchanged make the daemon try a refused model again', async () => {
    follow();
    fail = new SluiceError('MODEL_REFUSED', 'no');
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    fail = undefined;
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    expect(models).toEqual(['20260103T000000Z-0123abcd']);
    expect(results).toEqual(['refused', 'applied']);
  });

  it('followed settings do not wait for a model that is being fetched', async () => {
    follow();
    let fetched = () => {};
    fetching = new Promise((resolve) => {
      fetched = resolve;
    });
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    live.write({ model: { version: '20260103T000000Z-0123abcd' }, decide: { rejectMin: 0.6 } });
    await settle();
    expect(models).toEqual([]);
    expect(inForceNow()).toMatchObject({ rejectMin: 0.6 });
    fetched();
    await settle();
    expect(models).toContain('20260103T000000Z-0123abcd');
    expect(live.kept).toMatchObject({ decide: { rejectMin: 0.6 } });
  });

  it('followed settings that name a version are cached only once that version has passed its check', async () => {
    follow();
    const [first, second] = ['20260103T000000Z-0123abcd', '20260104T000000Z-0123abcd'];
    let checked = () => {};
    fetching = new Promise((resolve) => {
      checked = resolve;
    });
    live.write({ model: { version: first } });
    await settle();
    live.write({ model: { version: second }, decide: { rejectMin: 0.6 } });
    await settle();
    expect(live.kept).toBeUndefined();
    fetching = undefined;
    refused = second;
    checked();
    await settle();
    expect(models).toEqual([first]);
    expect(tries).toBe(2);
    expect(live.kept).toEqual({ model: { version: first } });
    expect(results).toEqual(['applied', 'refused']);
    refused = undefined;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(models).toEqual([first, second]);
    expect(live.kept).toEqual({ model: { version: second }, decide: { rejectMin: 0.6 } });
    expect(results).toEqual(['applied', 'refused', 'applied']);
  });

  it('followed settings of each source that named a version are cached later if another version was being checked', async () => {
    follow();
    const version = '20260103T000000Z-0123abcd';
    let checked = () => {};
    fetching = new Promise((resolve) => {
      checked = resolve;
    });
    file.write({ model: { version } });
    await settle();
    live.write({ model: { version } });
    await settle();
    fetching = undefined;
    checked();
    await settle();
    expect([file.kept, live.kept]).toEqual([{ model: { version } }, { model: { version } }]);
    expect(results).toEqual(['applied', 'applied']);
  });

  it('followed settings still name the awaited model after an invalid setting beside it was fixed', async () => {
    follow();
    fail = new SluiceError('MODEL_MISSING', 'none');
    const version = '20260103T000000Z-0123abcd';
    live.write({ model: { version } });
    await settle();
    live.write({ decide: { rejectMin: 6 }, model: { version } });
    await settle();
    fail = undefined;
    live.write({ model: { version } });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(models).toEqual([version]);
  });

  it('followed settings without a model version cause no model change', async () => {
    follow();
    live.write({ decide: { rejectMin: 0.6 } });
    await settle();
    expect(tries).toBe(0);
  });

  it.each([
    ['a model that is not there', new SluiceError('MODEL_MISSING', 'none')],
    ['models that are away', new SluiceError('MODEL_STORE_FAILED', 'away', { retriable: true })],
  ])(
    'followed settings that name %s are reported once and tried again at growing intervals until it is available',
    async (_, error) => {
      follow();
      fail = error;
      live.write({ model: { version: '20260103T000000Z-0123abcd' } });
      const triedAt: number[] = [];
      for (let second = 0, seen = 0; second <= 240; second++) {
        await vi.advanceTimersByTimeAsync(second === 0 ? 0 : 1000);
        if (tries > seen) triedAt.push(second);
        seen = tries;
      }
      expect(triedAt).toEqual([0, 5, 15, 35, 75, 135, 195]);
      expect(byTimer).toEqual(triedAt.map((second) => second > 0));
      expect(results).toEqual(['refused']);
      expect(warnings).toHaveLength(1);
      expect(awaited).toBe(true);
      fail = undefined;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(models).toEqual(['20260103T000000Z-0123abcd']);
      expect(results).toEqual(['refused', 'applied']);
      expect(awaited).toBe(false);
    },
  );

  it('followed settings that name another model end the wait for the previous one and begin a new one', async () => {
    follow();
    fail = new SluiceError('MODEL_MISSING', 'none');
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await vi.advanceTimersByTimeAsync(80_000);
    live.write({ model: { version: '20260104T000000Z-0123abcd' } });
    await settle();
    expect(results).toEqual(['refused', 'refused']);
    const before = tries;
    fail = undefined;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(tries).toBe(before + 1);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(models).toEqual(['20260104T000000Z-0123abcd']);
  });

  it('followed settings that fail for another reason when they are tried again are reported again', async () => {
    follow();
    fail = new SluiceError('MODEL_MISSING', 'none');
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    fail = new SluiceError('MODEL_CORRUPT', 'half of it');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(results).toEqual(['refused', 'refused']);
    expect(awaited).toBe(false);
  });

  it('followed settings are not tried again after the daemon stops', async () => {
    follow();
    fail = new SluiceError('MODEL_MISSING', 'none');
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    stop.abort();
    await following;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('followed settings that are invalid are not tried again', async () => {
    follow();
    fail = new SluiceError('SETTINGS_INVALID', 'no');
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tries).toBe(1);
  });

  it('followed settings are tried again at once on request, also if they were refused before', async () => {
    follow();
    fail = new SluiceError('MODEL_REFUSED', 'no');
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    fail = undefined;
    reload();
    await settle();
    // By the source, and by the reload itself, which asks for the model in any case.
    expect(new Set(models)).toEqual(new Set(['20260103T000000Z-0123abcd']));
    expect(results).toEqual(['refused', 'unchanged', 'applied']);
  });

  it('followed settings take effect later if they could not at the start', async () => {
    follow(false);
    await settle();
    expect(models).toEqual([]);
    expect(awaited).toBe(true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(models).toEqual([base.settings.model.version]);
    expect(awaited).toBe(false);
  });
});

describe('an activation beside the models', () => {
  const activate = (day: string) => {
    active = { active: { version: `202601${day}T000000Z-0123abcd` }, before: [] };
  };

  it('the activation beside the models is applied when it changes, and not when it is missing for a moment', async () => {
    follow();
    await vi.advanceTimersByTimeAsync(3000);
    expect(models).toEqual([]);
    activate('01');
    await vi.advanceTimersByTimeAsync(1000);
    expect(models).toHaveLength(1);
    active = undefined;
    await vi.advanceTimersByTimeAsync(3000);
    activate('01');
    await vi.advanceTimersByTimeAsync(3000);
    expect(models).toHaveLength(1);
    activate('02');
    await vi.advanceTimersByTimeAsync(1000);
    expect(models).toHaveLength(2);
  });

  it('the activation beside the models has no effect if the settings name a version', async () => {
    follow();
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    activate('01');
    await vi.advanceTimersByTimeAsync(3000);
    expect(models).toHaveLength(1);
  });
});
