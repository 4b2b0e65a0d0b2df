import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CachedSettings } from '../../../../src/app/live-settings/cached-settings.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../contract/temporary-folder.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.dispose());

it('cached settings are returned only for the source that they came from, and only their owner can read the file', async () => {
  const state = join(folder.path, 'state');
  const kept = new CachedSettings(state, 'zookeeper a');
  expect(await kept.read()).toBeUndefined();
  await kept.keep({ decide: { rejectMin: 0.1 } });
  await kept.keep({ decide: { rejectMin: 0.2 } });
  expect(await new CachedSettings(state, 'zookeeper a').read()).toEqual({ decide: { rejectMin: 0.2 } });
  expect(await new CachedSettings(state, 'zookeeper b').read()).toBeUndefined();
  const file = join(state, 'live-settings.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, 'half');
  expect(await new CachedSettings(state, 'zookeeper a').read()).toBeUndefined();
});
