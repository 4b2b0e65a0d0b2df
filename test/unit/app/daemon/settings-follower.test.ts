import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SettingsFollower } from '../../../../src/app/daemon/settings-follower.ts';
import type { LiveSource } from '../../../../src/app/live-settings/follow-settings-sources.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { RecordingLog, recordingTelemetry, turn } from '../../pipeline/fakes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-follower-'));
});
afterEach(() => rm(folder, { recursive: true }));

function followerOf(liveSource: LiveSource | undefined) {
  const log = new RecordingLog();
  const applied: number[] = [];
  let isReloading = false;
  const follower = new SettingsFollower({
    liveSource,
    activation: { location: 'nowhere', read: async () => undefined, write: async () => {} },
    models: { startedAsConfigured: true, change: async () => {} },
    // A change that is not reported as a reload is none that was asked for.
    applyPolicy: ({ decide }) => void (isReloading && applied.push(decide.rejectMin)),
    whileReloading: async (change) => {
      isReloading = true;
      await change();
      isReloading = false;
    },
    telemetry: recordingTelemetry().telemetry,
    log,
  });
  return { follower, log, applied };
}

describe('SettingsFollower', () => {
  it('SettingsFollower logs that there is nothing to reload if it follows no settings source', async () => {
    const { follower, log } = followerOf(undefined);
    follower.start();
    follower.reload();
    expect(log.lines).toEqual([{ level: 'info', fields: {}, text: 'there is no settings source to reload' }]);
    await follower.stop();
  });

  it('SettingsFollower applies a changed threshold as a reload, and none after it was stopped', async () => {
    const file = join(folder, 'settings.yaml');
    await writeFile(file, 'decide: { rejectMin: 0.5 }\n');
    const base = await loadSettings({
      file,
      environment: {},
      assignments: [],
      baseFolders: { workingDirectory: folder, packageRoot: folder },
    });
    const { follower, log, applied } = followerOf({ base, file });
    expect(follower.current).toBe(base);
    follower.start();
    expect(follower.pinnedModel).toBeUndefined();
    const version = '20260101T000000Z-0123abcd';
    await writeFile(file, `{ decide: { rejectMin: 0.6 }, model: { version: ${version} } }\n`);
    await vi.waitFor(
      () => {
        follower.reload();
        expect(applied).toContain(0.6);
      },
      { timeout: 20_000 },
    );
    expect(follower.current?.settings.decide.rejectMin).toBe(0.6);
    expect(follower.current?.origins.get('decide.rejectMin')).toEqual({ kind: 'file', path: file });
    // A model that the settings name since then is obeyed instead of what is activated.
    expect(follower.pinnedModel).toBe(version);
    await follower.stop();
    const lines = log.lines.length;
    const changes = applied.length;
    await writeFile(file, 'decide: { rejectMin: 0.7 }\n');
    follower.reload();
    await turn();
    expect(applied).toHaveLength(changes);
    expect(log.lines.slice(lines).filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('SettingsFollower names settings that have another value at their source by now and wait for the next start', async () => {
    const file = join(folder, 'settings.yaml');
    await writeFile(file, 'pool: { threads: 2 }\n');
    const base = await loadSettings({
      file,
      environment: {},
      assignments: [],
      baseFolders: { workingDirectory: folder, packageRoot: folder },
    });
    const { follower } = followerOf({ base, file });
    follower.start();
    const names = (text: string, wanted: readonly string[]) =>
      vi.waitFor(
        async () => {
          await writeFile(file, text);
          follower.reload();
          expect([...follower.atNextStart]).toEqual(wanted);
        },
        { timeout: 20_000 },
      );
    await names('pool: { threads: 3 }\n', ['pool.threads']);
    expect(follower.current?.settings.pool.threads).toBe(2);
    await names('pool: { threads: 2 }\n', []);
    await follower.stop();
  });
});
