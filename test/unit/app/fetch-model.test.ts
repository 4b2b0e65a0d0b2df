import { beforeEach, describe, expect, it } from 'vitest';
import { fetchModel, fetchModelOrLastGood, type Models } from '../../../src/app/fetch-model.ts';
import type { Activations } from '../../../src/core/activations.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { LocalModel } from '../../../src/ports/model-store.ts';
import type { Settings } from '../../../src/settings/settings-schema.ts';

const [older, newer] = ['20260101T000000Z-0123abcd', '20260102T000000Z-0123abcd'] as const;
const away = new SluiceError('MODEL_STORE_FAILED', 'away', { retriable: true });
const missing = new SluiceError('MODEL_MISSING', 'none');

let asked: (readonly [string, string | undefined])[];
let activations: Activations | undefined;
let failure: SluiceError | undefined;
let lastGood: LocalModel | undefined;
beforeEach(() => {
  asked = [];
  activations = undefined;
  failure = undefined;
  lastGood = undefined;
});

const models: Models = {
  store: {
    place: '/models',
    list: async () => [newer, older],
    fetch: async (version, sha256) => {
      if (failure !== undefined) throw failure;
      asked.push([version, sha256]);
      return { version, path: `/models/${version}` };
    },
    push: async () => {},
    judges: async () => {},
    lastGood: async () => lastGood,
  },
  activation: {
    place: 'active',
    read: async () => {
      if (failure !== undefined) throw failure;
      return activations;
    },
    write: async () => {},
  },
};
const settings = (version: string) => ({ model: { version } }) as Settings;

describe('the model that the settings name', () => {
  it('is the active one with the hash that it was activated with, or the newest where none is active', async () => {
    expect((await fetchModel(models, settings('active'))).version).toBe(newer);
    activations = { active: { version: older, sha256: 'hash' }, before: [] };
    expect((await fetchModel(models, settings('active'))).version).toBe(older);
    expect((await fetchModel(models, settings('latest'))).version).toBe(newer);
    expect((await fetchModel(models, settings(older))).version).toBe(older);
    expect(asked).toEqual([
      [newer, undefined],
      [older, 'hash'],
      [newer, undefined],
      [older, 'hash'],
    ]);
  });

  it('is the one that judged last where the store is away, and only there', async () => {
    failure = away;
    await expect(fetchModelOrLastGood(models, settings(newer))).rejects.toBe(away);
    lastGood = { version: older, path: '/local' };
    expect(await fetchModelOrLastGood(models, settings(newer))).toEqual({
      model: lastGood,
      insteadBecause: away,
    });
    expect((await fetchModelOrLastGood(models, settings('active'))).insteadBecause).toBe(away);
    failure = missing;
    await expect(fetchModelOrLastGood(models, settings(newer))).rejects.toBe(missing);
  });
});
