import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import kafkajs, { type Admin, type Kafka, type KafkaMessage } from 'kafkajs';
import { createConnection } from 'mysql2/promise';
import { KafkaServer } from '../../src/cluster/kafka-server.ts';
import { startMysqlServer } from '../../src/cluster/mysql-server.ts';
import type { SqlServer } from '../../src/cluster/sql-server.ts';
import { ZooKeeperServer } from '../../src/cluster/zookeeper-server.ts';
import { TcpProxy } from '../services/tcp-proxy.ts';
import { ZooKeeperNodes } from '../services/zookeeper-nodes.ts';
import { type Ledger, ledgerFiles, type OutcomeLine } from './ledger-events.ts';
import { SmallDisk } from './small-disk.ts';

export const TOPIC = 'messages';
export const GROUP = 'gate';
const VERDICTS = 'verdicts';
const TRACE = 'trace';
const ZOOKEEPER_PATH = '/ledger';
/** New, the database has 160. */
const MYSQL_MEBIBYTES = 400;

/** The services of a run, on this machine, with a look at them from outside: by clients that know nothing of Sluice. */
export class LedgerCluster {
  readonly partitions: number;
  readonly kafkaServer: KafkaServer;
  readonly mysql: SqlServer;
  readonly zookeeper: ZooKeeperServer;
  /** Between the daemons and ZooKeeper, and MySQL. */
  readonly zookeeperProxy: TcpProxy;
  readonly mysqlProxy: TcpProxy;
  readonly kafka: Kafka;
  /** Of the database, where it can be filled. */
  readonly smallDisk: SmallDisk | undefined;
  readonly #admin: Admin;

