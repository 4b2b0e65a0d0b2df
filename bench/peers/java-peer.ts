import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installJava, mavenFolder } from '../../src/cluster/maven-folder.ts';
import type { LocalModel } from '../../src/ports/model-store.ts';
import { loadModel } from '../../workers/loaded-model.ts';
import { count } from '../report/statistics.ts';
import { FeatureRows } from './feature-rows.ts';
import { type KafkaPeer, PEER_BATCH, PEER_WORKERS, peerFile } from './kafka-peer.ts';

const ONNX_RUNTIME = '1.29.0';
const HEAP_MEBIBYTES = 1024;

/**
 * A Java consumer with the very graphs that the daemon runs. A port of src/text would be a second definition of a feature, so its rows are
 * made beforehand by the first one.
 */
export async function javaPeer(model: LocalModel, say: (text: string) => void): Promise<KafkaPeer> {
  const jars = await mavenFolder({
    name: 'onnx-consumer',
    artifacts: [
      { coordinates: `com.microsoft.onnxruntime:onnxruntime:${ONNX_RUNTIME}` },
      { coordinates: 'org.apache.kafka:kafka-clients:4.4.0' },
      { coordinates: 'com.fasterxml.jackson.core:jackson-databind:2.23.0' },
      { coordinates: 'org.slf4j:slf4j-simple:1.7.36' },
    ],
    fetching: () => say('ONNX Runtime for Java and a Kafka client are fetched, once for this machine\n'),
  });
  const loaded = await loadModel(model);
  await loaded.session.release();
  let rows: FeatureRows | undefined = new FeatureRows(loaded);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-rows-'));
  const file = join(folder, 'rows');
  return {
    name: 'java',
    title: 'Java, ONNX Runtime, **features not made**',
    description: `a group of ${PEER_WORKERS} threads in one process, ONNX Runtime ${ONNX_RUNTIME}, batches of up to ${count(PEER_BATCH)}; the same graphs, all stages for every message, to be compared with \`all\`; features were made beforehand and are looked up by the message's id, so what the daemon spends on them is not in its figures`,
    members: PEER_WORKERS,
    processes: ({ broker, topic, group, verdicts, go }) => [
      {
        command: 'java',
        args: [
          `-Xmx${HEAP_MEBIBYTES}m`,
          '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
          '-cp',
          `${jars}/*`,
          peerFile('OnnxConsumer.java'),
          ...[broker, topic, group, verdicts, model.path, file, go],
          ...[PEER_BATCH, PEER_WORKERS].map(String),
        ],
        install: installJava,
      },
    ],
    saw: (text) => rows?.add(text),
    filled: async () => {
      await rows?.write(file);
      rows = undefined;
    },
    release: () => rm(folder, { recursive: true, force: true }),
  };
}
