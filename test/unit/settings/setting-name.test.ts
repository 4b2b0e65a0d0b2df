import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/settings/setting.ts';
import { environmentNameOf, environmentNames, nameOf, pathOf } from '../../../src/settings/setting-name.ts';
import { settingsSchema } from '../../../src/settings/settings-schema.ts';

describe('names of settings', () => {
  it('names of settings are parsed into the path that they were written from, whatever the segments contain', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (path) => {
        expect(pathOf(nameOf(path))).toEqual(path);
      }),
    );
  });

  it('names of settings are refused if they are malformed', () => {
    for (const text of ['', '.', 'a.', '.a', 'a..b', 'a b', '"a', '"a"b', 'a"b"', '"\\x"'])
      expect(pathOf(text), text).toBeUndefined();
  });

  it('names of settings become environment variables by one rule', () => {
    expect(environmentNameOf(['source', 'startAt'])).toBe('SLUICE_SOURCE__START_AT');
    expect(environmentNameOf(['pool', 'maxInFlight'])).toBe('SLUICE_POOL__MAX_IN_FLIGHT');
    expect(environmentNameOf(['trace'])).toBe('SLUICE_TRACE');
  });

  it('names of settings give each setting its own environment variable, and chosen names share that of their section', () => {
    const names = environmentNames(settingsSchema);
    expect(names.get('SLUICE_HTTP__API__RATE_LIMIT_PER_MINUTE')).toEqual([
      'http',
      'api',
      'rateLimitPerMinute',
    ]);
    expect(names.get('SLUICE_DECIDE__COMMUNITIES')).toEqual(['decide', 'communities']);
    const inCommunities = settingsOf(settingsSchema).filter(({ path }) => path[1] === 'communities');
    const sections = new Set(inCommunities.map(({ path }) => path[0]));
    expect(inCommunities.length).toBeGreaterThan(sections.size);
    expect(names.size).toBe(settingsOf(settingsSchema).length - inCommunities.length + sections.size);
  });
});
