import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HdfsServer } from '../../src/cluster/hdfs-server.ts';
import { startMysqlServer } from '../../src/cluster/mysql-server.ts';
import type { SqlServer } from '../../src/cluster/sql-server.ts';
import { ZooKeeperServer } from '../../src/cluster/zookeeper-server.ts';
import type { RetrainRun } from '../../src/core/retrain-run.ts';
import type { RetrainOutcome } from '../../src/learning/retrain.ts';
import { type TemporaryFolder, temporaryFolder } from '../contract/temporary-folder.ts';
import { cli, DaemonProcess, endAllDaemons, layFolder } from '../line/daemon-process.ts';
import { freshPath, ZooKeeperNodes } from './zookeeper-nodes.ts';

let home: TemporaryFolder;
let hdfs: HdfsServer;
let zookeeper: ZooKeeperServer;
let mysql: SqlServer;
let nodes: ZooKeeperNodes;
beforeAll(async () => {
  home = await temporaryFolder();
  [hdfs, zookeeper, mysql] = await Promise.all([
    HdfsServer.start({ folder: join(home.path, 'hdfs') }),
    ZooKeeperServer.start({ folder: join(home.path, 'zookeeper') }),
    startMysqlServer({ folder: join(home.path, 'mysql'), arguments: ['--innodb-flush-method=nosync'] }),
  ]);
  nodes = await ZooKeeperNodes.open(zookeeper.hosts);
}, 300_000);
afterAll(async () => {
  nodes?.close();
  await Promise.all([hdfs?.stop(), zookeeper?.stop(), mysql?.stop()]);
  await home?.dispose();
});

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-retraining-'));
  path = freshPath();
});
afterEach(async () => {
  hdfs?.unfreeze();
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function sluice(...args: string[]): Promise<Ran> {
  const options = { cwd: folder, maxBuffer: 1e8 };
  return new Promise((resolve) =>
    execFile(process.execPath, [cli, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}

const configured = (...args: string[]) => sluice(...args, '--config', 'settings.yaml');
const quickly = [
  '--profile',
  'bag-of-words',
  '--language',
  'en',
  '--gate',
  'document',
  '--by',
  'ada',
  '--json',
];

async function retrained(code: number, ...args: string[]): Promise<RetrainOutcome> {
  const ran = await configured('retrain', ...quickly, ...args);
  expect(ran.code, ran.stderr).toBe(code);
  return JSON.parse(ran.stdout) as RetrainOutcome;
}

/** What people read, by the program and by the tables themselves. */
async function recorded() {
  const runs = JSON.parse((await configured('retrain', '--list', '--json')).stdout) as readonly RetrainRun[];
  const { host, port, user, password, database } = mysql.access;
  const connection = await createConnection({ host, port, user, password, database });
  const [rows] = await connection.query('select version, status, figures from models order by version');
  await connection.end();
  return {
    runs: runs.map(({ state }) => state),
    models: (rows as { version: string; status: string; figures: string }[]).map((row) => ({
      ...{ version: row.version, status: row.status },
      gate: (JSON.parse(row.figures) as { gate: unknown }).gate,
    })),
    active: await nodes.get(`${path}/model-version`),
  };
}

/** Spam with a link or a number, and ham with neither: a small model learns the difference from few. */
function isPlain({ message, label }: { readonly message: string; readonly label: string }): boolean {
  return label === 'spam'
    ? /^[\x20-\x7e]+$/.test(message) && /\d|http/.test(message)
    : /^[A-Za-z ,.?!']+$/.test(message) &&
        !/free|win|prize|call|text|claim|video|channel|click|check/i.test(message);
}

/** Synthetic messages as CSV. `wrong`: ham alone, labeled as spam. */
async function writeMessages(file: string, count: number, seed: number, wrong = false): Promise<void> {
  const args = ['--count', String(count), '--spam', '0.4', '--language', 'en', '--seed', String(seed)];
  const { stdout } = await sluice('sample', ...args);
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly message: string; readonly label: string })
    .filter((each) => isPlain(each) && (!wrong || each.label === 'ham'))
    .map(({ message, label }) => `${wrong ? 'spam' : label},"${message.replaceAll('"', '""')}"\n`);
  writeFileSync(join(folder, file), `label,text\n${rows.join('')}`);
}

async function label(file: string): Promise<void> {
  const columns = ['--text-column', 'text', '--label-column', 'label'];
  const { code, stderr } = await configured('label', 'import', file, ...columns, '--apply');
  expect(code, stderr).toBe(0);
}

async function lay(): Promise<void> {
  mkdirSync(join(folder, 'models'));
  const { host, port, user, password, database } = mysql.access;
  layFolder(
    folder,
    `store: { kind: mysql, mysql: { password: ${password}, tls: { mode: off }, allowPasswordWithoutTls: true } }
model: { store: hdfs, hdfs: { deadlineSeconds: 6 } }
zookeeper: { hosts: ${zookeeper.hosts}, path: ${path}, pollSeconds: 1 }
retrain: { data: { base: [base.csv] } }
`,
  );
  await nodes.setAll(path, {
    ...{ 'reject-prob-min': '0.3', 'reject-prob-max': '0.85' },
    ...{ 'hadoop-url': hdfs.url, 'hdfs-path': `/models${path}`, 'local-path': join(folder, 'models') },
    ...{ 'jdbc-host': host, 'jdbc-port': String(port), 'jdbc-db': database, 'jdbc-user': user },
  });
  await writeMessages('base.csv', 400, 1);
  await writeMessages('first.csv', 120, 2);
  await writeMessages('more.csv', 1200, 3);
  await writeMessages('wrong.csv', 2400, 4, true);
}

describe('retraining on MySQL, HDFS and ZooKeeper', () => {
  it('labeled rows become an active model, more of them a better one to which a running daemon switches, though HDFS was lost; a worse one is refused with its figures', async () => {
    await lay();
    await label('first.csv');
    const first = (await retrained(0)).run!;
    expect(first).toMatchObject({
      state: 'promoted',
      champion: null,
      by: expect.stringMatching(/^ada@/) as unknown,
    });
    expect((await retrained(0)).run).toMatchObject({ state: 'nothing' });
    const daemon = await DaemonProcess.start(folder);
    expect(daemon.log).toContain(`"model":"${first.challenger}"`);

    await label('more.csv');
    hdfs.freeze();
    const lost = await configured('retrain', ...quickly);
    hdfs.unfreeze();
    expect(lost).toMatchObject({ code: 69, stdout: '' });
    expect(lost.stderr).toContain('"sluice retrain --resume", or the next retraining, finishes it');
    expect(await recorded()).toMatchObject({
      ...{ runs: ['promoting', 'nothing', 'promoted'], active: first.challenger },
      models: [{ version: first.challenger, status: 'active' }, { status: 'candidate' }],
    });
    const second = (await retrained(0, '--resume')).resumed!;
    expect(second).toMatchObject({
      state: 'promoted',
      champion: first.challenger,
      report: { promoted: true },
    });
    await daemon.until(() => daemon.log.includes(`"model":"${second.challenger}","msg":"model active"`));

    await label('wrong.csv');
    const third = (await retrained(1)).run!;
    expect(third).toMatchObject({
      state: 'refused',
      champion: second.challenger,
      report: { promoted: false },
    });
    expect(await recorded()).toEqual({
      runs: ['refused', 'promoted', 'nothing', 'promoted'],
      active: second.challenger,
      models: [
        { version: first.challenger, status: 'inactive', gate: first.report },
        { version: second.challenger, status: 'active', gate: second.report },
        { version: third.challenger, status: 'refused', gate: third.report },
      ],
    });
    expect(await configured('model', 'rollback')).toMatchObject({ code: 0 });
    const back = `"model":"${first.challenger}","msg":"model active"`;
    await daemon.until(() => daemon.log.split(back).length === 3);
    expect((await recorded()).models.map(({ status }) => status)).toEqual(['active', 'inactive', 'refused']);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  }, 300_000);
});
