import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from 'vitest';
import { createKafka, type KafkaClientOptions } from '../../src/adapters/kafka/kafka-client.ts';
import { KafkaPublisher } from '../../src/adapters/kafka/kafka-publisher.ts';
import { KafkaSource } from '../../src/adapters/kafka/kafka-source.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { DaemonProcess, endAllDaemons, layFolder } from '../line/daemon-process.ts';
import { selfSigned } from '../unit/http/self-signed.ts';
import { freshName, KafkaTopics, MEBIBYTE } from './kafka-topics.ts';
import { RecordedLog } from './recorded.ts';
import { securedUsers } from './secured-users.ts';

const { broker, caFile } = inject('securedBroker');
const PASSWORD = securedUsers.sluice;
const WRONG = 'not-the-password';
let topics: KafkaTopics;
let folder = '';
let foreignCa = '';

beforeAll(async () => {
  topics = await KafkaTopics.open(inject('broker'));
  folder = mkdtempSync(join(tmpdir(), 'sluice-access-'));
  foreignCa = join(folder, 'foreign.pem');
  writeFileSync(foreignCa, selfSigned().cert);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await endAllDaemons();
});
afterAll(async () => {
  await topics.close();
  rmSync(folder, { recursive: true, force: true });
});

type Mechanism = 'plain' | 'scram-sha-512';

function clientOf(
  mechanism: Mechanism,
  change: { password?: string; ca?: string } = {},
  log: Log = quietLog,
) {
  const options: KafkaClientOptions = {
    brokers: [broker],
    clientId: 'test',
    tls: { enabled: true, caFile: change.ca ?? caFile },
    sasl: { mechanism, username: 'sluice', password: change.password ?? PASSWORD },
    inflateLimitBytes: 64 * MEBIBYTE,
  };
  return createKafka(options, log);
}

function sourceOf(kafka: ReturnType<typeof clientOf>, topic: string): KafkaSource {
  return new KafkaSource({
    kafka,
    topic,
    group: topic,
    startAt: 'earliest',
    concurrentPartitions: 1,
    maxMessages: 10,
    maxAgeSeconds: 0.01,
    once: false,
    log: quietLog,
    clock: systemClock,
  });
}

/** A daemon with source and sinks on the secured listener; its password comes by the environment. */
function layDaemon(topic: string, mechanism: Mechanism, ca = caFile): string {
  const daemonFolder = join(folder, topic);
  layFolder(
    daemonFolder,
    `
source: { kind: kafka, topic: ${topic}, group: ${topic} }
kafka:
  brokers: ["${broker}"]
  partitions: 1
  tls: { enabled: true, caFile: ${ca} }
  sasl: { mechanism: ${mechanism}, username: sluice }
verdicts: { kind: kafka, topic: ${topic}-verdicts }
deadLetters: { kind: kafka }
`,
  );
  return daemonFolder;
}

const spam = {
  message:
    'Congratulations! You have WON a £1000 cash prize. Call 09061701461 now to claim your FREE prize, txt WIN to 80086',
  message_id: 'one',
  community: 'forum',
};

it.each([
  ['scram-sha-512', 'a file'],
  ['plain', 'the environment'],
] as const)(
  'a daemon reads and publishes over TLS with the credentials %s and the password from %s',
  async (mechanism, from) => {
    const topic = freshName('secured');
    await topics.make(topic);
    await topics.put(topic, 0, [JSON.stringify(spam), '{"broken']);
    const secret = join(folder, 'password');
    writeFileSync(secret, `${PASSWORD}\n`);
    if (from === 'a file') vi.stubEnv('SLUICE_KAFKA__SASL__PASSWORD_FILE', secret);
    else vi.stubEnv('SLUICE_KAFKA__SASL__PASSWORD', PASSWORD);
    const daemon = DaemonProcess.spawn(layDaemon(topic, mechanism), '--once');
    expect(await daemon.ended, daemon.log).toEqual({ code: 0, signal: null });

    const [verdict] = await topics.read(`${topic}-verdicts`);
    expect(JSON.parse(verdict!.value!.toString()) as Verdict).toMatchObject({
      message_id: 'one',
      verdict: 'spam',
    });
    expect(await topics.end(`${topic}-dlt`)).toBe(1);
    expect(await topics.committed(topic, topic)).toEqual([2]);
    expect(daemon.log).not.toContain(PASSWORD);
  },
);

it('a daemon with a wrong Kafka password ends, and names the settings to check but not the password', async () => {
  vi.stubEnv('SLUICE_KAFKA__SASL__PASSWORD', WRONG);
  const daemon = DaemonProcess.spawn(layDaemon(freshName('denied'), 'scram-sha-512'));
  expect(await daemon.ended).toEqual({ code: 78, signal: null });
  expect(daemon.log).toContain('kafka.sasl.password');
  expect(daemon.log).not.toContain(WRONG);
});

it('a daemon that is configured with the certificate of another authority ends, and names the setting to check', async () => {
  vi.stubEnv('SLUICE_KAFKA__SASL__PASSWORD', PASSWORD);
  const daemon = DaemonProcess.spawn(layDaemon(freshName('untrusting'), 'plain', foreignCa));
  expect(await daemon.ended).toEqual({ code: 78, signal: null });
  expect(daemon.log).toContain('kafka.tls.caFile');
});

it.each(['plain', 'scram-sha-512'] as const)(
  'source and sink with a wrong password for %s are refused at once',
  async (mechanism) => {
    const topic = await topics.make(freshName('denied'));
    const log = new RecordedLog();
    const kafka = clientOf(mechanism, { password: WRONG }, log);
    const denied = { code: 'SETTINGS_INVALID', message: expect.stringContaining('kafka.sasl.password') };
    const source = sourceOf(kafka, topic);
    await expect(source.open({ revoked: () => {} })).rejects.toMatchObject(denied);
    await source.close();
    const publisher = new KafkaPublisher({ kafka, log });
    await expect(publisher.open([])).rejects.toMatchObject(denied);
    await publisher.close();
    expect(JSON.stringify(log.lines)).not.toContain(WRONG);
  },
);

it('source and sink report that they do not trust the certificate of the broker', async () => {
  const topic = await topics.make(freshName('untrusting'));
  const kafka = clientOf('plain', { ca: foreignCa });
  const untrusted = { code: 'SETTINGS_INVALID', message: expect.stringContaining('kafka.tls.caFile') };
  const source = sourceOf(kafka, topic);
  await expect(source.open({ revoked: () => {} })).rejects.toMatchObject(untrusted);
  await source.close();
  await expect(new KafkaPublisher({ kafka, log: quietLog }).open([])).rejects.toMatchObject(untrusted);
});

it('a certificate file that cannot be read is reported with the name of its setting', () => {
  const missing = join(folder, 'nowhere.pem');
  expect(() => clientOf('plain', { ca: missing })).toThrow(/kafka\.tls\.caFile cannot be read/);
  expect(readFileSync(caFile, 'utf8')).toContain('BEGIN CERTIFICATE');
});
