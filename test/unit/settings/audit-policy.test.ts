import { describe, expect, it } from 'vitest';
import { explainSettings } from '../../../src/settings/explain-settings.ts';
import { checkSettings } from '../../../src/settings/load-settings.ts';
import { policyOf } from '../../../src/settings/policy-of.ts';

const KEY = 'a secret of more than sixteen characters';
const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
const check = (assignments: readonly string[], environment = {}) =>
  checkSettings({ environment, assignments, baseFolders });

async function auditOf(...assignments: string[]) {
  const resolution = await check(assignments);
  if (!resolution.ok) throw new Error(JSON.stringify(resolution.problems));
  return policyOf(resolution.loaded.settings, KEY).audit;
}

describe('the audit policy', () => {
  it('the audit policy draws one message in 10,000, by a key of 128 bits, if nothing is set', async () => {
    const audit = await auditOf();
    expect(audit).toEqual({
      ...{ rate: 0.0001, bands: {}, communities: {} },
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(JSON.stringify(audit)).not.toContain(KEY);
  });

  it('the audit policy gives a community its own rates, else those of all', async () => {
    const audit = await auditOf(
      'audit.rate=0.1',
      'audit.bands.spam=0.2',
      'audit.communities.inherits.bands.ham=0.3',
      'audit.communities.own.rate=0.4',
    );
    expect(audit).toMatchObject({ rate: 0.1, bands: { spam: 0.2 } });
    expect(audit!.communities).toEqual({
      inherits: { rate: 0.1, bands: { spam: 0.2, ham: 0.3 } },
      own: { rate: 0.4, bands: {} },
    });
  });

  it('the audit policy is missing where nothing can be drawn: without a key, with rates of 0, and in mode observe', async () => {
    const resolution = await check([]);
    expect(resolution.ok && policyOf(resolution.loaded.settings).audit).toBeUndefined();
    expect(await auditOf('audit.rate=0', 'audit.communities.a.rate=0')).toBeUndefined();
    expect(await auditOf('mode=observe')).toBeUndefined();
    expect(await auditOf('audit.rate=0', 'audit.communities.a.bands.spam=0.5')).toBeDefined();
  });

  it.each(['audit.rate=-0.1', 'audit.rate=1.1', 'audit.rate=often', 'audit.bands.ham=2', 'audit.bands.other=0.1'])(
    'the audit policy refuses %s',
    async (assignment) => {
      expect((await check([assignment])).ok).toBe(false);
    },
  );

  it('the audit key is a secret: not taken from a flag, not shown, and not too short', async () => {
    expect((await check([`audit.key=${KEY}`])).ok).toBe(false);
    expect((await check([], { SLUICE_AUDIT__KEY: 'short' })).ok).toBe(false);
    const resolution = await check([], { SLUICE_AUDIT__KEY: KEY });
    if (!resolution.ok) throw new Error('refused');
    expect(resolution.loaded.settings.audit.key).toBe(KEY);
    expect(JSON.stringify(explainSettings(resolution.loaded))).not.toContain(KEY);
  });
});
