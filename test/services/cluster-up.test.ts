import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs, { type Kafka } from 'kafkajs';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterStatus } from '../../src/app/local-cluster/open-cluster.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { cli } from '../line/daemon-process.ts';

let folder = '';
let dir = '';
let status: ClusterStatus;
let kafka: Kafka;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}

const children = new Set<ChildProcess>();

/** The built command, as a user runs it; `onSaid` sees what it has said so far. */
function sluice(args: readonly string[], onSaid?: (said: string, child: ChildProcess) => void): Promise<Ran> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Meant for another daemon; those of the cluster must not follow it.
    env: { ...process.env, SLUICE_KAFKA__BROKERS: '["127.0.0.1:9"]', SLUICE_STATE__PATH: '/nowhere' },
  });
  children.add(child);
  let out = '';
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
    onSaid?.(said, child);
  });
  return new Promise((resolve) =>
    child.once('close', (code) => {
      children.delete(child);
      resolve({ code, out, said });
    }),
  );
}

const cluster = (command: string, ...args: string[]) => sluice(['cluster', command, '--dir', dir, ...args]);

/** Process ids of all on this machine whose command line names the cluster's folder, this test's own commands left out. */
function running(): readonly number[] {
  const commands = [...children].map(({ pid }) => pid);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !commands.includes(Number(name)))
    .filter((pid) => {
      try {
        // Nothing is left of one that has ended and was not looked at yet.
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dir);
      } catch {
        return false;
      }
    })
    .map(Number);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-up-'));
  dir = join(folder, 'cluster');
  const up = await cluster('up', '--rate', '20', '--json');
  expect(up.code, up.said).toBe(0);
  status = JSON.parse(up.out) as ClusterStatus;
  kafka = new kafkajs.Kafka({
    brokers: [status.places!.kafka.broker],
    logLevel: kafkajs.logLevel.NOTHING,
  });
}, 600_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await cluster('down', '--wipe');
  for (const pid of running()) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

/** Texts that the model that ships finds to be spam, ham, and neither: of synthetic ones, those nearest to what is wanted. */
async function textsByVerdict(): Promise<Readonly<Record<'spam' | 'review' | 'ham', string>>> {
  const { out: samples } = await sluice(['sample', '--count', '800', '--seed', '11', '--language', 'en']);
  const file = join(folder, 'samples.jsonl');
  await writeFile(file, samples);
  const { out: verdicts, said } = await sluice(['score', file, '--full', '--set', `state.path=${folder}`]);
  const linesOf = <T>(text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as T);
  expect(verdicts, said).not.toBe('');
  const texts = linesOf<{ readonly message: string }>(samples);
  const scored = linesOf<Verdict>(verdicts).map(({ probability }, at) => ({
    text: texts[at]!.message,
    probability: probability ?? Number.NaN,
  }));
  const nearest = (wanted: number) =>
    scored.reduce((best, each) =>
      Math.abs(each.probability - wanted) < Math.abs(best.probability - wanted) ? each : best,
    );
  const [ham, review, spam] = [nearest(0), nearest(0.6), nearest(1)];
  expect(ham.probability).toBeLessThan(0.2);
  expect(spam.probability).toBeGreaterThan(0.9);
  expect(review.probability).toBeGreaterThan(0.51);
  expect(review.probability).toBeLessThan(0.69);
  return { ham: ham.text, review: review.text, spam: spam.text };
}

