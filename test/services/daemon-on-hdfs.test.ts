import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HdfsServer } from '../../src/cluster/hdfs-server.ts';
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
import { copyModel } from '../line/model-copies.ts';
import { freshPath, ZooKeeperNodes } from './zookeeper-nodes.ts';

let home: TemporaryFolder;
let hdfs: HdfsServer;
let zookeeper: ZooKeeperServer;
let nodes: ZooKeeperNodes;
beforeAll(async () => {
  home = await temporaryFolder();
  [hdfs, zookeeper] = await Promise.all([
    HdfsServer.start({ folder: join(home.path, 'hdfs') }),
    ZooKeeperServer.start({ folder: join(home.path, 'zookeeper') }),
  ]);
  nodes = await ZooKeeperNodes.open(zookeeper.hosts);
}, 300_000);
afterAll(async () => {
  nodes?.close();
  await Promise.all([hdfs?.stop(), zookeeper?.stop()]);
  await home?.dispose();
});

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-hdfs-'));
  mkdirSync(join(folder, 'made'));
  path = freshPath();
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

async function sluice(...args: string[]): Promise<string> {
  const options = { cwd: folder, maxBuffer: 1e7 };
  return await new Promise((resolve, reject) =>
    execFile(
      process.execPath,
      [cli, ...args, '--config', 'settings.yaml'],
      options,
      (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stderr))),
    ),
  );
}

const inForce = (daemon: DaemonProcess) => daemon.log.split('changed settings are active').length - 1;

/** Pushes models that differ in their times alone, oldest first, and answers their versions. */
async function pushed(...times: string[]): Promise<string[]> {
  layFolder(
    folder,
    `model: { store: hdfs, hdfs: { deadlineSeconds: 5 } }\nbatch: { maxMessages: 64 }\nzookeeper: { hosts: ${zookeeper.hosts}, path: ${path} }\n`,
  );
  await nodes.setAll(path, {
    'reject-prob-min': '0.5',
    'reject-prob-max': '0.7',
    'hadoop-url': hdfs.url,
    'hdfs-path': `/models${path}`,
    'local-path': join(folder, 'models'),
  });
  const versions = times.map((time) =>
    copyModel(join(folder, 'made'), time, (manifest) => {
      manifest.data.profile = time;
    }),
  );
  for (const version of versions) await sluice('model', 'push', join('made', version));
  return versions;
}

describe('a daemon with its models in HDFS', () => {
  it('a daemon with its models in HDFS fetches an activated version and changes to it under load, also after HDFS was unavailable for a while', async () => {
    const [first, second] = (await pushed('20260101T000000Z', '20260102T000000Z')) as [string, string];
    expect(await sluice('model', 'list')).toBe(`* ${second}  candidate\n  ${first}  candidate\n`);
    await sluice('model', 'activate', first);
    const feeder = new Feeder(folder, 300);
    feeder.append(100);
    feeder.start();
    const daemon = await DaemonProcess.start(folder);
    try {
      await daemon.until(() => readTrace(folder).length > 100);
      hdfs.freeze();
      await nodes.set(`${path}/model-version`, second);
      await daemon.until(() => daemon.log.includes('the configured model was rejected'));
      expect(readTrace(folder).every((line) => line.model === first)).toBe(true);
      hdfs.unfreeze();
      // Nobody says it again; what was away is asked again.
      await daemon.until(() => inForce(daemon) === 1, 120);
      await daemon.until(() => readTrace(folder).some((line) => line.model === second));
    } finally {
      hdfs.unfreeze();
      feeder.stop();
    }
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expectDelivery(folder, feeder, []);
  }, 300_000);

  it('a daemon with its models in HDFS starts without HDFS with the model that was active last, and logs a warning', async () => {
    const [version] = await pushed('20260101T000000Z');
    const before = await DaemonProcess.start(folder);
    expect(await before.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    await hdfs.kill();
    await nodes.set(`${path}/model-version`, '20260104T000000Z-0123abcd');
    const daemon = await DaemonProcess.start(folder);
    expect(daemon.log).toContain('using the model that was active last until they can');
    expect(daemon.log).toContain(`"model":"${version}"`);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(readdirSync(join(folder, 'models')).sort()).toEqual([version, 'copies.json']);
    await hdfs.restart();
  }, 300_000);
});
