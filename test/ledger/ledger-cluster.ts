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
import { type Ledger, ledgerFiles } from './ledger-events.ts';

export const TOPIC = 'messages';
export const GROUP = 'gate';
const VERDICTS = 'verdicts';
const TRACE = 'trace';
const ZOOKEEPER_PATH = '/ledger';

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
  readonly #admin: Admin;

  private constructor(
    partitions: number,
    servers: readonly [KafkaServer, SqlServer, ZooKeeperServer],
    proxies: readonly [TcpProxy, TcpProxy],
  ) {
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

  static async start(folder: string, partitions: number): Promise<LedgerCluster> {
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
    const cluster = new LedgerCluster(partitions, [kafka, mysql, zookeeper], proxies);
    await cluster.#makeTopics();
    await cluster.tell({ 'reject-prob-min': '0.3', 'reject-prob-max': '0.8' });
    return cluster;
  }

  /** Settings of a daemon on all of it. */
  settingsOf(name: string, models: string | undefined): string {
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
zookeeper: { hosts: "127.0.0.1:${this.zookeeperProxy.port}", path: ${ZOOKEEPER_PATH}, pollSeconds: 1, deadlineSeconds: 3 }
http: { api: { enabled: false }, ops: { enabled: false } }
pool: { threads: 1, maxInFlight: ${this.partitions} }
batch: { maxMessages: 256, maxAgeSeconds: 0.05 }
commit: { intervalSeconds: 0.5 }
${models === undefined ? '' : `model: { localPath: "${models}" }\n`}`;
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
    await this.#dumpTopic(TRACE, file('outcomes'), (message) => {
      const { partition, offset, message_id, outcome, model } = parsed<Record<string, unknown>>(message);
      return { partition, offset, at: Number(message.timestamp), id: message_id, outcome, model };
    });
    await this.#dumpTopic(VERDICTS, file('verdicts'), (message) => {
      const { message_id, verdict, probability, model } = parsed<Record<string, unknown>>(message);
      return { id: message_id, verdict, probability, model };
    });
    const { host, port, user, password, database } = this.mysql.access;
    const connection = await createConnection({ host, port, user, password, database });
    const [rows] = await connection.query('select message_id as id, probability, model from review');
    await connection.end();
    const reviews = createWriteStream(file('reviews'));
    for (const row of rows as object[]) reviews.write(`${JSON.stringify(row)}\n`);
    reviews.end();
    await finished(reviews);
  }

  async stop(): Promise<void> {
    await this.#admin.disconnect().catch(() => {});
    await Promise.all([this.zookeeperProxy.close(), this.mysqlProxy.close()]);
    // All of it is thrown away.
    await Promise.all([this.kafkaServer.process.kill(), this.mysql.process.kill(), this.zookeeper.kill()]);
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
    const wanted = new Map<number, number>();
    for (const { partition, low, high } of await this.#admin.fetchTopicOffsets(topic))
      if (low !== high) wanted.set(partition, Number(high));
    const file = createWriteStream(path);
    if (wanted.size > 0) {
      const consumer = this.kafka.consumer({ groupId: `dump-${topic}`, maxWaitTimeInMs: 50 });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await new Promise<void>((resolve, reject) => {
        consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
        consumer
          .run({
            autoCommit: false,
            eachBatch: async ({ batch }) => {
              const lines = batch.messages.map((each) => JSON.stringify(lineOf(each, batch.partition)));
              if (!file.write(`${lines.join('\n')}\n`))
                await new Promise<void>((go) => file.once('drain', () => go()));
              if (Number(batch.lastOffset()) + 1 >= (wanted.get(batch.partition) ?? 0))
                wanted.delete(batch.partition);
              if (wanted.size === 0) resolve();
            },
          })
          .catch(reject);
      });
      await consumer.disconnect();
    }
    file.end();
    await finished(file);
  }
}
