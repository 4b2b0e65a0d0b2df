import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { drained } from './drained.ts';
import { EventLog } from './event-log.ts';
import type { Finding } from './findings.ts';
import { LedgerCluster } from './ledger-cluster.ts';
import { LedgerDaemon } from './ledger-daemon.ts';
import { LedgerProducer } from './ledger-producer.ts';
import { type DaemonMemory, MemoryWatch } from './memory-watch.ts';
import { SoakAccount } from './soak-account.ts';
import { pause, SETTLE_SECONDS, until } from './until.ts';

export interface SoakReport {
  readonly ok: boolean;
  readonly lost: number;
  readonly invented: number;
  readonly duplicates: number;
  readonly messages: number;
  /** From the first message to the last commit. */
  readonly perSecond: number;
  readonly seconds: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly profile: string;
  /** What was aimed at. */
  readonly planned: { readonly messages: number; readonly perSecond: number };
  readonly memory: readonly DaemonMemory[];
  readonly findings: readonly Finding[];
}

export interface SoakOptions {
  readonly profile: string;
  readonly messages: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly models: string | undefined;
  readonly folder: string;
  readonly say: (text: string) => void;
}

const PARTITIONS = 8;
const LOOK_SECONDS = 5;
const SAY_EACH = 500_000;
const MOST_WAITING = 100_000;
/** What the goal allows, megabytes of resident memory a million messages. */
const MOST_SLOPE = 1;

/**
 * No faults, but many messages: two daemons score as many a second as are sent, and their memory is looked at. What waits
 * is bounded, so a machine that is slower is given fewer; the report says how many it were.
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { folder, say, seed, messages, perSecond } = options;
  mkdirSync(folder, { recursive: true });
  say('Kafka, MySQL and ZooKeeper are started');
  const cluster = await LedgerCluster.start(join(folder, 'services'), {
    partitions: PARTITIONS,
    fillable: false,
  });
  const log = new EventLog(join(folder, 'events.jsonl'));
  const model = options.models === undefined ? '' : `model: { localPath: "${options.models}" }\n`;
  const daemons = ['first', 'second'].map(
    (name) =>
      new LedgerDaemon(
        join(folder, 'daemons'),
        name,
        cluster.settingsOf(name, model, { maxMessages: 2048 }),
        log,
      ),
  );
  const account = new SoakAccount(PARTITIONS);
  try {
    await Promise.all(daemons.map((each) => each.start()));
    await until(
      async () => (await cluster.assignments().catch(() => undefined))?.size === 2,
      SETTLE_SECONDS,
      'both have joined',
    );
    const assignments = (await cluster.assignments())!;
    const memory = daemons.map((each) => new MemoryWatch(each, assignments.get(each.name) ?? []));
    let committed = 0;
    const producer: LedgerProducer = new LedgerProducer({
      kafka: cluster.kafka,
      topic: 'messages',
      partitions: PARTITIONS,
      perSecond,
      seed,
      events: account,
      holdsBack: () => producer.acknowledged - committed > MOST_WAITING || producer.acknowledged >= messages,
    });
    const begun = performance.now();
    await producer.start();
    for (let said = 0; producer.acknowledged < messages; ) {
      await pause(LOOK_SECONDS);
      const offsets = await cluster.committed();
      committed = offsets.reduce((sum, offset) => sum + offset, 0);
      for (const each of memory) each.look(offsets);
      if (committed - said >= SAY_EACH) {
        said = committed;
        const rate = committed / ((performance.now() - begun) / 1000);
        say(
          `${committed} are scored, ${Math.round(rate)} a second; ${memory.map((each) => each.summary).join(', ')}`,
        );
      }
    }
    await producer.stop();
    await drained(cluster, daemons);
    const seconds = (performance.now() - begun) / 1000;
    const offsets = await cluster.committed();
    for (const each of memory) each.look(offsets);
    await Promise.all(daemons.map((each) => each.end('SIGTERM')));
    say('what came of each is looked up');
    await cluster.eachOutcome((line) => account.outcome(line));
    const findings = account.findings({ offsets, ...(await cluster.counts()) });
    const figures = memory.map((each) => each.figures());
    const of = (check: string) => findings.find((each) => each.check === check)?.found ?? 0;
    const reached = Math.round(account.acknowledged / seconds);
    return {
      ok:
        findings.length === 0 &&
        account.duplicates === 0 &&
        account.acknowledged >= messages &&
        reached >= perSecond * 0.98 &&
        figures.every(({ slopeMegabytes }) => slopeMegabytes <= MOST_SLOPE),
      lost: of('lost'),
      invented: of('invented'),
      duplicates: account.duplicates,
      messages: account.acknowledged,
      perSecond: reached,
      seconds: Math.round(seconds),
      outcomes: account.outcomes,
      faults: {},
      seed,
      profile: options.profile,
      planned: { messages, perSecond },
      memory: figures,
      findings,
    };
  } finally {
    await Promise.all(daemons.filter((each) => each.alive).map((each) => each.end('SIGKILL')));
    await cluster.stop();
    log.close();
  }
}
