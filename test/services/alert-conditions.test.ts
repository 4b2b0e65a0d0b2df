import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../../src/cluster/free-port.ts';
import { layPrometheusFolder, PrometheusServer } from '../../src/cluster/prometheus-server.ts';
import {
  committedOffset,
  DaemonProcess,
  endAllDaemons,
  layFolder,
  linesOf,
  root,
} from '../line/daemon-process.ts';
import { copyModel } from '../line/model-copies.ts';
import { freshName, KafkaTopics } from './kafka-topics.ts';

const broker = inject('broker');
let folder: string;
let topics: KafkaTopics;
let verdictTopic: string;
let version: string;
let daemon: DaemonProcess;
let prometheus: PrometheusServer;
let fed = 0;

/** None of the files that steer the daemon exists at first. */
const inFolder = (...names: readonly string[]) => join(folder, ...names);
const threadDeath = () => inFolder('die');
const silent = () => inFolder('silent');
const clockAhead = () => inFolder('clock-ahead');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-alerts-'));
  topics = await KafkaTopics.open(broker);
  // No verdict is as small as that.
  verdictTopic = await topics.make(freshName('verdicts'), 1, { 'max.message.bytes': '150' });
  mkdirSync(inFolder('models'));
  version = copyModel(inFolder('models'), '20260101T000000Z');
  const port = await freePort();
  layFolder(
    folder,
    `
kafka: { brokers: ["${broker}"] }
verdicts: { kind: kafka, topic: ${verdictTopic} }
model: { localPath: ./models, version: ${version} }
memory: { maxMebibytes: 16 }
metrics: { lagIntervalSeconds: 1 }
`,
  );
  [daemon] = await Promise.all([startDaemon(port), startPrometheus(port)]);
}, 300_000);