  private constructor(
    partitions: number,
    servers: readonly [KafkaServer, SqlServer, ZooKeeperServer],
    proxies: readonly [TcpProxy, TcpProxy],
    smallDisk: SmallDisk | undefined,
  ) {
    this.smallDisk = smallDisk;
    this.partitions = partitions;
    [this.kafkaServer, this.mysql, this.zookeeper] = servers;
    [this.mysqlProxy, this.zookeeperProxy] = proxies;
    this.kafka = new kafkajs.Kafka({
      clientId: 'ledger',
      brokers: [this.kafkaServer.broker],
      connectionTimeout: 2000,
      requestTimeout: 5000,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 5 },
      logLevel: kafkajs.logLevel.NOTHING,
    });
    this.#admin = this.kafka.admin();
  }

  /** `fillable`: with the database on a small disk of its own. */
  static async start(
    folder: string,
    { partitions, fillable }: { readonly partitions: number; readonly fillable: boolean },
  ): Promise<LedgerCluster> {
    const smallDisk = fillable ? SmallDisk.mount(join(folder, 'mysql'), MYSQL_MEBIBYTES) : undefined;
    const kafka = await KafkaServer.start({
      folder: join(folder, 'kafka'),
      heapMebibytes: 384,
      shortLived: true,
    });
    const mysql = await startMysqlServer({
      folder: join(folder, 'mysql'),
      // No fsync: nobody cuts the power, and what a killed process has written the system keeps.
      arguments: ['--innodb-flush-method=nosync'],
    });
    const zookeeper = await ZooKeeperServer.start({ folder: join(folder, 'zookeeper') });
    const proxies = [await TcpProxy.to(mysql.access.port), await TcpProxy.to(zookeeper.port)] as const;
    const cluster = new LedgerCluster(partitions, [kafka, mysql, zookeeper], proxies, smallDisk);
    await cluster.#makeTopics();
    await cluster.tell({ 'reject-prob-min': '0.3', 'reject-prob-max': '0.8' });
    return cluster;
  }

  get zookeeperSettings(): string {
    return `zookeeper: { hosts: "127.0.0.1:${this.zookeeperProxy.port}", path: ${ZOOKEEPER_PATH}, pollSeconds: 1, deadlineSeconds: 3 }\n`;
  }

  /** Settings of a daemon on all of it; `model`: the lines that say where it has its models. Small batches show more. */
  settingsOf(name: string, model: string, maxMessages = 256): string {
    const { host, database, user, password } = this.mysql.access;
    return `
source: { kind: kafka, topic: ${TOPIC}, group: ${GROUP} }
kafka: { brokers: ["${this.kafkaServer.broker}"], clientId: ${name}, createTopics: true, partitions: ${this.partitions} }
verdicts: { kind: kafka, topic: ${VERDICTS} }
deadLetters: { kind: kafka }
trace: all
traces: { kind: kafka, topic: ${TRACE} }
store:
  kind: mysql
  mysql: { host: ${host}, port: ${this.mysqlProxy.port}, database: ${database}, user: ${user}, password: "${password}", deadlineSeconds: 2 }
${this.zookeeperSettings}http: { api: { enabled: false }, ops: { enabled: false } }
pool: { threads: 1, maxInFlight: ${this.partitions} }
batch: { maxMessages: ${maxMessages}, maxAgeSeconds: 0.05 }
commit: { intervalSeconds: 0.5 }
${model}`;
  }

  /** Writes keys into ZooKeeper, past the proxy. */
  async tell(keys: Readonly<Record<string, string>>): Promise<void> {
    const nodes = await ZooKeeperNodes.open(this.zookeeper.hosts);
    try {
      await nodes.setAll(ZOOKEEPER_PATH, keys);
    } finally {
      nodes.close();
    }
  }

  async committed(): Promise<readonly number[]> {
    const [offsets] = await this.#admin.fetchOffsets({ groupId: GROUP, topics: [TOPIC] });
    return this.#byPartition(offsets!.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  async ends(): Promise<readonly number[]> {
    const ends = await this.#admin.fetchTopicOffsets(TOPIC);
    return this.#byPartition(ends.map(({ partition, high }) => [partition, Number(high)]));
  }

  /** Which partitions each member holds, by its client id; undefined while the group changes. */
  async held(): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
    const { groups } = await this.#admin.describeGroups([GROUP]);
    const group = groups[0]!;
    if (group.state !== 'Stable') return undefined;
    return new Map(
      group.members.map(({ clientId, memberAssignment }) => {
        const decoded = kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment);
        return [clientId, decoded?.assignment[TOPIC] ?? []];
      }),
    );
  }

  /** Writes what stands in the topics and the table to the files of a ledger. */
  async dump(folder: string): Promise<void> {
    const file = (part: keyof Ledger) => join(folder, ledgerFiles[part]);
    const parsed = <T>(message: KafkaMessage) => JSON.parse(message.value!.toString()) as T;
    await this.#dumpTopic(TOPIC, file('source'), (message, partition) => ({
      partition,
      offset: Number(message.offset),
      at: Number(message.timestamp),
      id: parsed<{ message_id: string }>(message).message_id,
    }));
    await this.#dumpTopic(TRACE, file('outcomes'), outcomeOf);
    await this.#dumpTopic(VERDICTS, file('verdicts'), (message) => {
      const { message_id, verdict, probability, model } = parsed<Record<string, unknown>>(message);
      return { id: message_id, verdict, probability, model };
    });
    const rows = await this.#query('select message_id as id, probability, model from review');
    const reviews = createWriteStream(file('reviews'));
    for (const row of rows) reviews.write(`${JSON.stringify(row)}\n`);
    reviews.end();
    await finished(reviews);
  }

  /** All that stands in the trace. */
  async eachOutcome(take: (outcome: OutcomeLine) => void): Promise<void> {
    await this.#readTopic(TRACE, (messages) => {
      for (const message of messages) take(outcomeOf(message));
    });
  }

  /** How many verdicts were told, and how many rows stand in the table. */
  async counts(): Promise<{ readonly verdicts: number; readonly reviews: number }> {
    const verdicts = (await this.#admin.fetchTopicOffsets(VERDICTS)).reduce(
      (sum, { high, low }) => sum + Number(high) - Number(low),
      0,
    );
    const [rows] = await this.#query('select count(*) as count from review');
    return { verdicts, reviews: Number((rows as { count: number }).count) };
  }

  async stop(): Promise<void> {
    await this.#admin.disconnect().catch(() => {});
    await Promise.all([this.zookeeperProxy.close(), this.mysqlProxy.close()]);
    // All of it is thrown away.
    await Promise.all([this.kafkaServer.process.kill(), this.mysql.process.kill(), this.zookeeper.kill()]);
    this.smallDisk?.unmount();
  }

  async #makeTopics(): Promise<void> {
    await this.#admin.connect();
    // The broker's clock, which is this machine's, says when a record was appended.
    const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
    await this.#admin.createTopics({
      waitForLeaders: true,
      topics: [TOPIC, TRACE, VERDICTS].map((topic) => ({
        topic,
        numPartitions: this.partitions,
        replicationFactor: 1,
        configEntries,
      })),
    });
  }

  #byPartition(entries: readonly (readonly [number, number])[]): readonly number[] {
    const offsets = Array.from({ length: this.partitions }, () => 0);
    for (const [partition, offset] of entries) offsets[partition] = Math.max(0, offset);
    return offsets;
  }

  async #dumpTopic(
    topic: string,
    path: string,
    lineOf: (message: KafkaMessage, partition: number) => object,
  ): Promise<void> {
    const file = createWriteStream(path);
    await this.#readTopic(topic, async (messages, partition) => {
      const lines = messages.map((each) => JSON.stringify(lineOf(each, partition)));
      if (!file.write(`${lines.join('\n')}\n`))
        await new Promise<void>((go) => file.once('drain', () => go()));
    });
    file.end();
    await finished(file);
  }

  /** From beginning to end, partitions by turns. */
  async #readTopic(
    topic: string,
    take: (messages: readonly KafkaMessage[], partition: number) => void | Promise<void>,
  ): Promise<void> {
    const wanted = new Map<number, number>();
    for (const { partition, low, high } of await this.#admin.fetchTopicOffsets(topic))
      if (low !== high) wanted.set(partition, Number(high));
    if (wanted.size === 0) return;
    const consumer = this.kafka.consumer({ groupId: `dump-${topic}`, maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            await take(batch.messages, batch.partition);
            if (Number(batch.lastOffset()) + 1 >= (wanted.get(batch.partition) ?? 0))
              wanted.delete(batch.partition);
            if (wanted.size === 0) resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
  }

  async #query(text: string): Promise<readonly object[]> {
    const { host, port, user, password, database } = this.mysql.access;
    const connection = await createConnection({ host, port, user, password, database });
    try {
      const [rows] = await connection.query(text);
      return rows as object[];
    } finally {
      await connection.end();
    }
  }
}

function outcomeOf(message: KafkaMessage): OutcomeLine {
  const { partition, offset, message_id, outcome, model } = JSON.parse(message.value!.toString()) as Omit<
    OutcomeLine,
    'id'
  > & { readonly message_id: string | null };
  return { partition, offset, at: Number(message.timestamp), id: message_id, outcome, model };
}
