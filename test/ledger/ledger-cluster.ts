import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import kafkajs, { type Admin, type Kafka, type KafkaMessage } from 'kafkajs';
import { KafkaServer } from '../../src/cluster/kafka-server.ts';
import { startMysqlServer } from '../../src/cluster/mysql-server.ts';
import type { SqlServer } from '../../src/cluster/sql-server.ts';
import { ZooKeeperServer } from '../../src/cluster/zookeeper-server.ts';
import { TcpProxy } from '../services/tcp-proxy.ts';
import { ZooKeeperNodes } from '../services/zookeeper-nodes.ts';
import { type Ledger, ledgerFiles, type OutcomeLine } from './ledger-events.ts';
import { addGate, FailoverPair, GATE, query } from './mysql-failover.ts';
import { readTopics, type TakeRecords } from './read-topics.ts';
import { SmallDisk } from './small-disk.ts';
import { isClosing } from './transactions.ts';

export const TOPIC = 'messages';
export const GROUP = 'gate';
const VERDICTS = 'verdicts';
const TRACE = 'trace';
const DEAD_LETTERS = `${TOPIC}-dlt`;
const ZOOKEEPER_PATH = '/ledger';
/** New, the database has 160. */
const MYSQL_MEBIBYTES = 400;
const REVIEW_ROWS =
  'select message_id as id, coalesce(probability, audit_probability) as probability, model, audit_verdict as drawn from review';
/** Topics of Kafka's own begin with it. */
const INTERNAL = '__';

type AddLines = (lines: readonly object[]) => Promise<void>;

