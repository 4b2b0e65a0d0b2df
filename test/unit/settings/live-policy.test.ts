import { describe, expect, it } from 'vitest';
import { readNested } from '../../../src/settings/layer.ts';
import { applyLive, type LiveLocation, type LiveResult } from '../../../src/settings/live-policy.ts';
import {
  type LoadedSettings,
  loadSettings,
  settingsDefinition,
} from '../../../src/settings/load-settings.ts';
import { resolveLayers } from '../../../src/settings/resolve-layers.ts';

const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
const file: LiveLocation = { layer: 'file', name: 'settings.yaml' };
const location: LiveLocation = { layer: 'live', name: 'a source' };

async function base(inFile: Record<string, unknown> = {}, ...assignments: string[]): Promise<LoadedSettings> {
  const { layers } = await loadSettings({ environment: {}, assignments, baseFolders });
  const layer = readNested(settingsDefinition.schema, inFile, { kind: 'file', path: file.name });
  const resolution = resolveLayers(settingsDefinition, { ...layers, file: layer }, baseFolders);
  if (!resolution.ok) throw new Error('the base of the test is not valid');
  return resolution.loaded;
}

function applied(result: LiveResult): Extract<LiveResult, { kind: 'applied' }> {
  if (result.kind !== 'applied') throw new Error(`expected a change to be applied, was ${result.kind}`);
  return result;
}

describe('a live change', () => {
  it('applyLive changes settings that may change while the daemon runs, and returns those that have to wait', async () => {
    const before = await base({ decide: { rejectMin: 0.4 }, pool: { threads: 2 } });
    const result = applied(
      applyLive(before, file, { decide: { rejectMin: 0.6 }, pool: { threads: 3 }, mode: 'observe' }),
    );
    expect(result.changed).toEqual(['decide.rejectMin']);
    expect(result.atNextStart).toEqual(['mode', 'pool.threads']);
    expect(result.loaded.settings.decide.rejectMin).toBe(0.6);
    expect(result.loaded.settings.pool.threads).toBe(2);
    expect(result.loaded.settings.mode).toBe('enforce');
  });

  it('applyLive changes the bias of a community and the treatment of messages without a known feature', async () => {
    const result = applied(
      applyLive(await base(), file, { decide: { unknownMessage: 'ham', communities: { a: { bias: 0.7 } } } }),
    );
    expect(result.changed).toEqual(['decide.communities.a.bias', 'decide.unknownMessage']);
    expect(result.atNextStart).toEqual([]);
  });

  it('applyLive never replaces valid values if one value is invalid, not even in part', async () => {
    const before = await base({ decide: { rejectMin: 0.4 } });
    const bad: Record<string, unknown>[] = [
      { decide: { rejectMin: 0.5, rejectMax: 7 } },
      { decide: { rejectMin: 0.5, rejectMaxx: 0.9 } },
      { decide: { rejectMin: 0.9 } },
      { decide: { rejectMin: 0.5, communities: { a: { rejectMin: 0.9 } } } },
      { decide: { rejectMin: 0.5 }, pool: { threads: 'many' } },
      { decide: 'off' },
    ];
    for (const nested of bad) {
      const result = applyLive(before, file, nested);
      expect(result.kind, JSON.stringify(nested)).toBe('refused');
      if (result.kind === 'refused') expect(result.error.code).toBe('SETTINGS_INVALID');
    }
    expect(before.settings.decide.rejectMin).toBe(0.4);
  });

  it('applyLive falls back to the default when a line is removed from the file', async () => {
    const before = await base({ decide: { rejectMin: 0.4, communities: { a: { rejectMin: 0.1 } } } });
    const { loaded, changed } = applied(applyLive(before, file, {}));
    expect(loaded.settings.decide.rejectMin).toBe(0.5);
    expect(loaded.settings.decide.communities).toEqual({});
    expect(changed).toEqual(['decide.communities.a.rejectMin', 'decide.rejectMin']);
  });

  it('a change in a live source overrides the settings file, and flags override it', async () => {
    const before = await base({ decide: { rejectMin: 0.4, rejectMax: 0.6 } }, 'decide.exactScores=all');
    const { loaded, changed } = applied(
      applyLive(before, location, { decide: { rejectMin: 0.45, exactScores: 'none' } }),
    );
    expect(loaded.settings.decide).toEqual({
      rejectMin: 0.45,
      rejectMax: 0.6,
      exactScores: 'all',
      unknownMessage: 'prior',
      communities: {},
    });
    expect(changed).toEqual(['decide.rejectMin']);
    expect(loaded.origins.get('decide.rejectMin')).toEqual({ kind: 'live', source: 'a source' });
    expect(applied(applyLive(loaded, location, {})).loaded.settings.decide.rejectMin).toBe(0.4);
  });

  it('applyLive reports no change if the settings are the same', async () => {
    const said = { decide: { rejectMin: 0.4 }, pool: { threads: 2 } };
    expect(applyLive(await base(said), file, said)).toEqual({ kind: 'unchanged', atNextStart: [] });
  });
});