afterAll(async () => {
  await endAllDaemons();
  await prometheus?.stop();
  await topics.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startDaemon(port: number): Promise<DaemonProcess> {
  const hooks = ['ledger/thread-death', 'line/silent-file', 'services/clock-ahead'];
  const environment: Record<string, string> = {
    NODE_OPTIONS: hooks.map((hook) => `--require=${join(root, 'test', `${hook}.cjs`)}`).join(' '),
    LEDGER_THREAD_DEATH: threadDeath(),
    SILENT_FILE_SWITCH: silent(),
    SILENT_FILE_NAME: 'trace.jsonl',
    CLOCK_AHEAD_FILE: clockAhead(),
  };
  Object.assign(process.env, environment);
  try {
    const ops = ['http.ops.enabled=true', `http.ops.port=${port}`];
    return await DaemonProcess.start(folder, ...ops.flatMap((setting) => ['--set', setting]));
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
  }
}

/** With the rules as they ship, but with seconds instead of minutes and hours. */
async function startPrometheus(port: number): Promise<void> {
  const to = inFolder('prometheus');
  const configFile = await layPrometheusFolder({
    from: join(root, 'config', 'prometheus'),
    to,
    targets: [`127.0.0.1:${port}`],
    everySeconds: 1,
  });
  const rules = readFileSync(join(to, 'sluice.rules.yml'), 'utf8');
  const soon = rules
    .replaceAll(/^ *for: .*\n/gm, '')
    .replaceAll('[10m:]', '[3s:1s]')
    .replaceAll(/\[\d+[hm]\]/g, '[6s]');
  writeFileSync(join(to, 'sluice.rules.yml'), soon);
  prometheus = await PrometheusServer.start({ folder: to, configFile });
}

async function fires(alert: string): Promise<boolean> {
  return (await prometheus.query(`ALERTS{alertname="${alert}", alertstate="firing"}`)).length > 0;
}

/** The alert is not there, comes on while the condition holds, and is over some time after that. */
async function expectAlert(
  alert: string,
  condition: {
    readonly begin: () => unknown;
    readonly meanwhile?: () => unknown;
    readonly end: () => unknown;
  },
): Promise<void> {
  await daemon.until(async () => (await prometheus.query('up{job="sluice"} == 1')).length === 1, 60);
  expect(await fires(alert)).toBe(false);
  await condition.begin();
  await daemon.until(async () => {
    await condition.meanwhile?.();
    return await fires(alert);
  }, 60);
  await condition.end();
  await daemon.until(async () => !(await fires(alert)), 60);
}

/** Writes a file of messages into the inbox, as a whole; returns its bytes. */
function feed(name: string, messages: readonly object[]): number {
  const text = messages
    .map((message) => `${JSON.stringify({ ...message, message_id: `m-${fed++}` })}\n`)
    .join('');
  writeFileSync(inFolder('being-written'), text);
  renameSync(inFolder('being-written'), inFolder('data', 'inbox', name));
  return Buffer.byteLength(text);
}

const ham = { message: 'are we still on for dinner tonight?' };
const spam = {
  message:
    'Congratulations! You have WON a £1000 cash prize. Call 09061701461 now to claim your FREE prize, txt WIN to 80086',
};

describe('on the metrics of a daemon', () => {
  it('SluiceThreadsMissing fires while a thread cannot be replaced, and is resolved when it is replaced', async () => {
    const vocabulary = inFolder('models', version, 'vocabulary.tsv');
    const whole = readFileSync(vocabulary);
    await expectAlert('SluiceThreadsMissing', {
      begin: () => {
        writeFileSync(vocabulary, Buffer.concat([whole.subarray(0, -2), Buffer.from('9\n')]));
        writeFileSync(threadDeath(), '');
      },
      // A thread looks for the file while it has work.
      meanwhile: () => existsSync(threadDeath()) && feed(`work-${fed}.jsonl`, [ham]),
      end: () => writeFileSync(vocabulary, whole),
    });
  }, 120_000);

  it('SluiceMemoryBudgetUsed fires while a sink is blocked and messages fill the budget', async () => {
    const files = Array.from({ length: 5 }, (_, i) => `large-${i}.jsonl`);
    const sizes: number[] = [];
    await expectAlert('SluiceMemoryBudgetUsed', {
      begin: () => {
        writeFileSync(silent(), '');
        const padding = 'x'.repeat(50_000);
        for (const name of files) sizes.push(feed(name, Array(100).fill({ ...ham, padding })));
      },
      end: () => rmSync(silent()),
    });
    await daemon.until(() => files.every((name, i) => committedOffset(folder, name) === sizes[i]), 60);
  }, 120_000);

  it('SluiceRecordsRefused fires when Kafka finds a verdict too large, and is resolved when Kafka accepts verdicts again', async () => {
    const { TOPIC } = kafkajs.ConfigResourceTypes;
    await expectAlert('SluiceRecordsRefused', {
      begin: () => feed('too-large.jsonl', [spam]),
      end: () =>
        topics.admin.alterConfigs({
          validateOnly: false,
          resources: [
            {
              type: TOPIC,
              name: verdictTopic,
              configEntries: [{ name: 'max.message.bytes', value: '100000' }],
            },
          ],
        }),
    });
    expect(linesOf(inFolder('data', 'refused.jsonl'))).toHaveLength(1);
    feed('taken.jsonl', [spam]);
    await daemon.until(async () => (await topics.end(verdictTopic)) === 1, 60);
    expect(await fires('SluiceRecordsRefused')).toBe(false);
    expect(linesOf(inFolder('data', 'refused.jsonl'))).toHaveLength(1);
  }, 120_000);

  it('SluiceCommitsFailing fires while offsets cannot be written, and is resolved when they can', async () => {
    // Where the new file of offsets is to be written.
    const inTheWay = inFolder('data', 'offsets.json.new');
    let bytes = 0;
    await expectAlert('SluiceCommitsFailing', {
      begin: async () => {
        mkdirSync(inTheWay);
        bytes = feed('uncommitted.jsonl', [ham]);
        await daemon.until(() => daemon.log.includes('offsets could not be committed'), 60);
        writeFileSync(clockAhead(), '31');
      },
      end: () => rmdirSync(inTheWay),
    });
    await daemon.until(() => committedOffset(folder, 'uncommitted.jsonl') === bytes, 60);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  }, 120_000);
});