/** What a daemon does besides the usual. */
export interface SettingsOptions {
  /** Small batches show more. */
  readonly maxMessages?: number;
  /** Topic of verdicts, or the pattern of their names. */
  readonly verdicts?: string;
  /** Whether it reports its lag, once a second. */
  readonly measured?: boolean;
}

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
  /** Where the database can fail over to another server. */
  readonly pair: FailoverPair | undefined;
  readonly #admin: Admin;

  private constructor(
    partitions: number,
    servers: readonly [KafkaServer, SqlServer, ZooKeeperServer],
    proxies: readonly [TcpProxy, TcpProxy],
    { smallDisk, pair }: Pick<LedgerCluster, 'smallDisk' | 'pair'>,
  ) {
    this.smallDisk = smallDisk;
    this.pair = pair;
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

  /** `fillable`: with the database on a small disk of its own. `paired`: with a second one to fail over to. */
  static async start(
    folder: string,
    options: { readonly partitions: number; readonly fillable: boolean; readonly paired?: boolean },
  ): Promise<LedgerCluster> {
    const { partitions, fillable, paired = false } = options;
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
    await addGate(mysql.access);
    const pair = paired ? await FailoverPair.beside(mysql, proxies[0], folder) : undefined;
    const cluster = new LedgerCluster(partitions, [kafka, mysql, zookeeper], proxies, { smallDisk, pair });
    await cluster.#makeTopics();
    await cluster.tell({ 'reject-prob-min': '0.3', 'reject-prob-max': '0.8' });
    return cluster;
  }

  get zookeeperSettings(): string {
    return `zookeeper: { hosts: "127.0.0.1:${this.zookeeperProxy.port}", path: ${ZOOKEEPER_PATH}, pollSeconds: 1, deadlineSeconds: 3 }\n`;
  }

  /** Settings of a daemon on all of it; `model`: the lines that say where it has its models. */
  settingsOf(name: string, model: string, options: SettingsOptions = {}): string {
    const { maxMessages = 256, verdicts = VERDICTS, measured = false } = options;
    const { host, database } = this.mysql.access;
    return `
source: { kind: kafka, topic: ${TOPIC}, group: ${GROUP} }
kafka: { brokers: ["${this.kafkaServer.broker}"], clientId: ${name}, createTopics: true, partitions: ${this.partitions} }
verdicts: { kind: kafka, topic: "${verdicts}" }
deadLetters: { kind: kafka }
trace: all
traces: { kind: kafka, topic: ${TRACE} }
store:
  kind: mysql
  mysql: { host: ${host}, port: ${this.mysqlProxy.port}, database: ${database}, user: ${GATE.user}, password: "${GATE.password}", deadlineSeconds: 2 }
${this.zookeeperSettings}http: { api: { enabled: false }, ops: { enabled: ${measured}, port: 0 } }
metrics: { lagIntervalSeconds: ${measured ? 1 : 15} }
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
  async assignments(): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
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

  /**
   * Writes the records of the topics, the review rows and what daemons with these folders could not publish to the files of
   * a ledger.
   */
  async dump(folder: string, daemonFolders: readonly string[]): Promise<void> {
    const write = async (part: keyof Ledger, fill: (add: AddLines) => Promise<void>) => {
      const file = createWriteStream(join(folder, ledgerFiles[part]));
      await fill(async (lines) => {
        if (!file.write(lines.map((line) => `${JSON.stringify(line)}\n`).join('')))
          await new Promise<void>((resolve) => file.once('drain', () => resolve()));
      });
      file.end();
      await finished(file);
    };
    const read = (topics: readonly string[], take: TakeRecords) =>
      readTopics(this.kafka, this.#admin, topics, take);
    await write('source', (add) =>
      read([TOPIC], (messages, partition) =>
        add(
          messages
            .map(({ offset, timestamp, value }) => ({
              ...{ partition, offset: Number(offset), at: Number(timestamp) },
              id: (JSON.parse(value!.toString()) as { readonly message_id: string }).message_id,
            }))
            .filter(({ id }) => !isClosing(id)),
        ),
      ),
    );
    await write('outcomes', (add) => read([TRACE], (messages) => add(messages.map(outcomeOf))));
    const own: ReadonlySet<string> = new Set([TOPIC, TRACE, DEAD_LETTERS]);
    const topics = (await this.#admin.listTopics()).filter(
      (name) => !own.has(name) && !name.startsWith(INTERNAL),
    );
    await write('verdicts', async (add) => {
      await read(topics, (messages) =>
        add(messages.map(({ value }) => verdictLine(JSON.parse(value!.toString())))),
      );
      for (const daemon of daemonFolders) await add(await refusedVerdicts(daemon));
    });
    await write('reviews', async (add) => {
      for (const { access } of [this.mysql, ...(this.pair === undefined ? [] : [this.pair.second])])
        await add(await query(access, REVIEW_ROWS));
    });
  }

  /** All records of the trace. */
  async eachOutcome(take: (outcome: OutcomeLine) => void): Promise<void> {
    await readTopics(this.kafka, this.#admin, [TRACE], (messages) => {
      for (const message of messages) take(outcomeOf(message));
    });
  }

  /** How many verdicts were published, and how many rows are in the table. */
  async counts(): Promise<{ readonly verdicts: number; readonly reviews: number }> {
    const verdicts = (await this.#admin.fetchTopicOffsets(VERDICTS)).reduce(
      (sum, { high, low }) => sum + Number(high) - Number(low),
      0,
    );
    const [rows] = await query(this.mysql.access, 'select count(*) as count from review');
    return { verdicts, reviews: Number((rows as { count: number }).count) };
  }

  async stop(): Promise<void> {
    await this.#admin.disconnect().catch(() => {});
    await Promise.all([this.zookeeperProxy.close(), this.mysqlProxy.close()]);
    // All of it is thrown away.
    await Promise.all([this.kafkaServer.process.kill(), this.mysql.process.kill(), this.zookeeper.kill()]);
    await this.pair?.stop();
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
}

function outcomeOf(message: KafkaMessage): OutcomeLine {
  const { partition, offset, message_id, outcome, model } = JSON.parse(message.value!.toString()) as Omit<
    OutcomeLine,
    'id'
  > & { readonly message_id: string | null };
  return { partition, offset, at: Number(message.timestamp), id: message_id, outcome, model };
}

function verdictLine(value: unknown): object {
  const { message_id, verdict, probability, model } = value as Record<string, unknown>;
  return { id: message_id, verdict, probability, model };
}

/** Verdicts that no topic takes; a daemon keeps them in a file of refused records. */
async function refusedVerdicts(daemonFolder: string): Promise<readonly object[]> {
  const file = join(daemonFolder, 'data', 'refused.jsonl');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n').filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line) as { readonly sink: string; readonly record: unknown })
    .filter(({ sink }) => sink === 'verdicts')
    .map(({ record }) => verdictLine(record));
}
