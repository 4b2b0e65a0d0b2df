import { beforeEach, describe, expect, it } from 'vitest';
import { ModelChange } from '../../../../src/app/models/change-model.ts';
import type { Models } from '../../../../src/app/models/fetch-model.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import type { Settings } from '../../../../src/settings/settings-schema.ts';

const [one, two] = ['20260101T000000Z-0123abcd', '20260102T000000Z-0123abcd'] as const;
const settings = (version: string) => ({ model: { version } }) as Settings;

let installed: string | undefined;
let fetches: string[];
let trials: string[];
let manifests: Record<string, string | undefined>;
let unfetchable: SluiceError | undefined;
let unfit: SluiceError | undefined;
let away: boolean;
/** How often it was asked which model is active. */
let looks: number;
let change: ModelChange;
beforeEach(() => {
  installed = undefined;
  fetches = [];
  trials = [];
  manifests = { [one]: 'manifest', [two]: 'manifest' };
  unfetchable = undefined;
  unfit = undefined;
  away = false;
  looks = 0;
  change = new ModelChange(
    models,
    () => installed,
    async ({ version }) => {
      trials.push(version);
      if (unfit !== undefined) throw unfit;
      installed = version;
    },
  );
});

const models: Models = {
  store: {
    location: '/models',
    list: async () => [two, one],
    fetch: async (version) => {
      fetches.push(version);
      if (unfetchable !== undefined) throw unfetchable;
      return { version, path: `/models/${version}`, sha256: '' };
    },
    manifestOf: async (version) => {
      if (away) throw new SluiceError('MODEL_STORE_FAILED', 'away', { retriable: true });
      return manifests[version];
    },
    push: async () => {},
    becameActive: async () => {},
    lastGood: async () => undefined,
  },
  activation: {
    location: 'active',
    read: async () => {
      looks++;
      return undefined;
    },
    write: async () => {},
  },
};

describe('the model that scores', () => {
  it('ModelChange installs the named model, and does not check it again while it is active', async () => {
    await change.to(settings(one), true);
    await change.to(settings(one), true);
    expect(fetches).toEqual([one]);
    expect(looks).toBe(1);
    await change.to(settings(two), true);
    expect(installed).toBe(two);
  });

  it.each([
    [
      'failed its trial',
      () => {
        unfit = new SluiceError('MODEL_REFUSED', 'disagrees');
      },
    ],
    [
      'is not whole',
      () => {
        unfetchable = new SluiceError('MODEL_CORRUPT', 'a hash');
      },
    ],
  ])('ModelChange does not try a model again that %s, until its manifest changes', async (_, breakIt) => {
    breakIt();
    const error = unfit ?? unfetchable;
    await expect(change.to(settings(one), true)).rejects.toBe(error);
    away = true;
    await expect(change.to(settings(one), true)).rejects.toBe(error);
    away = false;
    await expect(change.to(settings(one), true)).rejects.toBe(error);
    expect(fetches).toEqual([one]);
    manifests[one] = 'another';
    unfit = unfetchable = undefined;
    await change.to(settings(one), true);
    expect(installed).toBe(one);
  });

  it('ModelChange tries a model again that was only missing, or whose store was unavailable', async () => {
    for (const code of ['MODEL_MISSING', 'MODEL_STORE_FAILED'] as const) {
      unfetchable = new SluiceError(code, 'not there');
      await expect(change.to(settings(one), true)).rejects.toBe(unfetchable);
    }
    expect(fetches).toEqual([one, one]);
  });

  it('ModelChange tries a refused model again after another was named, and on request', async () => {
    unfit = new SluiceError('MODEL_REFUSED', 'disagrees');
    await expect(change.to(settings(one), true)).rejects.toBe(unfit);
    await expect(change.to(settings(two), true)).rejects.toBe(unfit);
    await expect(change.to(settings(one), true)).rejects.toBe(unfit);
    expect(trials).toEqual([one, two, one]);
    await expect(change.to(settings(one), false)).rejects.toBe(unfit);
    expect(trials).toHaveLength(4);
  });
});
