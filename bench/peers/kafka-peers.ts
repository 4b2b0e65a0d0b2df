import { SluiceError } from '../../src/core/errors.ts';
import type { LocalModel } from '../../src/ports/model-store.ts';
import { javaPeer } from './java-peer.ts';
import type { KafkaPeer } from './kafka-peer.ts';
import { confluentPeer, preparePythonPeers, sparkPeer } from './python-peers.ts';

export const kafkaPeerNames = ['confluent-kafka', 'pyspark', 'java'] as const;
type KafkaPeerName = (typeof kafkaPeerNames)[number];

/** The peers that `--peer` asks for, in the order of the names above; `all` and `none` stand alone. Throws `USAGE`. */
export function peersAskedFor(words: readonly string[]): readonly KafkaPeerName[] {
  const alone = words.find((word) => word === 'all' || word === 'none');
  if (alone !== undefined && words.some((word) => word !== alone))
    throw new SluiceError('USAGE', `--peer ${alone} stands alone; leave it or the others out`);
  if (alone === 'all') return kafkaPeerNames;
  if (alone === 'none') return [];
  const unknown = words.find((word) => !kafkaPeerNames.some((name) => name === word));
  if (unknown !== undefined)
    throw new SluiceError(
      'USAGE',
      `the kafka bench has no peer "${unknown}"; it has ${kafkaPeerNames.join(', ')}, and all or none`,
    );
  return kafkaPeerNames.filter((name) => words.includes(name));
}

/** Fetches, builds and trains what is missing for them, once a machine. Throws `SERVICE_FAILED` or `TRAINER_FAILED`. */
export async function prepareKafkaPeers(
  names: readonly KafkaPeerName[],
  model: LocalModel,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<readonly KafkaPeer[]> {
  const peers: KafkaPeer[] = [];
  if (names.includes('confluent-kafka') || names.includes('pyspark')) {
    const parts = await preparePythonPeers(say, signal);
    if (names.includes('confluent-kafka')) peers.push(confluentPeer(parts));
    signal.throwIfAborted();
    if (names.includes('pyspark')) peers.push(await sparkPeer(parts, say));
  }
  signal.throwIfAborted();
  if (names.includes('java')) peers.push(await javaPeer(model, say));
  return peers;
}
