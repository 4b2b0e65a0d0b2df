import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { YamlSettings } from '../../src/adapters/yaml/yaml-settings.ts';
import { readSettingsFile } from '../../src/settings/file-layer.ts';
import { describeLiveSettings } from './suites/live-settings.ts';
import { temporaryFolder } from './temporary-folder.ts';

describeLiveSettings('YamlSettings', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'sluice.yaml');
  await writeFile(path, '# nothing yet\n');
  return {
    open: async () => new YamlSettings(path, readSettingsFile),
    write: async (settings) => {
      await writeFile(`${path}.new`, stringify(settings));
      await rename(`${path}.new`, path);
    },
    dispose: folder.dispose,
  };
});
