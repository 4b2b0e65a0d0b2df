import { dirname } from 'node:path';
import { communityPlace, fallbackTopic, hasRoomForCommunity } from '../core/community-topic.ts';
import { isLoopback } from '../core/loopback.ts';
import { openIdContradictions } from './open-id-contradictions.ts';
import { type Contradiction, valueAt } from './resolve-layers.ts';
import { s3Contradictions } from './s3-contradictions.ts';
import { modelStoreKinds } from './schema/model.ts';
import type { KindFacts } from './schema/shared.ts';
import { deadLetterKinds, traceKinds, verdictKinds } from './schema/sinks.ts';
import { sourceKinds } from './schema/source.ts';
import { nameOf } from './setting-name.ts';
import type { Settings } from './settings-schema.ts';
import { requiredKeys } from './zookeeper-keys.ts';

type Path = readonly string[];

/** What must hold between settings that are each valid alone. */
export function contradictions(
  settings: Settings,
  given: { has(name: string): boolean } = new Set<string>(),
): readonly Contradiction[] {
  return [
    ...thresholds(settings),
    ...listeners(settings),
    ...files(settings),
    ...startTime(settings),
    ...servers(settings),
    ...kafka(settings),
    ...communityTopics(settings),
    ...reportsTopic(settings),
    ...tables(settings),
    ...mysqlPassword(settings),
    ...openIdContradictions(settings),
    ...s3Contradictions(settings),
    ...needed(settings, given),
  ];
}

/** What somebody has to give, because no default could be right. */
function* needed(settings: Settings, given: { has(name: string): boolean }): Generator<Contradiction> {
  const keys = settings.zookeeper.hosts === undefined ? [] : requiredKeys(settings);
  for (const { key, path } of keys) {
    if (given.has(nameOf(path))) continue;
    const text = `is missing: write the key ${key} below ${settings.zookeeper.path} in ZooKeeper, or give the setting elsewhere`;
    yield { paths: [path], text };
  }
  const keyed = new Set(keys.map(({ path }) => nameOf(path)));
  const modelStore: KindFacts = modelStoreKinds[settings.model.store];
  for (const path of modelStore.needs ?? [])
    if (!keyed.has(nameOf(path)) && !given.has(nameOf(path)))
      yield { paths: [path], text: `is missing, and needed with model.store ${settings.model.store}` };
}

function* thresholds({ decide }: Settings): Generator<Contradiction> {
  const min: Path = ['decide', 'rejectMin'];
  const max: Path = ['decide', 'rejectMax'];
  const text = (low: number, high: number) => `is ${low}, which is above rejectMax, ${high}`;
  if (decide.rejectMin > decide.rejectMax) {
    yield { paths: [min, max], text: text(decide.rejectMin, decide.rejectMax) };
    // Communities that inherit one of the two would only repeat it.
    return;
  }
  for (const [name, community] of Object.entries(decide.communities)) {
    const low = community.rejectMin ?? decide.rejectMin;
    const high = community.rejectMax ?? decide.rejectMax;
    if (low <= high) continue;
    const own = ['decide', 'communities', name];
    const lowPath = community.rejectMin === undefined ? min : [...own, 'rejectMin'];
    const highPath = community.rejectMax === undefined ? max : [...own, 'rejectMax'];
    yield community.rejectMin === undefined
      ? {
          paths: [highPath, lowPath],
          text: `is ${high}, which is below decide.rejectMin, ${low}, that it inherits`,
        }
      : {
          paths: [lowPath, highPath],
          text: community.rejectMax === undefined ? `${text(low, high)}, that it inherits` : text(low, high),
        };
  }
}

function* listeners({ http: { api, ops } }: Settings): Generator<Contradiction> {
  if (!api.enabled || !ops.enabled || api.port === 0 || api.port !== ops.port || api.host !== ops.host)
    return;
  yield {
    paths: [
      ['http', 'ops', 'port'],
      ['http', 'api', 'port'],
    ],
    text: `is ${ops.port}, which is http.api.port too`,
  };
}

function* files(settings: Settings): Generator<Contradiction> {
  const inbox: Path = ['source', 'file', 'inbox'];
  const written: readonly (readonly [Path, string])[] = [
    [['verdicts', 'file', 'path'], settings.verdicts.file.path],
    [['deadLetters', 'file', 'path'], settings.deadLetters.file.path],
    [['traces', 'file', 'path'], settings.traces.file.path],
    [['refused', 'file', 'path'], settings.refused.file.path],
    [['store', 'libsql', 'path'], settings.store.libsql.path],
  ];
  const seen = new Map<string, Path>();
  for (const [path, file] of written) {
    const other = seen.get(file);
    if (other !== undefined) yield { paths: [path, other], text: `is the same file as ${other.join('.')}` };
    else seen.set(file, path);
    if (dirname(file) === settings.source.file.inbox)
      yield { paths: [path, inbox], text: 'lies in the inbox, and would be read as messages' };
  }
}

/** Kafka topics that the settings name or imply; a pattern of verdicts stands for itself. */
export function topicsOf({ source, verdicts, deadLetters, traces }: Settings): {
  readonly source: string;
  readonly verdicts: string;
  readonly deadLetters: string;
  readonly traces: string;
} {
  return {
    source: source.topic,
    verdicts: verdicts.topic,
    deadLetters: deadLetters.topic ?? `${source.topic}-dlt`,
    traces: traces.topic ?? `${source.topic}-trace`,
  };
}

const sections = ['source', 'verdicts', 'deadLetters', 'traces'] as const;
type Section = (typeof sections)[number];