/** All verdicts that are published now, by a client that knows nothing of Sluice. */
async function verdictsNow(): Promise<readonly Verdict[]> {
  const topic = status.places!.kafka.topics.verdicts;
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const wanted = new Map(ends.filter((e) => e.low !== e.high).map((e) => [e.partition, Number(e.high)]));
  const found: Verdict[] = [];
  if (wanted.size === 0) return found;
  const consumer = kafka.consumer({ groupId: `look-${Date.now()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          for (const { value } of batch.messages) found.push(JSON.parse(value!.toString()) as Verdict);
          if (Number(batch.lastOffset()) + 1 >= (wanted.get(batch.partition) ?? 0))
            wanted.delete(batch.partition);
          if (wanted.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return found;
}

async function ask(sql: string, values: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const { host, port, user, password, database } = status.places!.mysql;
  const connection = await createConnection({ host, port, user, password, database });
  try {
    const [rows] = await connection.query(sql, [...values]);
    return rows as Record<string, unknown>[];
  } finally {
    await connection.end();
  }
}

describe('sluice cluster', () => {
  it('sluice cluster turns messages of a plain client into a verdict, a review row or nothing', async () => {
    const {
      kafka: { topics },
    } = status.places!;
    const texts = await textsByVerdict();
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const positions = new Map<string, { readonly partition: number; readonly offset: number }>();
    for (const [id, message] of Object.entries(texts)) {
      const value = JSON.stringify({ message, message_id: id, community: 'plain', language: 'en' });
      const [sent] = await producer.send({ topic: topics.source, messages: [{ value }] });
      positions.set(id, { partition: sent!.partition, offset: Number(sent!.baseOffset) });
    }
    await producer.disconnect();

    const admin = kafka.admin();
    await admin.connect();
    await expect
      .poll(
        async () => {
          const [group] = await admin.fetchOffsets({ groupId: 'sluice', topics: [topics.source] });
          const committed = new Map(group!.partitions.map((each) => [each.partition, Number(each.offset)]));
          return [...positions.values()].every(({ partition, offset }) => committed.get(partition)! > offset);
        },
        { timeout: 120_000, interval: 300 },
      )
      .toBe(true);
    await admin.disconnect();

    const told = (await verdictsNow()).filter(({ community }) => community === 'plain');
    expect(told.map(({ message_id, verdict }) => [message_id, verdict])).toEqual([['spam', 'spam']]);
    const rows = await ask('select message_id, message, state from review where community = ?', ['plain']);
    expect(rows).toEqual([{ message_id: 'review', message: texts.review, state: 'open' }]);
  });

  it('sluice cluster send and verdicts send messages and print their verdicts without another client', async () => {
    const sent = await cluster('send', 'WIN a free prize, call now');
    expect(sent.code, sent.said).toBe(0);
    const [id] = sent.out.split('\n');
    await expect
      .poll(async () => (await cluster('verdicts')).out, { timeout: 120_000, interval: 300 })
      .toContain(id);
  });

  it('sluice cluster keeps both daemons scoring the load, and Prometheus scraping both', async () => {
    const value = async (expression: string) => {
      const address = `${status.places!.prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`;
      const { data } = (await (await fetch(address)).json()) as {
        readonly data: { readonly result: readonly { readonly value: [number, string] }[] };
      };
      return Number(data.result[0]?.value[1]);
    };
    await expect
      .poll(() => value('count(up{job="sluice"} == 1)'), { timeout: 120_000, interval: 500 })
      .toBe(2);
    await expect
      .poll(() => value('min(sum by (instance) (sluice_messages_total))'), {
        timeout: 120_000,
        interval: 500,
      })
      .toBeGreaterThan(0);
    expect(status.places!.load.perSecond).toBe(20);
  });

  it('sluice cluster up on a running cluster reports that it is up, and starts nothing', async () => {
    const again = await cluster('up', '--json');
    expect(again.code, again.said).toBe(0);
    expect(again.said).toContain('up already');
    expect(JSON.parse(again.out)).toEqual(status);
    const told = await cluster('status');
    expect(told.code).toBe(0);
    for (const address of [status.places!.kafka.broker, ...status.places!.daemons.map(({ api }) => api)])
      expect(told.out).toContain(address);
  });

  it('sluice cluster status reports which part has ended', async () => {
    const daemon = status.processes.find(({ name }) => name === 'daemon-2')!;
    process.kill(daemon.pid, 'SIGKILL');
    await expect.poll(() => running().includes(daemon.pid), { timeout: 30_000 }).toBe(false);
    const told = await cluster('status');
    expect(told.code).toBe(1);
    expect(told.said).toContain(`daemon-2 has ended; its log: ${daemon.log}`);
  });

  it('sluice cluster down ends all processes and frees every port, also when it is run again', async () => {
    expect(running().length).toBe(status.processes.length - 1);
    const down = await cluster('down');
    expect(down.code, down.said).toBe(0);
    expect(running()).toEqual([]);
    const { kafka, zookeeper, hdfs, mysql, prometheus, daemons } = status.places!;
    const addresses = [kafka.broker, zookeeper.hosts, hdfs.url, prometheus.url, `:${mysql.port}`];
    for (const address of [...addresses, ...daemons.flatMap(({ api, ops }) => [api, ops])])
      await listenOn(Number(address.split(':').at(-1)));
    expect(await cluster('down')).toMatchObject({ code: 0, said: expect.stringContaining('Nothing') });
    expect((await cluster('status')).code).toBe(1);
    expect((await cluster('send', 'hello')).code).toBe(2);
  });

  it('sluice cluster up ends what it has started when a part does not start, and names the part and its log', async () => {
    const data = join(dir, 'mysql', 'data');
    await rename(join(data, 'ibdata1'), join(data, 'elsewhere'));
    await writeFile(join(data, 'ibdata1'), 'no table');
    const up = await cluster('up');
    expect(up.code).toBe(69);
    expect(up.said).toContain('Kafka: ');
    expect(up.said).toContain('SERVICE_FAILED: MySQL ended');
    expect(up.said).toContain(join(dir, 'mysql', 'server.log'));
    expect(running()).toEqual([]);
    await rm(join(data, 'ibdata1'));
    await rename(join(data, 'elsewhere'), join(data, 'ibdata1'));
  });

  it('sluice cluster up ends what it has started when it is interrupted', async () => {
    let seen: readonly number[] = [];
    const { code, said } = await sluice(['cluster', 'up', '--dir', dir], (text, child) => {
      if (!text.includes('ZooKeeper: ') || seen.length > 0) return;
      seen = running();
      child.kill('SIGINT');
    });
    expect(code, said).toBe(130);
    expect(seen.length).toBeGreaterThan(0);
    expect(running()).toEqual([]);
  });

  it('sluice cluster down ends the processes of an up that was killed', async () => {
    await sluice(['cluster', 'up', '--dir', dir], (text, child) => {
      if (text.includes('ZooKeeper: ')) child.kill('SIGKILL');
    });
    expect(running().length).toBeGreaterThan(0);
    const down = await cluster('down', '--wipe');
    expect(down.code, down.said).toBe(0);
    expect(running()).toEqual([]);
    expect(readdirSync(folder)).not.toContain('cluster');
  });
});

/** Rejects where somebody else does. */
async function listenOn(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
