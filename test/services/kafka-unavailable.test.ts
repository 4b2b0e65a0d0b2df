import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { KafkaServer } from '../../src/cluster/kafka-server.ts';
import { DaemonProcess, endAllDaemons, layFolder } from '../line/daemon-process.ts';
import { freshName, KafkaTopics } from './kafka-topics.ts';

let folder: string;
let server: KafkaServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-unavailable-'));
  server = await KafkaServer.start({ folder: join(folder, 'kafka'), heapMebibytes: 256 });
});
afterEach(endAllDaemons);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('a daemon whose Kafka is unavailable reports no lag of 0, is not ready and reports why, and recovers afterwards', async () => {
  const topic = freshName('chat');
  const daemonFolder = join(folder, 'daemon');
  layFolder(
    daemonFolder,
    `
source: { kind: kafka, topic: ${topic}, group: ${topic} }
kafka: { brokers: ["${server.broker}"], partitions: 2 }
metrics: { lagIntervalSeconds: 1 }
`,
  );
  const ops = ['http.ops.enabled=true', 'http.ops.port=0'].flatMap((s) => ['--set', s]);
  const daemon = await DaemonProcess.start(daemonFolder, ...ops);
  const ready = daemon.log.split('\n').find((line) => line.includes('"msg":"ready"'));
  const { ops: url } = JSON.parse(ready ?? '{}') as { ops: string };
  const reasons = async () =>
    ((await (await fetch(`${url}/readyz`)).json()) as { reasons: readonly string[] }).reasons.join('; ');
  const metric = async (series: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length));
  };
  const until = (series: string, wanted: (value: number | undefined) => boolean) =>
    daemon.until(async () => wanted(await metric(series)), 180);

  const topics = await KafkaTopics.open(server.broker);
  const messages = ['1', '2', '3'].map((id) => ({
    partition: 0,
    value: JSON.stringify({ message: 'see you at eight', message_id: id }),
  }));
  await topics.producer.send({ topic, messages });
  await topics.close();
  const member = `sluice_source_member{consumergroup="${topic}"}`;
  const lag = `sluice_source_lag{topic="${topic}",partition="0"}`;
  const offset = `kafka_consumergroup_current_offset{consumergroup="${topic}",topic="${topic}",partition="0"}`;
  await until(offset, (value) => value === 3);
  await until(lag, (value) => value === 0);
  await until(member, (value) => value === 1);
  await until('sluice_dependency_up{dependency="kafka"}', (value) => value === 1);
  expect([await reasons(), await metric('sluice_source_partitions')]).toEqual(['', 2]);

  await server.process.kill();
  await until('sluice_dependency_up{dependency="kafka"}', (value) => value === 0);
  await until(member, (value) => value === 0);
  await until('sluice_source_partitions', (value) => value === 0);
  await until('sluice_source_lag_age_seconds', (value) => value! > 60);
  expect(await reasons()).toMatch(/the source: .*; the lag has not been measured for \d+ s/);
  // The last measured lag stays, and its age shows that it is old.
  expect([await metric(lag), await metric(offset)]).toEqual([0, 3]);

  await server.startAgain();
  await until(member, (value) => value === 1);
  await until('sluice_dependency_up{dependency="kafka"}', (value) => value === 1);
  await until('sluice_source_lag_age_seconds', (value) => value! < 30);
  await daemon.until(async () => (await reasons()) === '', 180);
  expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
}, 600_000);
