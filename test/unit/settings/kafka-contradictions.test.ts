import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../../src/settings/load-settings.ts';

const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
const load = (assignments: readonly string[], environment = {}) =>
  loadSettings({ environment, assignments, baseFolders });
const onKafka = ['source.kind=kafka', 'kafka.brokers=[one:9092]'];

describe('settings of Kafka', () => {
  it('settings of Kafka accept a list of brokers, a time to start at, and a password from the environment', async () => {
    const { settings } = await load([...onKafka, 'source.startAt=2026-11-22T00:00:00Z'], {
      SLUICE_KAFKA__SASL__MECHANISM: 'scram-sha-256',
      SLUICE_KAFKA__SASL__USERNAME: 'somebody',
      SLUICE_KAFKA__SASL__PASSWORD: 'secret',
    });
    expect(settings.kafka.brokers).toEqual(['one:9092']);
    expect(settings.source.startAt).toBe('2026-11-22T00:00:00Z');
    expect(settings.kafka.sasl.password).toBe('secret');
  });

  it.each([
    'one:9092, two:9092',
    '[one:9092, two:9092]',
    '["one:9092", "two:9092"]',
    "['one:9092', 'two:9092']",
  ])('settings of Kafka accept a list in each spelling that a file allows: %s', async (list) => {
    const { settings } = await load(['source.kind=kafka'], { SLUICE_KAFKA__BROKERS: list });
    expect(settings.kafka.brokers).toEqual(['one:9092', 'two:9092']);
  });

  it.each([
    [['source.kind=kafka'], 'source.kind is kafka'],
    [['verdicts.kind=kafka', 'deadLetters.kind=kafka', 'traces.kind=kafka'], 'verdicts.kind is kafka'],
    [['traces.kind=kafka'], 'traces.kind is kafka'],
  ])(
    'settings of Kafka are refused once if brokers are missing, with the first section that uses Kafka: %j',
    async (assignments, why) => {
      await expect(load(assignments)).rejects.toMatchObject({
        code: 'SETTINGS_INVALID',
        message: expect.stringMatching(
          new RegExp(`^1 setting is not valid:\\s+kafka.brokers is empty, but ${why}`),
        ),
      });
    },
  );

  it.each([
    [['source.kind=kafka'], /kafka\.brokers/],
    [[...onKafka, 'kafka.sasl.mechanism=plain', 'kafka.sasl.username=x'], /kafka\.sasl\.password/],
    [[...onKafka, 'kafka.tls.certificateFile=a.pem'], /kafka\.tls\.keyFile/],
    [
      [...onKafka, 'deadLetters.kind=kafka', 'deadLetters.topic=chat-messages'],
      /same topic as source\.topic/,
    ],
    [['source.startAt=2026-11-22T00:00:00Z'], /is a time/],
    [[...onKafka, 'source.startAt=yesterday'], /source\.startAt/],
    [[...onKafka, 'source.topic=no spaces'], /source\.topic/],
  ])('settings of Kafka are refused if they contradict each other: %j', async (assignments, reason) => {
    await expect(load(assignments)).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringMatching(reason),
    });
  });
});
