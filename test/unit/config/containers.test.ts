import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { environmentNames } from '../../../src/settings/setting-name.ts';
import { settingsSchema } from '../../../src/settings/settings-schema.ts';
import { configFolder, readText } from './read-config.ts';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: unknown;
  readonly ports?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
}

const compose = parse(readText('compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const known = environmentNames(settingsSchema);
const root = join(configFolder, '..');

function isSetting(variable: string): boolean {
  return known.has(variable) || (variable.endsWith('_FILE') && known.has(variable.slice(0, -'_FILE'.length)));
}

test('compose.yaml contains the services of the cluster, each with a fixed version of its image', () => {
  expect(services.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'kafka',
      'zookeeper',
      'namenode',
      'mysql',
      'prometheus',
      'grafana',
      'sluice-1',
      'sluice-2',
    ]),
  );
  for (const [name, { image, build }] of services) {
    if (build === undefined) expect(image, name).toMatch(/^[a-z/]+:v?\d+\.\d+/);
    else expect(existsSync(join(configFolder, build.context, build.dockerfile)), name).toBe(true);
  }
});

test('compose.yaml mounts, names and waits for things that exist', () => {
  for (const [name, service] of services) {
    for (const [source, target] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
      expect(target, name).toMatch(/^\//);
      if (source!.startsWith('.'))
        expect(existsSync(join(configFolder, source!)), `${name}: ${source}`).toBe(true);
      else expect(compose.volumes, name).toHaveProperty([source!]);
    }
    for (const secret of service.secrets ?? []) expect(compose.secrets, name).toHaveProperty([secret]);
    const others = service.depends_on ?? [];
    for (const other of Array.isArray(others) ? others : Object.keys(others)) {
      expect(compose.services, name).toHaveProperty([other]);
      const condition = Array.isArray(others)
        ? ''
        : (others as Record<string, { condition: string }>)[other]?.condition;
      if (condition === 'service_healthy') expect(compose.services[other]?.healthcheck, other).toBeDefined();
    }
    for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:/);
  }
});

test('compose.yaml, Dockerfile and the systemd unit set only variables that are settings', () => {
  const fromCompose = services.flatMap(([, { environment = {} }]) => Object.keys(environment));
  const fromText = ['Dockerfile', 'systemd/sluice.service'].flatMap((file) =>
    [...readText(file).matchAll(/\b(SLUICE_\w+)=/g)].map(([, variable]) => variable!),
  );
  const ours = [...fromCompose, ...fromText].filter((variable) => variable.startsWith('SLUICE_'));
  expect(ours.length).toBeGreaterThan(5);
  expect(ours.filter((variable) => !isSetting(variable))).toEqual([]);
});

test('cluster.yaml contains valid settings', () => {
  expect(settingsSchema.safeParse(parse(readText('cluster.yaml'))).error?.issues).toBeUndefined();
});

test('the Docker image copies files that exist, runs no install scripts, and does not run as root', () => {
  const text = readText('Dockerfile');
  const ignored = readTextOfRoot('.dockerignore');
  for (const [, words] of text.matchAll(/^COPY (?!--from)(.+)$/gm)) {
    for (const source of words!.split(' ').slice(0, -1)) {
      expect(existsSync(join(root, source)), source).toBe(true);
      expect(ignored, source).toContain(`!${source}`);
    }
  }
  expect(readTextOfRoot('.npmrc')).toContain('ignore-scripts=true');
  const users = [...text.matchAll(/^USER (\w+)$/gm)].map(([, user]) => user);
  expect(users.at(-1)).toBe('node');
  expect(text.lastIndexOf('\nUSER ')).toBeLessThan(text.lastIndexOf('\nENTRYPOINT '));
});

function readTextOfRoot(name: string): string {
  return readText(join('..', name));
}

test.each(['Dockerfile', 'systemd/sluice.service'])(
  'the telemetry of ONNX Runtime is off for the command in %s',
  (file) => {
    expect(readText(file)).toMatch(/^(?:Environment=|\s+)ORT_DISABLE_TELEMETRY=1( \\)?$/m);
  },
);
