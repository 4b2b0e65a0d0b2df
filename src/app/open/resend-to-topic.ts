import { bufferOf, headersToSend } from '../../adapters/kafka/record-headers.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { Resender } from './kinds.ts';
import { openKafka } from './open-kafka.ts';

/** Connects to Kafka, to send messages to the source's topic. Throws `SINK_FAILED`. */
export async function openResenderToTopic(settings: Settings, log: Log): Promise<Resender> {
  const publisher = await openKafka(settings, log).toSource();
  return {
    send: (letters) =>
      publisher.publish(
        letters.map(({ bytes, key, headers }) => ({
          topic: settings.source.topic,
          message: {
            key: key === undefined ? null : bufferOf(key),
            value: bufferOf(bytes),
            headers: headersToSend(headers),
          },
        })),
      ),
    close: () => publisher.close(),
  };
}
