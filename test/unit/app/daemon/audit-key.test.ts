import { describe, expect, it } from 'vitest';
import { AuditKey } from '../../../../src/app/daemon/audit-key.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import type { DecisionTransaction } from '../../../../src/ports/decision-store.ts';
import { CurrentPolicy } from '../../../../src/scoring/current-policy.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { policyOf } from '../../../../src/settings/policy-of.ts';
import { RecordingLog } from '../../pipeline/fakes.ts';

const STORED = 'f'.repeat(64);

async function settingsOf(environment: Readonly<Record<string, string>>, ...assignments: string[]) {
  const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
  return (await loadSettings({ environment, assignments, baseFolders })).settings;
}

async function started({ environment = {}, failures = 0 } = {}) {
  const settings = await settingsOf(environment);
  const policy = new CurrentPolicy(policyOf(settings));
  const log = new RecordingLog();
  let asked = 0;
  const wake: (() => void)[] = [];
  const part = new AuditKey({
    ...{ settings, policy, log },
    decisions: () => ({
      transact: async (work) => {
        asked++;
        if (asked <= failures) throw new SluiceError('STORE_FAILED', 'unavailable', { retriable: true });
        return await work({ auditKey: async () => STORED } as DecisionTransaction);
      },
    }),
    clock: {
      sleep: (_seconds, signal) =>
        new Promise((resolve) => {
          wake.push(resolve);
          signal?.addEventListener('abort', () => resolve());
        }),
    },
  });
  await part.start();
  return { settings, policy, log, part, asked: () => asked, wake };
}

describe('the key of the audit sample', () => {
  it('the key of the audit sample is that of the database, and stays when settings change', async () => {
    const { policy, part, settings, log } = await started();
    const { key } = policy.value.audit!;
    expect(policy.value).toEqual(policyOf(settings, STORED));
    part.use(await settingsOf({}, 'audit.rate=0.5', 'decide.rejectMin=0.4'));
    expect(policy.value).toMatchObject({ default: { rejectMin: 0.4 }, audit: { rate: 0.5, key } });
    part.use(await settingsOf({}, 'audit.rate=0'));
    expect(policy.value.audit).toBeUndefined();
    expect(JSON.stringify(log)).not.toContain(STORED);
    await part.stop();
  });

  it('the key of the audit sample is that of the settings where one is set, and the database is not asked', async () => {
    const key = 'sixteen characters and more';
    const { policy, asked, settings } = await started({ environment: { SLUICE_AUDIT__KEY: key } });
    expect(asked()).toBe(0);
    expect(policy.value).toEqual(policyOf(settings, key));
  });

  it('the key of the audit sample is asked for again while the database is unavailable; nothing is drawn meanwhile', async () => {
    const { policy, asked, part, wake } = await started({ failures: 2 });
    expect(policy.value.audit).toBeUndefined();
    part.use(await settingsOf({}, 'audit.rate=0.25'));
    expect(policy.value.audit).toBeUndefined();
    wake.shift()!();
    await expect.poll(() => wake.length).toBe(1);
    expect([asked(), policy.value.audit]).toEqual([2, undefined]);
    wake.shift()!();
    // With the settings of now, not of the start.
    await expect.poll(() => policy.value.audit?.rate).toBe(0.25);
    await part.stop();
  });

  it('the key of the audit sample is not asked for after a stop', async () => {
    const { part, asked } = await started({ failures: 9 });
    await part.stop();
    expect(asked()).toBe(1);
  });
});