/** The setting with the servers of the kind that a section names; undefined for a kind without servers. */
function serversOf(settings: Settings, section: Section): KindFacts['servers'] {
  const facts: Readonly<Record<Section, KindFacts>> = {
    source: sourceKinds[settings.source.kind],
    verdicts: verdictKinds[settings.verdicts.kind],
    deadLetters: deadLetterKinds[settings.deadLetters.kind],
    traces: traceKinds[settings.traces.kind],
  };
  return facts[section].servers;
}

/** The sections whose kind is served by the servers of a settings section, such as `kafka`. */
function sectionsServedBy(settings: Settings, service: string): readonly Section[] {
  return sections.filter((section) => serversOf(settings, section)?.[0] === service);
}

function* startTime({ source: { kind, startAt } }: Settings): Generator<Contradiction> {
  const { whyNoTime }: KindFacts = sourceKinds[kind];
  if (whyNoTime === undefined || startAt === 'earliest' || startAt === 'latest') return;
  yield {
    paths: [
      ['source', 'startAt'],
      ['source', 'kind'],
    ],
    text: whyNoTime,
  };
}

/** Servers that are needed and not named; for each service once. */
function* servers(settings: Settings): Generator<Contradiction> {
  const seen = new Set<string>();
  for (const section of sections) {
    const path = serversOf(settings, section);
    if (path === undefined || seen.has(nameOf(path))) continue;
    seen.add(nameOf(path));
    const named = valueAt(settings, path);
    if (Array.isArray(named) && named.length > 0) continue;
    const text = `is empty, but ${section}.kind is ${settings[section].kind}`;
    yield { paths: [path, [section, 'kind']], text };
  }
}

function* kafka(settings: Settings): Generator<Contradiction> {
  const kinds = sectionsServedBy(settings, 'kafka');
  if (kinds.length === 0) return;
  const { tls, sasl } = settings.kafka;
  if (sasl.mechanism !== 'none')
    for (const name of ['username', 'password'] as const)
      if (sasl[name] === undefined)
        yield {
          paths: [
            ['kafka', 'sasl', name],
            ['kafka', 'sasl', 'mechanism'],
          ],
          text: `is missing, but kafka.sasl.mechanism is ${sasl.mechanism}`,
        };
  if ((tls.certificateFile === undefined) !== (tls.keyFile === undefined))
    yield {
      paths: [
        ['kafka', 'tls', 'certificateFile'],
        ['kafka', 'tls', 'keyFile'],
      ],
      text: 'and kafka.tls.keyFile go together; one of them is missing',
    };
  const topics = topicsOf(settings);
  const seen = new Map<string, string>();
  for (const section of kinds) {
    const other = seen.get(topics[section]);
    if (other !== undefined)
      yield {
        paths: [
          [section, 'topic'],
          [other, 'topic'],
        ],
        text: `is the same topic as ${other}.topic; what is written there would come back`,
      };
    else seen.set(topics[section], section);
  }
}

function* reportsTopic(settings: Settings): Generator<Contradiction> {
  const topic = settings.review.reportsTopic;
  if (topic === undefined) return;
  const path: Path = ['review', 'reportsTopic'];
  if (settings.kafka.brokers.length === 0)
    yield { paths: [['kafka', 'brokers'], path], text: `is empty, but review.reportsTopic is ${topic}` };
  const topics = topicsOf(settings);
  for (const section of sections)
    if (topics[section] === topic)
      yield { paths: [path, [section, 'topic']], text: `is the same topic as ${section}.topic` };
}

function* communityTopics(settings: Settings): Generator<Contradiction> {
  const { verdicts, ...others } = topicsOf(settings);
  const path: Path = ['verdicts', 'topic'];
  if (!verdicts.includes(communityPlace) || !sectionsServedBy(settings, 'kafka').includes('verdicts')) return;
  if (!hasRoomForCommunity(verdicts))
    yield { paths: [path], text: 'leaves too little of the 249 characters of a topic to the community' };
  if (verdicts.startsWith('__')) yield { paths: [path], text: 'begins as the topics of Kafka itself do' };
  const fallback = fallbackTopic(verdicts);
  for (const section of ['source', 'deadLetters', 'traces'] as const)
    if (asKafkaCompares(others[section]) === asKafkaCompares(fallback))
      yield {
        paths: [path, [section, 'topic']],
        text: `makes ${fallback} the topic of communities without one of their own, which is ${section}.topic too`,
      };
}

/** Kafka takes names for the same where only dots and underscores differ. */
function asKafkaCompares(topic: string): string {
  return topic.replaceAll('.', '_');
}

/** Tables that have their names from us. */
const ownTables: ReadonlySet<string> = new Set([
  'review',
  'messages',
  'models',
  'activity',
  'label_step',
  'label_change',
  'sluice_migration',
]);

function* tables({ store }: Settings): Generator<Contradiction> {
  const { trainingTable } = store.mysql;
  // Some servers ignore the case of a table's name.
  if (ownTables.has(trainingTable.toLowerCase()))
    yield {
      paths: [['store', 'mysql', 'trainingTable']],
      text: `is ${trainingTable}, the name of another table`,
    };
}

/** With neither TLS nor a known key, another server that answers in its name could learn the password. */
function* mysqlPassword({ store }: Settings): Generator<Contradiction> {
  const { host, password, tls, allowPasswordWithoutTls, serverPublicKey } = store.mysql;
  if (store.kind !== 'mysql' || password === undefined || tls.mode !== 'off' || isLoopback(host)) return;
  if (allowPasswordWithoutTls || serverPublicKey !== undefined) return;
  yield {
    paths: [
      ['store', 'mysql', 'password'],
      ['store', 'mysql', 'tls', 'mode'],
    ],
    text: `would be used unencrypted with ${host}: set store.mysql.tls.mode, name the server’s key in store.mysql.serverPublicKey, or set store.mysql.allowPasswordWithoutTls`,
  };
}
