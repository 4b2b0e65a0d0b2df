import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FollowedPlace, followSettings } from '../../../src/app/follow-settings.ts';
import type { Activations } from '../../../src/core/activations.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { LivePlace } from '../../../src/settings/live-policy.ts';
import { type LoadedSettings, loadSettings } from '../../../src/settings/load-settings.ts';
import type { Settings } from '../../../src/settings/settings-schema.ts';
import { quietLog } from '../../contract/temporary-folder.ts';

/** A place that a test writes into. */
class Place {
  nested: Record<string, unknown> = {};
  kept: unknown;
  #changed: () => void = () => {};

  of(place: LivePlace): FollowedPlace {
    return {
      place,
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
let applied: Settings[];
let results: string[];
let fail: SluiceError | undefined;
let active: Activations | undefined;
let file: Place;
let live: Place;
let reload: () => void;

beforeEach(async () => {
  vi.useFakeTimers();
  base = await loadSettings({
    environment: {},
    assignments: [],
    places: { workingDirectory: '/here', packageRoot: '/package' },
  });
  stop = new AbortController();
  applied = [];
  results = [];
  fail = undefined;
  active = undefined;
  file = new Place();
  live = new Place();
});
afterEach(async () => {
  stop.abort();
  await following;
  vi.useRealTimers();
});

function follow(inForce = true): void {
  following = followSettings(
    {
      base,
      places: [
        file.of({ layer: 'file', name: 'sluice.yaml' }),
        live.of({ layer: 'live', name: 'zookeeper' }),
      ],
      activation: { place: 'active.json', read: async () => active, write: async () => {} },
      inForce,
    },
    {
      log: quietLog,
      telemetry: { settingsReloaded: (result: string) => results.push(result) } as never,
      apply: async (settings) => {
        if (fail !== undefined) throw fail;
        applied.push(settings);
      },
      onReload: (again) => {
        reload = again;
      },
      signal: stop.signal,
    },
  );
}
const settle = () => vi.advanceTimersByTimeAsync(0);
const inForceNow = () => applied.at(-1)?.decide;

describe('settings that are followed', () => {
  it('come from all places together, the live one over the file', async () => {
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

  it('are kept out where they are bad, also together with what another place says', async () => {
    follow();
    live.write({ decide: { rejectMin: 0.6 } });
    await settle();
    expect(live.kept).toEqual({ decide: { rejectMin: 0.6 } });
    file.write({ decide: { rejectMax: 0.5 } });
    live.write({ decide: { rejectMin: 6 } });
    await settle();
    expect(results).toEqual(['applied', 'refused', 'refused']);
    expect(applied).toHaveLength(1);
    expect(live.kept).toEqual({ decide: { rejectMin: 0.6 } });
  });

  it('are asked for again where what failed was away, without anybody saying it again', async () => {
    follow();
    fail = new SluiceError('MODEL_STORE_FAILED', 'away', { retriable: true });
    live.write({ decide: { rejectMin: 0.6 } });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(results).toEqual(['refused', 'refused']);
    fail = undefined;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(results).toEqual(['refused', 'refused', 'applied']);
    expect(inForceNow()).toMatchObject({ rejectMin: 0.6 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(results).toHaveLength(3);
  });

  it('are not asked for again where they were refused', async () => {
    follow();
    fail = new SluiceError('MODEL_REFUSED', 'no');
    live.write({ decide: { rejectMin: 0.6 } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(results).toEqual(['refused']);
  });

  it('are tried again at once when someone asks for it, also what was refused before', async () => {
    follow();
    fail = new SluiceError('MODEL_REFUSED', 'no');
    live.write({ decide: { rejectMin: 0.6 } });
    await settle();
    fail = undefined;
    reload();
    await settle();
    expect(inForceNow()).toMatchObject({ rejectMin: 0.6 });
    expect(results).toEqual(['refused', 'unchanged', 'applied']);
  });

  it('are put in force later where the start could not', async () => {
    follow(false);
    await settle();
    expect(applied).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(applied).toEqual([base.settings]);
  });
});

describe('an activation beside the models', () => {
  const activate = (day: string) => {
    active = { active: { version: `202601${day}T000000Z-0123abcd` }, before: [] };
  };

  it('is put in force when it changes, and not when it is away for a moment', async () => {
    follow();
    await vi.advanceTimersByTimeAsync(3000);
    expect(applied).toEqual([]);
    activate('01');
    await vi.advanceTimersByTimeAsync(1000);
    expect(applied).toHaveLength(1);
    active = undefined;
    await vi.advanceTimersByTimeAsync(3000);
    activate('01');
    await vi.advanceTimersByTimeAsync(3000);
    expect(applied).toHaveLength(1);
    activate('02');
    await vi.advanceTimersByTimeAsync(1000);
    expect(applied).toHaveLength(2);
  });

  it('means nothing where the settings name a version', async () => {
    follow();
    live.write({ model: { version: '20260103T000000Z-0123abcd' } });
    await settle();
    activate('01');
    await vi.advanceTimersByTimeAsync(3000);
    expect(applied).toHaveLength(1);
  });
});
