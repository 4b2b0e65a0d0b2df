import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import { factsOf, setting, settingsOf } from '../../../src/settings/setting.ts';
import { settingsJsonSchema } from '../../../src/settings/settings-json-schema.ts';
import { settingsSchema } from '../../../src/settings/settings-schema.ts';
import { settingsTable, withSettingsTable } from '../../../src/settings/settings-table.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');

describe('documents made from the schema', () => {
  it('config/README.md contains the table of the current settings (npm run sluice -- config table --write config/README.md)', async () => {
    const document = await read('config/README.md');
    expect(document).toBe(withSettingsTable(document));
  });

  it('config/settings.schema.json is that of the current settings (npm run sluice -- config schema --write …)', async () => {
    expect(JSON.parse(await read('config/settings.schema.json'))).toEqual(
      JSON.parse(JSON.stringify(settingsJsonSchema())),
    );
  });

  it('generated documentation of settings has a row for every setting', () => {
    const rows = settingsTable().split('\n');
    for (const { path } of settingsOf(settingsSchema))
      expect(rows.filter((row) => row.startsWith(`| \`${path.join('.')}\` |`))).toHaveLength(1);
  });

  it('generated documentation of settings contains nothing that differs from machine to machine', () => {
    const threads = (settingsJsonSchema() as { properties: { pool: { properties: { threads: object } } } })
      .properties.pool.properties.threads;
    expect(threads).not.toHaveProperty('default');
    expect(settingsTable()).toContain('| number of cores |');
  });

  it('generated documentation of settings is refused in a file without markers', () => {
    expect(() => withSettingsTable('no markers')).toThrow(RangeError);
  });
});

describe('the schema', () => {
  it('the settings schema describes every setting with a sentence', () => {
    for (const { path, facts } of settingsOf(settingsSchema))
      expect(facts.description, path.join('.')).toMatch(/\.$/);
  });

  it('the settings schema has bounds for every number', () => {
    for (const { path, schema } of settingsOf(settingsSchema)) {
      const bounds = JSON.stringify(z.toJSONSchema(schema, { io: 'input' }));
      if (/"type":"(?:number|integer)"/.test(bounds)) {
        expect(bounds, path.join('.')).toContain('"minimum"');
        expect(bounds, path.join('.')).toContain('"maximum"');
      }
    }
  });

  it('the settings schema is refused if a key of it has no setting()', () => {
    expect(() =>
      settingsOf(z.strictObject({ a: setting(z.string(), { description: 'A.' }), b: z.string() })),
    ).toThrow(/b is/);
    expect(factsOf(z.string())).toBeUndefined();
  });
});

describe('config/s3.yaml', () => {
  it('the settings file for models in S3 is valid with a key from the environment, and only with one', async () => {
    const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
    const file = new URL('config/s3.yaml', root).pathname;
    const key = { SLUICE_MODEL__S3__ACCESS_KEY_ID: 'id', SLUICE_MODEL__S3__SECRET_ACCESS_KEY: 'secret' };
    const { settings } = await loadSettings({ file, environment: key, assignments: [], baseFolders });
    expect(settings.model.store).toBe('s3');
    await expect(loadSettings({ file, environment: {}, assignments: [], baseFolders })).rejects.toThrow(
      /model\.s3\.accessKeyId.*\n.*model\.s3\.secretAccessKey/,
    );
  });
});

describe('config/embedded.yaml', () => {
  it('the demo settings file is valid, writes the demo into the inbox and listens on loopback', async () => {
    const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
    const file = new URL('config/embedded.yaml', root).pathname;
    const { settings } = await loadSettings({ file, environment: {}, assignments: [], baseFolders });
    expect(settings.source.file).toEqual({ inbox: '/here/data/inbox', demo: 'spam-assassin' });
    expect(settings.http.api.host).toBe('127.0.0.1');
  });
});
