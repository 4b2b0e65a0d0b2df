import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsAnswer } from '../../../../src/app/open/settings-answer.ts';
import { settingsAnswer as schema } from '../../../../src/http/settings-schemas.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { settingsOf } from '../../../../src/settings/setting.ts';
import { settingsSchema } from '../../../../src/settings/settings-schema.ts';
import { temporaryFolder } from '../../../contract/temporary-folder.ts';
import { api, asPerson } from '../../http/fakes.ts';

const SECRET = 'p4ss-w0rd';

/** Settings from each kind of source, with every secret that there is. */
async function loaded() {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'settings.yaml');
  await writeFile(file, 'decide: { rejectMin: 0.4 }\n');
  try {
    return await loadSettings({
      file,
      environment: {
        SLUICE_STORE__MYSQL__PASSWORD: SECRET,
        SLUICE_ZOOKEEPER__AUTH: `user:${SECRET}`,
        SLUICE_DECIDE__REJECT_MAX: '0.9',
      },
      live: { location: { name: 'zookeeper zk' }, settings: { decide: { exactScores: 'all' } } },
      assignments: ['http.api.port=9000'],
      baseFolders: { workingDirectory: folder.path, packageRoot: folder.path },
    });
  } finally {
    await folder.dispose();
  }
}

describe('settingsAnswer', () => {
  it('settingsAnswer shows each setting with value, source and description, and no secret', async () => {
    const answer = schema.parse(
      settingsAnswer(await loaded(), { process: 'daemon', follows_changes: true }, new Set(['mode'])),
    );
    const of = (name: string) => answer.settings.find((setting) => setting.name === name);
    expect(of('decide.rejectMin')).toMatchObject({ value: '0.4', source: 'file', live: true });
    expect(of('decide.rejectMax')).toMatchObject({ value: '0.9', source: 'environment' });
    expect(of('decide.exactScores')).toMatchObject({ value: 'all', source: 'live', from: 'zookeeper zk' });
    expect(of('http.api.port')).toMatchObject({ value: '9000', source: 'flag' });
    expect(of('mode')).toMatchObject({ value: 'enforce', source: 'default', at_next_start: true });
    expect(of('store.mysql.password')).toMatchObject({ value: null, source: 'environment', secret: true });
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    for (const { path, facts } of settingsOf(settingsSchema)) {
      if (facts.secret) expect(of(path.join('.'))).toMatchObject({ value: null, secret: true });
    }
    for (const { description } of answer.settings) expect(description).not.toBe('');
  });
});

describe('GET /api/v1/settings', () => {
  it('is for leads, and shows what is current when it is asked', async () => {
    const before = settingsAnswer(await loaded(), { process: 'daemon', follows_changes: true });
    let current = before;
    const { server } = await api({ settings: () => current });
    const ask = (who: Parameters<typeof asPerson>[0]) =>
      server.inject({ method: 'GET', url: '/api/v1/settings', headers: asPerson(who) });
    expect((await ask('mo moderator')).statusCode).toBe(403);
    expect((await ask('lea lead')).json()).toEqual(before);
    current = { ...before, settings: [] };
    expect((await ask('lea lead')).json()).toEqual(current);
    await server.close();
  });

  it('is a 404 of a process that was not started from settings', async () => {
    const { server } = await api();
    const answer = await server.inject({ method: 'GET', url: '/api/v1/settings' });
    expect([answer.statusCode, answer.json().type]).toEqual([404, 'urn:sluice:problem:not-found']);
    await server.close();
  });
});
