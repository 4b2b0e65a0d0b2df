import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerReport } from '../check-ledger.ts';
import { EventLog } from '../event-log.ts';
import { LedgerDaemon } from '../ledger-daemon.ts';
import { type FaultCounts, ledgerFiles } from '../ledger-events.ts';
import { runChecker } from '../run-checker.ts';
import { SmallDisk } from '../small-disk.ts';
import { pause, SETTLE_SECONDS, until } from '../until.ts';
import { AliveLock } from './alive-lock.ts';
import { dumpEmbedded } from './embedded-dump.ts';
import { EmbeddedNemesis } from './embedded-nemesis.ts';
import { InboxRecord } from './inbox-record.ts';
import { InboxWatch } from './inbox-watch.ts';
import { InboxWriter, type WriterPlan } from './inbox-writer.ts';
import { scoredTexts } from './scored-texts.ts';

export interface EmbeddedRunOptions {
  readonly profile: string;
  readonly counts: FaultCounts;
  readonly seed: number;
  /** Folder of models; the shipped one where left out. */
  readonly models: string | undefined;
  /** Filled by the run; the log, the dumps and the daemon's own files are in it. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

const REJECT_MIN = 0.3;
const REJECT_MAX = 0.8;
const WARM_SECONDS = 1.5;
/** Of the daemon's state, where it is to be filled: most of it are dead letters of a mebibyte each. */
const DISK_MEBIBYTES = 1024;

const writerPlans: readonly WriterPlan[] = [
  { name: 'app.jsonl', hand: 'whole lines', rotations: ['rename'], writes: [20, 60], pauseSeconds: 0.08 },
  {
    ...{ name: 'stdio.jsonl', hand: 'blocks', writes: [15, 50], pauseSeconds: 0.12 },
    rotations: ['rename', 'delete'],
  },
  {
    ...{ name: 'truncated.jsonl', hand: 'blocks', writes: [15, 50], pauseSeconds: 0.12 },
    rotations: ['copytruncate'],
  },
  {
    ...{ name: 'rewritten.jsonl', hand: 'whole lines', writes: [5, 15], pauseSeconds: 0.2 },
    rotations: ['rewrite', 'rewrite', 'copytruncate'],
  },
  {
    ...{ name: 'long.jsonl', hand: 'long lines', writes: [2, 4], pauseSeconds: 3 },
    rotations: ['rename', 'delete', 'copytruncate'],
  },
];

/** Starts a daemon on the embedded default, writes and rotates its inbox under faults, and has the outcome checked. */
export async function runEmbedded(options: EmbeddedRunOptions): Promise<LedgerReport> {
  const { folder, say, seed, profile, counts } = options;
  const inbox = join(folder, 'inbox');
  const state = join(folder, 'state');
  mkdirSync(inbox, { recursive: true });
  const begunAt = Date.now();
  const events = new EventLog(join(folder, ledgerFiles.events));
  const disk = counts['embedded-disk'] > 0 ? SmallDisk.mount(state, DISK_MEBIBYTES) : undefined;
  const settings = settingsOf({ inbox, state, models: options.models });
  const container = counts['embedded-two-containers'] > 0;
  const [daemon, second] = ['daemon', 'second'].map(
    (name) => new LedgerDaemon(folder, name, settings, events, { readsFrom: 'ready', container }),
  ) as [LedgerDaemon, LedgerDaemon];
  const record = new InboxRecord(events);
  const watch = new InboxWatch(state, record, events);
  try {
    const texts = await scoredTexts(folder, join(daemon.folder, 'settings.yaml'), seed);
    const alive = new AliveLock();
    const parts = { inbox, seed, texts, record, watch, alive, events, say };
    const writers = writerPlans.map((plan) => new InboxWriter(plan, parts));
    await daemon.start();
    say(`a daemon reads ${writers.length} files`);
    watch.start();
    let broken: unknown;
    const failed = (error: unknown) => {
      broken ??= error;
      say(String(error));
    };
    const writing = writers.map((writer) => writer.run().catch(failed));
    await pause(WARM_SECONDS);
    await new EmbeddedNemesis({ ...parts, counts, daemon, second, writers, disk }).run().catch(failed);
    await pause(WARM_SECONDS);
    for (const writer of writers) writer.stop();
    await Promise.all(writing);
    say('nothing more is written; the rest is waited for');
    await until(
      () => watch.isDelivered() && watch.isCommitted,
      SETTLE_SECONDS,
      'all is scored and committed',
    ).catch(failed);
    if (daemon.alive) await daemon.end('SIGTERM');
    await watch.stop();
    watch.look();
    const partitions = record.generations.length;
    events.add(
      {
        ...{ kind: 'begin', planned: counts, partitions, seed, profile },
        ...{ rejectMin: REJECT_MIN, rejectMax: REJECT_MAX, selfContained: true },
      },
      begunAt,
    );
    if (broken === undefined) events.add({ kind: 'end' });
    await dumpEmbedded({ folder, state, record, watch, texts });
  } finally {
    await Promise.all([daemon, second].filter((each) => each.alive).map((each) => each.end('SIGKILL')));
    disk?.unmount();
    events.close();
  }
  say('the ledger is checked');
  return await runChecker(folder);
}

function settingsOf(at: {
  readonly inbox: string;
  readonly state: string;
  readonly models?: string | undefined;
}) {
  return `
state: { path: "${at.state}" }
source: { kind: file, file: { inbox: "${at.inbox}" } }
trace: all
decide: { rejectMin: ${REJECT_MIN}, rejectMax: ${REJECT_MAX} }
http: { api: { enabled: false }, ops: { enabled: false } }
pool: { threads: 1 }
commit: { intervalSeconds: 0.5 }
${at.models === undefined ? '' : `model: { localPath: "${at.models}" }\n`}`;
}
