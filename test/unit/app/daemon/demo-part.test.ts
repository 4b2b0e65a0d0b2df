import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DemoPart } from '../../../../src/app/daemon/demo-part.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { RecordingLog } from '../../pipeline/fakes.ts';

let folder: string;
let log: RecordingLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
  log = new RecordingLog();
});
afterEach(() => rm(folder, { recursive: true }));

async function started(...assignments: readonly string[]): Promise<void> {
  const { settings } = await loadSettings({
    environment: {},
    assignments: [`state.path=${folder}/state`, `source.file.inbox=${folder}/inbox`, ...assignments],
    baseFolders: { workingDirectory: folder, packageRoot: folder },
  });
  await new DemoPart(settings, true, log).start();
}

describe('DemoPart', () => {
  it.each([
    ['the settings want none', ['source.file.demo=none']],
    [
      'messages are read from Kafka',
      ['source.file.demo=spam-assassin', 'source.kind=kafka', 'kafka.brokers=[one:9092]'],
    ],
  ])('DemoPart writes nothing if %s', async (_, assignments) => {
    await started(...assignments);
    expect(await readdir(folder)).toEqual([]);
    expect(log.lines).toEqual([]);
  });

  it('DemoPart has written the inbox before a daemon with once continues', async () => {
    await started('source.file.demo=spam-assassin');
    expect(await readdir(join(folder, 'inbox'))).toEqual(['spam-assassin.jsonl']);
  });

  it('DemoPart logs that the inbox cannot be written, and the daemon continues', async () => {
    await writeFile(join(folder, 'inbox'), 'a file where the folder should be');
    await started('source.file.demo=spam-assassin');
    expect(log.lines).toMatchObject([
      { level: 'warn', text: 'could not write the demonstration to the inbox; put messages there yourself' },
    ]);
  });
});
