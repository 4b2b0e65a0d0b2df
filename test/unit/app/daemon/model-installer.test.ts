import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FolderModelStore } from '../../../../src/adapters/folder/folder-model-store.ts';
import { ModelInstaller } from '../../../../src/app/daemon/model-installer.ts';
import { packageRoot } from '../../../../src/app/package-root.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import type { LocalModel, ModelStore } from '../../../../src/ports/model-store.ts';
import type { Settings } from '../../../../src/settings/settings-schema.ts';
import { RecordingLog, recordingTelemetry, turn } from '../../pipeline/fakes.ts';

const folder = new FolderModelStore(join(packageRoot(), 'native-models', 'default'));
const [version = ''] = await folder.list();
const settings = { model: { version } } as Settings;

let events: string[];
let log: RecordingLog;
let telemetry: ReturnType<typeof recordingTelemetry>;
beforeEach(() => {
  events = [];
  log = new RecordingLog();
  telemetry = recordingTelemetry();
});

interface Given {
  readonly store?: Partial<ModelStore>;
  readonly install?: (model: LocalModel) => Promise<void>;
  readonly meanwhile?: () => Promise<unknown>;
}

function installerOf({ store, install = async () => {}, meanwhile = async () => {} }: Given = {}) {
  const becameActive = async (active: string) => void events.push(`keep ${active}`);
  return new ModelInstaller({
    settings,
    models: {
      store: {
        location: folder.location,
        list: () => folder.list(),
        fetch: (wanted, sha256) => folder.fetch(wanted, sha256),
        manifestOf: (wanted) => folder.manifestOf(wanted),
        push: (model) => folder.push(model),
        lastGood: () => folder.fetch(version),
        becameActive,
        ...store,
      },
      activation: { location: 'nowhere', read: async () => undefined, write: async () => {} },
    },
    scorer: () => ({ install }),
    telemetry: telemetry.telemetry,
    log,
    meanwhile,
  });
}

describe('ModelInstaller', () => {
  it('ModelInstaller gives the configured model to the scorer, reports it, and makes the store keep its copy', async () => {
    const installer = installerOf({
      install: async (model) => void events.push(`install ${model.version}`),
    });
    expect(installer.installed).toBeUndefined();
    await installer.start();
    expect(installer.installed?.version).toBe(version);
    expect(installer.installed?.manifest.stages.length).toBeGreaterThan(0);
    expect(installer.startedAsConfigured).toBe(true);
    expect(events).toEqual([`install ${version}`, `keep ${version}`]);
    expect(telemetry.calls.map(([method]) => method)).toEqual(['modelInstalled']);
    expect(log.lines.map(({ fields, text }) => [fields, text])).toEqual([
      [{ model: version }, 'model active'],
    ]);
  });

  it('ModelInstaller counts a model that fails the admission check, throws its error, and installs none', async () => {
    const refused = new SluiceError('MODEL_REFUSED', 'scores differ');
    const installer = installerOf({ install: () => Promise.reject(refused) });
    await expect(installer.start()).rejects.toBe(refused);
    expect(installer.installed).toBeUndefined();
    expect(telemetry.calls).toEqual([['modelRefused', expect.stringContaining('scores differ')]]);
    expect(events).toEqual([]);
  });

  it('ModelInstaller starts with the model that was active last if the store does not answer, and records that', async () => {
    const silent = new SluiceError('MODEL_STORE_FAILED', 'no answer', { retriable: true });
    const installer = installerOf({ store: { fetch: () => Promise.reject(silent) } });
    await installer.start();
    expect(installer.installed?.version).toBe(version);
    expect(installer.startedAsConfigured).toBe(false);
    expect(log.lines[0]).toMatchObject({ level: 'warn', fields: { model: version, error: 'no answer' } });
  });

  it('ModelInstaller does other work while the model is checked, and is started when both are done', async () => {
    let finishCheck = () => {};
    const installer = installerOf({
      install: () =>
        new Promise((resolve) => {
          finishCheck = resolve;
        }),
      meanwhile: async () => void events.push('other work'),
    });
    let hasStarted = false;
    const starting = installer.start().then(() => {
      hasStarted = true;
    });
    while (!events.includes('other work')) await turn();
    await turn();
    expect(hasStarted).toBe(false);
    while (installer.installed === undefined) {
      finishCheck();
      await turn();
    }
    await starting;
    expect(hasStarted).toBe(true);
  });

  it('ModelInstaller keeps scoring if the store cannot remove older copies, and logs why', async () => {
    const installer = installerOf({ store: { becameActive: () => Promise.reject(new Error('read-only')) } });
    await installer.start();
    expect(installer.installed?.version).toBe(version);
    expect(log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { error: 'read-only' } });
  });
});
