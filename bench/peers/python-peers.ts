import { join } from 'node:path';
import { installJava, mavenFolder } from '../../src/cluster/maven-folder.ts';
import { preparePython } from '../../src/training/python-environment.ts';
import { count } from '../report/statistics.ts';
import { type KafkaPeer, PEER_BATCH, PEER_WORKERS, peerFile } from './kafka-peer.ts';
import { type PeerEstimators, trainedEstimators } from './peer-estimators.ts';
import { committedInCheckpoint } from './spark-checkpoint.ts';

/** Of both Python peers: their environment and estimators. */
export interface PythonPeerParts {
  readonly python: string;
  readonly estimators: PeerEstimators;
}

/** A process for each core: a library that starts threads of its own would only get in its own way. */
const environment = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};
const installPython = 'apt-get install -y --no-install-recommends python3 python3-venv';
/** Of Structured Streaming's micro-batches: the largest, and into how many a shorter topic is parted. */
const LARGEST_TRIGGER = 100_000;
const FEWEST_TRIGGERS = 5;
/** The version of `pyspark` in bench/peers/requirements.lock. */
const SPARK_CONNECTOR = 'org.apache.spark:spark-sql-kafka-0-10_2.13:4.2.0';

/** Builds the environment and trains the estimators where they are missing, once; both stay in the user's cache. */
export async function preparePythonPeers(
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<PythonPeerParts> {
  const { python } = await preparePython({
    trainerHome: peerFile(''),
    building: () => say('building the Python environment of the peers, once; this takes some minutes\n'),
    signal,
  });
  return { python, estimators: await trainedEstimators(say, signal) };
}

export function confluentPeer({ python, estimators }: PythonPeerParts): KafkaPeer {
  return {
    name: 'confluent-kafka',
    title: 'confluent-kafka, scikit-learn',
    description: `a group of ${PEER_WORKERS} Python processes, batches of up to ${count(PEER_BATCH)}; ${descriptionOf(estimators)}`,
    members: PEER_WORKERS,
    processes: ({ broker, topic, group, verdicts, go }) => {
      const words = { ...files(estimators), broker, topic, group, verdicts, batch: PEER_BATCH, go };
      const process = {
        command: python,
        args: [peerFile('confluent_member.py'), ...options(words)],
        environment,
        install: installPython,
      };
      return Array.from({ length: PEER_WORKERS }, () => process);
    },
  };
}

export async function sparkPeer(
  { python, estimators }: PythonPeerParts,
  say: (text: string) => void,
): Promise<KafkaPeer> {
  const jars = await mavenFolder({
    name: 'spark-kafka',
    // What pyspark brings along itself.
    artifacts: [
      {
        coordinates: SPARK_CONNECTOR,
        without: ['org.apache.hadoop:*', 'org.scala-lang:*', 'org.slf4j:*'],
      },
    ],
    fetching: () => say("Spark's connector to Kafka is fetched, once for this machine\n"),
  });
  return {
    name: 'pyspark',
    title: 'PySpark Structured Streaming, scikit-learn',
    description: `local[${PEER_WORKERS}], \`mapInArrow\` with batches of ${count(PEER_BATCH)}, trigger \`availableNow\` with micro-batches of up to ${count(LARGEST_TRIGGER)} messages (a ${FEWEST_TRIGGERS}th of the topic where that is less); ${descriptionOf(estimators)}; its offsets are in its checkpoint and not in the group, so that is what is looked at, and the first micro-batch, in which its workers load the model, counts in its CPU alone`,
    members: 0,
    processes: ({ broker, topic, verdicts, messages, folder, go }) => {
      const trigger = Math.min(LARGEST_TRIGGER, Math.ceil(messages / FEWEST_TRIGGERS));
      const own = { batch: PEER_BATCH, trigger, threads: PEER_WORKERS, jars, folder };
      const words = { ...files(estimators), broker, topic, verdicts, ...own, go };
      return [
        {
          command: python,
          args: [peerFile('spark_stream.py'), ...options(words)],
          // Another Spark of this machine is not asked; workers find the ensemble by the path.
          environment: {
            ...environment,
            PYTHONPATH: peerFile(''),
            PYSPARK_PYTHON: python,
            SPARK_HOME: undefined,
            SPARK_CONF_DIR: undefined,
            SPARK_LOCAL_IP: '127.0.0.1',
          },
          install: installJava,
        },
      ];
    },
    committed: ({ folder, topic }) => committedInCheckpoint(join(folder, 'checkpoint'), topic),
  };
}

function descriptionOf({ description }: PeerEstimators): string {
  return `all members in full (${description}), features by scikit-learn: obfuscation is not undone and words are not stemmed, so its verdicts differ`;
}

function files({ file, model }: PeerEstimators) {
  return { estimators: file, vocabulary: join(model.path, 'vocabulary.tsv') };
}

function options(words: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
