import { describe, expect, it } from 'vitest';
import {
  changeThresholds,
  type ThresholdRequest,
} from '../../../../src/app/live-settings/change-thresholds.ts';
import type { AccountActivity } from '../../../../src/ports/account-store.ts';
import type { SettingChange } from '../../../../src/ports/settings-writer.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { put } from '../../../../src/settings/resolve-layers.ts';

type Nested = Record<string, unknown>;

/** A settings file in memory. */
class MemoryFile {
  readonly location = 'sluice.yaml';
  nested: Nested;
  writes = 0;
  constructor(nested: Nested) {
    this.nested = nested;
  }
  async propose(changes: readonly SettingChange[]) {
    const nested = structuredClone(this.nested);
    for (const { path, value } of changes) put(nested, path, value);
    return {
      nested,
      write: async () => {
        this.writes++;
        this.nested = nested;
      },
    };
  }
}

async function open(nested: Nested, { environment = {}, fails = false } = {}) {
  const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
  const base = await loadSettings({ environment, assignments: [], baseFolders });
  const file = new MemoryFile(nested);
  const activity: AccountActivity[] = [];
  const unrecorded: string[] = [];
  const change = (request: Partial<ThresholdRequest> = {}) =>
    changeThresholds(
      {
        source: { base, file: 'sluice.yaml' },
        writable: { writer: file, location: { layer: 'file', name: 'sluice.yaml' } },
        record: async (entry) => {
          if (fails) throw new Error('no database');
          activity.push(entry);
        },
        onUnrecorded: (why) => unrecorded.push(why),
        now: () => 5,
      },
      {
        ...{ who: 'mo', why: 'fewer accusations' },
        changes: [{ community: '', thresholds: { rejectMin: 0.4, rejectMax: 0.9 } }],
        ...request,
      },
    );
  return { file, activity, unrecorded, change };
}

const refused = { code: 'SETTINGS_INVALID' };

describe('changing the thresholds', () => {
  it('writes them with who and why, as the source has them now, and nothing where they are so already', async () => {
    const { file, activity, change } = await open({ decide: { rejectMax: 0.8 } });
    const before = [{ community: '', thresholds: { rejectMin: 0.5, rejectMax: 0.8 } }];
    expect(await change()).toEqual({
      kind: 'done',
      location: 'sluice.yaml',
      before,
      changed: true,
      recorded: true,
    });
    expect(file.nested).toEqual({ decide: { rejectMin: 0.4, rejectMax: 0.9 } });
    expect(activity).toEqual([
      {
        ...{ who: 'mo', what: 'thresholds changed', when: 5, before },
        after: {
          thresholds: [{ community: '', thresholds: { rejectMin: 0.4, rejectMax: 0.9 } }],
          where: 'sluice.yaml',
          why: 'fewer accusations',
        },
      },
    ]);
    expect(await change()).toMatchObject({ changed: false });
    expect([file.writes, activity.length]).toEqual([1, 1]);
  });

  it('changes one community, which inherits until then', async () => {
    const { file, change } = await open({ decide: { communities: { chess: { language: 'de' } } } });
    const changes = [{ community: 'chess', thresholds: { rejectMin: 0.2, rejectMax: 0.6 } }];
    expect(await change({ changes })).toMatchObject({
      before: [{ community: 'chess', thresholds: { rejectMin: 0.5, rejectMax: 0.7 } }],
    });
    expect(file.nested).toEqual({
      decide: { communities: { chess: { language: 'de', rejectMin: 0.2, rejectMax: 0.6 } } },
    });
  });

  it('writes nothing where the new settings would not be valid, be it for a community that inherits one of the two', async () => {
    const { file, change } = await open({ decide: { communities: { chess: { rejectMax: 0.45 } } } });
    file.nested = { decide: { rejectMin: 0.3, communities: { chess: { rejectMax: 0.35 } } } };
    await expect(change()).rejects.toMatchObject(refused);
    const upsideDown = [{ community: '', thresholds: { rejectMin: 0.8, rejectMax: 0.2 } }];
    await expect(change({ changes: upsideDown })).rejects.toMatchObject(refused);
    const outside = [{ community: '', thresholds: { rejectMin: 0.1, rejectMax: 1.2 } }];
    await expect(change({ changes: outside })).rejects.toMatchObject(refused);
    file.nested = { decide: { nonsense: 1 } };
    await expect(change()).rejects.toMatchObject(refused);
    expect(file.writes).toBe(0);
  });

  it('writes nothing where another layer overrides it, and names that', async () => {
    const { file, change } = await open({}, { environment: { SLUICE_DECIDE__REJECT_MAX: '0.6' } });
    await expect(change()).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(
        /decide\.rejectMax is 0\.6 by environment SLUICE_DECIDE__REJECT_MAX.*no effect/,
      ),
    });
    expect(file.writes).toBe(0);
  });

  it('changes nothing where somebody else was faster', async () => {
    const { file, change } = await open({ decide: { rejectMax: 0.8 } });
    expect(await change({ seen: { rejectMin: 0.5, rejectMax: 0.7 } })).toEqual({
      kind: 'overtaken',
      now: { rejectMin: 0.5, rejectMax: 0.8 },
    });
    expect(file.writes).toBe(0);
    expect(await change({ seen: { rejectMin: 0.5, rejectMax: 0.8 } })).toMatchObject({ kind: 'done' });
  });

  it('says where the activity log lacks a change', async () => {
    const { file, unrecorded, change } = await open({}, { fails: true });
    expect(await change()).toMatchObject({ changed: true, recorded: false });
    expect([file.writes, unrecorded]).toEqual([1, ['no database']]);
  });
});
