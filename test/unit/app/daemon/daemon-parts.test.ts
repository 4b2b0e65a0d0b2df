import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { daemonParts } from '../../../../src/app/daemon/daemon-parts.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { RecordingLog } from '../../pipeline/fakes.ts';

describe('daemonParts', () => {
  it('daemonParts lists the claim of the state folder first, each part after those that it uses, and the ready report last, and starts none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-parts-'));
    try {
      const { settings } = await loadSettings({
        environment: {},
        assignments: ['state.path=state'],
        baseFolders: { workingDirectory: folder, packageRoot: folder },
      });
      const log = new RecordingLog();
      const { inOrder } = daemonParts({ settings, once: false, log });
      expect(inOrder.map(({ name }) => name)).toEqual([
        'the claim of the state folder',
        'the scorer',
        'the scorer of suspects',
        'the model',
        'the demonstration',
        'the sinks',
        'the guard of the model',
        'the shadow',
        'the watch for drift',
        'the key of the audit sample',
        'the pipeline',
        'the outbox',
        'the campaigns',
        'the measurements',
        'the listeners',
        'the measurements of the review queue',
        'the measurements of retraining and campaigns',
        'the rates of the audit sample',
        'the settings follower',
        'the progress report',
        'the report to the service manager',
      ]);
      expect(log.lines).toEqual([]);
      expect(await readdir(folder)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
