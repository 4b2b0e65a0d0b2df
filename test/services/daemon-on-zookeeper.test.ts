import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../src/cluster/free-port.ts';
import { ZooKeeperServer } from '../../src/cluster/zookeeper-server.ts';
import { type TemporaryFolder, temporaryFolder } from '../contract/temporary-folder.ts';
import {
  cli,
  committedOffset,
  DaemonProcess,
  endAllDaemons,
  layFolder,
  readTrace,
} from '../line/daemon-process.ts';
import { expectDelivery } from '../line/delivery.ts';
import { Feeder } from '../line/feeder.ts';
import { copyModel, replaceFile } from '../line/model-copies.ts';
import { freshPath, ZooKeeperNodes } from './zookeeper-nodes.ts';

let home: TemporaryFolder;
let server: ZooKeeperServer;
let nodes: ZooKeeperNodes;
beforeAll(async () => {
  home = await temporaryFolder();
  server = await ZooKeeperServer.start({ folder: home.path });
  nodes = await ZooKeeperNodes.open(server.hosts);
}, 300_000);
afterAll(async () => {
  nodes?.close();
  await server?.stop();
  await home?.dispose();
});

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-zookeeper-'));
  mkdirSync(join(folder, 'models'));
  path = freshPath();
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const thresholds = { 'reject-prob-min': '0.5', 'reject-prob-max': '0.7' };

