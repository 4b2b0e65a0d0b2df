import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readEnvironment } from '../../../src/settings/environment-layer.ts';
import { readFlags } from '../../../src/settings/flag-layer.ts';
import { type Layer, readNested } from '../../../src/settings/layer.ts';
import { setting } from '../../../src/settings/setting.ts';

const schema = z.strictObject({
  threads: setting(z.number().int().min(1).max(8).default(2), { description: 'Threads.', live: true }),
  name: setting(z.string().min(1).default('x'), { description: 'A name.' }),
  on: setting(z.boolean().default(false), { description: 'A switch.' }),
  store: z
    .strictObject({
      host: setting(z.string().min(1).default('localhost'), { description: 'Host.' }),
      password: setting(z.string().min(8).optional(), { description: 'Password.', secret: true }),
    })
    .prefault({}),
  sites: z
    .record(
      z.string().min(1),
      z.strictObject({ limit: setting(z.number().min(0).max(1).optional(), { description: 'Limit.' }) }),
    )
    .prefault({}),
});

const values = (layer: Layer) =>
  Object.fromEntries(layer.entries.map(({ path, value }) => [path.join('/'), value]));
const texts = (layer: Layer) => layer.problems.map(({ name, text }) => `${name} ${text}`);
const nested = (value: unknown) => readNested(schema, value, { kind: 'file', path: 'f.yaml' });
const environment = (variables: Record<string, string>) => readEnvironment(schema, variables);
const flags = (...assignments: string[]) => readFlags(schema, assignments);

describe('a settings file', () => {
  it('a settings file gives values of nested sections', () => {
    const layer = nested({ threads: 3, store: { host: 'db' }, sites: { 'a.b': { limit: 0.5 } } });
    expect(texts(layer)).toEqual([]);
    expect(values(layer)).toEqual({ threads: 3, 'store/host': 'db', 'sites/a.b/limit': 0.5 });
    expect(layer.entries.map((entry) => entry.live)).toEqual([true, false, false]);
  });

  it('a settings file may have empty sections', () => {
    expect(nested({ store: null, sites: { a: null } })).toEqual({ entries: [], problems: [] });
  });

  it('a settings file reports every invalid value with what is allowed, and keeps the valid ones', () => {
    const layer = nested({
      threads: 9,
      on: 'yes',
      name: 'fine',
      store: { host: null },
      sites: { a: { limit: '0.5' } },
    });
    expect(texts(layer)).toEqual([
      'threads must be a whole number from 1 to 8, but is 9',
      'on must be `true` or `false`, but is "yes"',
      'store.host must be text, not empty, but is null',
      'sites.a.limit must be a number from 0 to 1, but is "0.5"',
    ]);
    expect(values(layer)).toEqual({ name: 'fine' });
  });

  it('a settings file reports an unknown key with the nearest known one, and without its value', () => {
    const layer = nested({ store: { pasword: 'hunter2hunter2' }, colour: 1, sites: { a: { limt: 1 } } });
    expect(texts(layer)).toEqual([
      'store.pasword does not exist; did you mean store.password?',
      'colour does not exist; there are threads, name, on, store, sites',
      'sites.a.limt does not exist; did you mean sites.a.limit?',
    ]);
  });

  it('a settings file never shows an invalid secret', () => {
    const layer = nested({ store: { password: 'short' } });
    expect(texts(layer)).toEqual(['store.password must be text, not empty, but is the value given']);
    expect(JSON.stringify(layer)).not.toContain('short');
  });

  it('a value instead of a section of settings is reported without the value', () => {
    expect(texts(nested({ store: 'hunter2' }))).toEqual(['store must be a section of settings']);
    expect(texts(nested({ sites: [1] }))).toEqual(['sites must be a section of settings']);
  });

  it('a settings file cannot change prototypes', () => {
    const layer = nested(
      JSON.parse('{"__proto__": {"threads": 1}, "constructor": 1, "sites": {"__proto__": {"limit": 1}}}'),
    );
    expect(layer.entries).toEqual([]);
    expect(layer.problems).toHaveLength(3);
  });
});

