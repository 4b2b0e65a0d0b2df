/** The part of a daemon's settings that lets it read from Kafka and publish verdicts there. */
export function kafkaSettings(on: {
  readonly broker: string;
  readonly topic: string;
  readonly group: string;
  readonly verdicts: string;
}) {
  return {
    kafka: { brokers: [on.broker], partitions: 4 },
    source: { kind: 'kafka', topic: on.topic, group: on.group },
    verdicts: { kind: 'kafka', topic: on.verdicts },
    deadLetters: { kind: 'kafka' },
  };
}