function lay(settings = ''): void {
  layFolder(
    folder,
    `model: { localPath: ./models }\nbatch: { maxMessages: 64 }\nzookeeper: { hosts: ${server.hosts}, path: ${path}, pollSeconds: 1, deadlineSeconds: 2 }\n${settings}`,
  );
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function sluice(...args: string[]): Promise<Ran> {
  const options = { cwd: folder, maxBuffer: 1e7 };
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [cli, ...args, '--config', 'settings.yaml'],
      options,
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}

const inForce = (daemon: DaemonProcess, setting: string) =>
  daemon.log
    .split('\n')
    .filter((line) => line.includes('changed settings are active') && line.includes(setting)).length;
const refusals = (daemon: DaemonProcess) =>
  daemon.log.split(/changed settings were rejected|the configured model was rejected/).length - 1;

const opsOn = (port: number) =>
  ['http.ops.enabled=true', `http.ops.port=${port}`].flatMap((set) => ['--set', set]);

describe('a daemon with its settings in ZooKeeper', () => {
  it('a daemon with its settings in ZooKeeper does not start if a required key is missing or invalid, and names it', async () => {
    lay();
    copyModel(join(folder, 'models'), '20260101T000000Z');
    const missing = await sluice('run', '--once');
    expect(missing.code).toBe(78);
    expect(missing.stderr).toContain('reject-prob-min');
    expect(missing.stderr).toContain('reject-prob-max');
    await nodes.setAll(path, { ...thresholds, 'reject-prob-min': 'half' });
    const wrong = await sluice('run', '--once');
    expect(wrong.code).toBe(78);
    expect(wrong.stderr).toMatch(
      /must be a number from 0 to 1, but is "half" \(zookeeper .*\/reject-prob-min\)/,
    );
    await nodes.set(`${path}/reject-prob-min`, '0.5');
    expect(await sluice('run', '--once')).toMatchObject({ code: 0 });
  });

  it('a daemon with its settings in ZooKeeper shows that a value comes from ZooKeeper, which overrides the file and is overridden by the environment', async () => {
    lay('decide: { rejectMin: 0.1, rejectMax: 0.9 }\n');
    await nodes.setAll(path, { ...thresholds, 'window-length': '2', 'spark-partitions': '1' });
    await nodes.set(`${path}/reject-prob-mim`, '0.2');
    const { stdout, stderr } = await sluice('config', 'explain', '--set', 'decide.rejectMax=0.8');
    const from = (name: string) => stdout.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';
    expect(from('decide.rejectMin')).toMatch(
      new RegExp(`0\\.5 +zookeeper ${server.hosts}${path}/reject-prob-min$`),
    );
    expect(from('decide.rejectMax')).toMatch(/0\.8 +--set$/);
    expect(from('batch.maxAgeSeconds')).toMatch(/2 +zookeeper .*\/window-length$/);
    expect(from('pool.threads')).toMatch(/1 +zookeeper .*\/spark-partitions$/);
    expect(stderr).toContain('did you mean reject-prob-min?');
  });

  it('a daemon with its settings in ZooKeeper applies a changed threshold, and refuses an invalid one', async () => {
    lay();
    copyModel(join(folder, 'models'), '20260101T000000Z');
    await nodes.setAll(path, thresholds);
    const ops = await freePort();
    const daemon = await DaemonProcess.start(folder, ...opsOn(ops));
    const metric = async (pattern: RegExp) =>
      Number(pattern.exec(await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text())?.[1]);
    const threshold = () => metric(/^sluice_threshold_probability\{limit="rejectMin"\} (\S+)/m);
    const refused = () => metric(/^sluice_config_reloads_total\{result="refused"\} (\S+)/m);

    // How soon, here and with the model below, the bench `changes` measures.
    await nodes.set(`${path}/reject-prob-min`, '0.3');
    await daemon.until(() => inForce(daemon, 'decide.rejectMin') === 1);
    expect(await threshold()).toBe(0.3);

    await nodes.set(`${path}/reject-prob-min`, '3');
    await daemon.until(() => refusals(daemon) === 1);
    expect(await refused()).toBe(1);
    await nodes.remove(`${path}/reject-prob-min`);
    await daemon.until(() => refusals(daemon) === 2);
    expect(daemon.log).toContain('write the key reject-prob-min');
    expect(await threshold()).toBe(0.3);
    await nodes.set(`${path}/reject-prob-min`, '0.4');
    await daemon.until(() => inForce(daemon, 'decide.rejectMin') === 2);
    expect(await threshold()).toBe(0.4);
  });

  it('a daemon with its settings in ZooKeeper changes its model under load when the key changes, and loses no message', async () => {
    const first = copyModel(join(folder, 'models'), '20260101T000000Z');
    const second = copyModel(join(folder, 'models'), '20260102T000000Z', (manifest) => {
      manifest.data.seed++;
    });
    const broken = copyModel(join(folder, 'models'), '20260103T000000Z', (manifest, at) => {
      replaceFile(manifest, at, manifest.stages[0]!.file, Buffer.from('not a graph'));
    });
    lay();
    await nodes.setAll(path, { ...thresholds, 'model-version': first });
    const feeder = new Feeder(folder, 500);
    feeder.append(100);
    feeder.start();
    const daemon = await DaemonProcess.start(folder);
    try {
      await daemon.until(() => readTrace(folder).length > 200);
      await nodes.set(`${path}/model-version`, broken);
      await daemon.until(() => refusals(daemon) === 1);
      await nodes.set(`${path}/model-version`, second);
      await daemon.until(() => inForce(daemon, 'model.version') === 1);
      await daemon.until(() => readTrace(folder).some((line) => line.model === second));
    } finally {
      feeder.stop();
    }
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expectDelivery(folder, feeder, []);
    expect(new Set(readTrace(folder).map((line) => line.model))).toEqual(new Set([first, second]));
  });

  it('a daemon with its settings in ZooKeeper waits for a named version that does not exist yet, and logs that once', async () => {
    mkdirSync(join(folder, 'made'));
    copyModel(join(folder, 'models'), '20260101T000000Z');
    const later = copyModel(join(folder, 'made'), '20260102T000000Z');
    lay();
    await nodes.setAll(path, thresholds);
    const ops = await freePort();
    const daemon = await DaemonProcess.start(folder, ...opsOn(ops));
    const awaited = async () =>
      /^sluice_model_awaited (\d)$/m.exec(await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text())?.[1];
    expect(await awaited()).toBe('0');
    await nodes.set(`${path}/model-version`, later);
    // Reported twice where the key came while the watch began, which reads all keys too.
    await daemon.until(() => refusals(daemon) > 0);
    expect(await awaited()).toBe('1');
    expect(await sluice('model', 'list')).toMatchObject({ code: 0 });
    const told = refusals(daemon);
    expect(await sluice('model', 'push', join('made', later))).toMatchObject({ code: 0 });
    await daemon.until(() => inForce(daemon, 'model.version') === 1);
    expect(refusals(daemon)).toBe(told);
    // Reported once the settings are cached too.
    await daemon.until(async () => (await awaited()) === '0');
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('a daemon with its settings in ZooKeeper follows "model activate" and "model rollback", which record the hash and the previous version', async () => {
    const [first, second] = ['20260101T000000Z', '20260102T000000Z'].map((time) =>
      copyModel(join(folder, 'models'), time, (manifest) => {
        manifest.data.profile = time;
      }),
    ) as [string, string];
    lay();
    await nodes.setAll(path, thresholds);
    expect(await sluice('model', 'rollback')).toMatchObject({ code: 1 });
    expect(await sluice('model', 'activate', first)).toMatchObject({
      code: 0,
      stdout: `${first} is active.\n`,
    });
    const daemon = await DaemonProcess.start(folder);
    expect(daemon.log).toContain(`"model":"${first}"`);
    expect(await sluice('model', 'activate', second)).toMatchObject({ code: 0 });
    await daemon.until(() => inForce(daemon, 'model.version') === 1);
    expect((await sluice('model', 'list')).stdout).toMatch(
      new RegExp(`^\\* ${second}  active since \\S+, activated by \\S+\\n  ${first}  inactive\\n$`),
    );
    expect(JSON.parse((await sluice('model', 'rollback', '--json')).stdout)).toMatchObject({
      version: first,
      before: null,
    });
    await daemon.until(() => inForce(daemon, 'model.version') === 2);
    expect(await nodes.get(`${path}/model-version`)).toBe(first);

    const remembered = await nodes.get(`${path}/model-activations`);
    const { active } = JSON.parse(remembered) as { active: { sha256: string } };
    await nodes.set(
      `${path}/model-activations`,
      remembered.replace(
        active.sha256,
        `${active.sha256.slice(0, 63)}${active.sha256.endsWith('0') ? 1 : 0}`,
      ),
    );
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await DaemonProcess.spawn(folder).ended).toEqual({ code: 65, signal: null });
  });

  it('a daemon with its settings in ZooKeeper checks a model version that was set by hand against the hash in the models table', async () => {
    mkdirSync(join(folder, 'made'));
    const version = copyModel(join(folder, 'made'), '20260101T000000Z');
    lay();
    await nodes.setAll(path, { ...thresholds, 'model-version': version });
    expect(await sluice('model', 'push', join('made', version))).toMatchObject({ code: 0, stderr: '' });
    expect(await sluice('run', '--once')).toMatchObject({ code: 0 });
    const database = new Database(join(folder, 'data', 'sluice.db'));
    database.prepare('update models set manifest_sha256 = ?').run(['f'.repeat(64)]);
    database.close();
    const refused = await sluice('run', '--once');
    expect(refused.code).toBe(65);
    expect(refused.stderr).toContain('f'.repeat(64));
  });

  it('a daemon with its settings in ZooKeeper starts without ZooKeeper with cached values, logs a warning, and follows ZooKeeper once it is back', async () => {
    lay();
    copyModel(join(folder, 'models'), '20260101T000000Z');
    await nodes.setAll(path, { ...thresholds, 'reject-prob-min': '0.25' });
    server.freeze();
    try {
      expect(await sluice('run', '--once')).toMatchObject({ code: 69 });
    } finally {
      server.unfreeze();
    }
    const before = await DaemonProcess.start(folder);
    await before.kill('SIGTERM');
    server.freeze();
    let daemon: DaemonProcess;
    try {
      daemon = await DaemonProcess.start(folder);
      expect(daemon.log).toContain('using its last known settings');
      expect(await sluice('config', 'explain', 'decide.rejectMin')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/0\.25 +zookeeper/) as unknown,
      });
    } finally {
      server.unfreeze();
    }
    // The session of before may have expired meanwhile.
    nodes.close();
    nodes = await ZooKeeperNodes.open(server.hosts);
    await nodes.set(`${path}/reject-prob-min`, '0.35');
    await daemon.until(() => inForce(daemon, 'decide.rejectMin') === 1);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