describe('the environment', () => {
  it('settings in the environment give numbers, switches and text by the type of the setting', () => {
    const layer = environment({
      SLUICE_THREADS: '4',
      SLUICE_ON: 'true',
      SLUICE_NAME: '12',
      SLUICE_STORE__HOST: 'db',
      PATH: '/bin',
    });
    expect(texts(layer)).toEqual([]);
    expect(values(layer)).toEqual({ threads: 4, on: true, name: '12', 'store/host': 'db' });
  });

  it('settings in the environment give a section with chosen names as JSON', () => {
    expect(values(environment({ SLUICE_SITES: '{"a.b": {"limit": 0.25}}' }))).toEqual({
      'sites/a.b/limit': 0.25,
    });
    expect(texts(environment({ SLUICE_SITES: '{"a' }))).toEqual([
      'sites must be a section of settings in YAML or JSON',
    ]);
  });

  it('a settings variable in the environment is refused if it is not a number, or is empty', () => {
    for (const text of ['', ' ', 'four', '4x', 'NaN', 'Infinity'])
      expect(environment({ SLUICE_THREADS: text }).problems, text).toHaveLength(1);
  });

  it('settings in the environment report an unknown variable with the nearest known one', () => {
    expect(texts(environment({ SLUICE_STORE_HOST: 'db' }))).toEqual([
      'SLUICE_STORE_HOST does not exist; did you mean SLUICE_STORE__HOST?',
    ]);
  });

  it('settings in the environment exclude the variables that Kubernetes sets for a Service named sluice', () => {
    const layer = environment({
      SLUICE_SERVICE_HOST: '10.0.0.1',
      SLUICE_REVISION: '0123abcd',
      SLUICE_SERVICE_PORT: '80',
      SLUICE_SERVICE_PORT_HTTP: '80',
      SLUICE_PORT: 'tcp://10.0.0.1:80',
      SLUICE_PORT_80_TCP: 'tcp://10.0.0.1:80',
      SLUICE_PORT_80_TCP_ADDR: '10.0.0.1',
      SLUICE_API_SERVICE_HOST: '10.0.0.1',
    });
    expect(layer).toEqual({ entries: [], problems: [] });
  });

  it('settings in the environment are not affected by methods of its object', () => {
    expect(environment({ SLUICE_STORE__CONSTRUCTOR: '1' }).problems).toHaveLength(1);
  });

  describe('with a secret in a file', () => {
    let folder: string;
    let file: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'sluice-settings-'));
      file = join(folder, 'password');
      writeFileSync(file, 'correct horse\n');
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('a secret in a file is read without the line break at its end', () => {
      const layer = environment({ SLUICE_STORE__PASSWORD_FILE: file });
      expect(values(layer)).toEqual({ 'store/password': 'correct horse' });
      expect(layer.entries[0]!.origin).toEqual({
        kind: 'environment',
        variable: 'SLUICE_STORE__PASSWORD_FILE',
      });
    });

    it('a secret in a file is refused if it has more than 64 KiB, such as an endless device', () => {
      expect(texts(environment({ SLUICE_STORE__PASSWORD_FILE: '/dev/zero' }))).toEqual([
        'store.password cannot be read from its file: /dev/zero is longer than 65536 bytes',
      ]);
    });

    it('a secret in a file is refused beside the plain variable, for a setting that is not secret, and if the file is missing', () => {
      const both = environment({
        SLUICE_STORE__PASSWORD_FILE: file,
        SLUICE_STORE__PASSWORD: 'battery staple',
      });
      expect(texts(both)[0]).toContain('is set twice');
      expect(texts(environment({ SLUICE_STORE__HOST_FILE: file }))[0]).toContain('is no secret');
      expect(texts(environment({ SLUICE_STORE__PASSWORD_FILE: join(folder, 'none') }))[0]).toContain(
        'cannot be read',
      );
    });
  });
});

describe('a section with names that do not exist', () => {
  it('a section with unknown names reports the first fifty of them and reads the rest of the section', () => {
    const many = Object.fromEntries(Array.from({ length: 300_000 }, (_, i) => [`unknown${i}`, i]));
    const layer = nested({ ...many, threads: 4 });
    expect(layer.problems).toHaveLength(50);
    expect(values(layer)).toEqual({ threads: 4 });
  });
});

describe('flags', () => {
  it('--set flags set one value each, and the name ends at the first "=" outside quotes', () => {
    const layer = flags('threads=4', 'name=a=b', 'sites."x=y.z".limit=0.5', ' on =true');
    expect(texts(layer)).toEqual([]);
    expect(values(layer)).toEqual({ threads: 4, name: 'a=b', 'sites/x=y.z/limit': 0.5, on: true });
  });

  it('--set flags may set a section as a whole', () => {
    expect(values(flags('store={host: db}'))).toEqual({ 'store/host': 'db' });
  });

  it('--set flags cannot set a secret, and do not repeat it', () => {
    const layer = flags('store.password=correct horse');
    expect(texts(layer)[0]).toContain('is a secret');
    expect(JSON.stringify(layer)).not.toContain('horse');
  });

  it('flags cannot set a secret within a section either', () => {
    const layer = flags('store={host: db, password: correct horse}');
    expect(layer.entries).toEqual([]);
    expect(texts(layer)).toEqual([
      'store.password is a secret: other users of the machine can see flags; use the environment',
    ]);
    expect(JSON.stringify(layer)).not.toContain('horse');
  });

  it('--set flags are refused without a name, without a value, and below a value', () => {
    expect(texts(flags('=1', 'threads', 'threads.a=1', 'store.=1'))).toEqual([
      '--set needs the form name.of.setting=value',
      '--set needs the form name.of.setting=value',
      'threads.a does not exist; threads has nothing below it',
      '--set needs the form name.of.setting=value',
    ]);
  });
});
