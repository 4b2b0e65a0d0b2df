import { expect, it } from 'vitest';
import { pinnedModel } from '../../../src/settings/pinned-model.ts';
import type { Settings } from '../../../src/settings/settings-schema.ts';

const version = '20260101T000000Z-0123abcd';
const settings = (named: string, hosts?: string) =>
  ({ model: { version: named }, zookeeper: { hosts } }) as Settings;

it('without ZooKeeper a named model, or the latest one, is obeyed instead of what is activated', () => {
  expect(pinnedModel(settings('active'))).toBeUndefined();
  expect(pinnedModel(settings(version), { kind: 'file', path: 'f' })).toBe(version);
  expect(pinnedModel(settings('latest'))).toBe('latest');
});

it('with ZooKeeper, where an activation is the setting, only environment and flags are', () => {
  expect(pinnedModel(settings(version, 'zk:2181'), { kind: 'live', source: 'zookeeper' })).toBeUndefined();
  expect(pinnedModel(settings(version, 'zk:2181'), { kind: 'file', path: 'f' })).toBeUndefined();
  expect(pinnedModel(settings(version, 'zk:2181'), { kind: 'flag' })).toBe(version);
  expect(pinnedModel(settings(version, 'zk:2181'), { kind: 'environment', variable: 'V' })).toBe(version);
});
