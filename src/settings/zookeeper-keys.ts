import type { z } from 'zod';
import { valueOfText } from './layer.ts';
import { nearestName } from './nearest-name.ts';
import { put } from './resolve-layers.ts';
import { modelStoreKinds } from './schema/model.ts';
import type { KindFacts } from './schema/shared.ts';
import { sourceKinds } from './schema/source.ts';
import { storeKinds } from './schema/store.ts';
import { shapeOf } from './setting.ts';
import { nameOf, pathOf } from './setting-name.ts';
import { type Settings, settingsSchema } from './settings-schema.ts';

/**
 * The keys in ZooKeeper, by the names that they have always had there, and the settings that they are. Any other setting
 * may stand there too, under its own name: `decide.communities`, `log.level`.
 */
export const zookeeperKeys = {
  'hadoop-url': 'model.hdfs.url',
  'hdfs-path': 'model.hdfs.path',
  'local-path': 'model.localPath',
  'jdbc-host': 'store.mysql.host',
  'jdbc-port': 'store.mysql.port',
  'jdbc-db': 'store.mysql.database',
  'jdbc-user': 'store.mysql.user',
  'jdbc-pass': 'store.mysql.password',
  'jdbc-table': 'store.mysql.trainingTable',
  'window-length': 'batch.maxAgeSeconds',
  'streaming-concurrency': 'source.concurrentPartitions',
  'kafka-partitions': 'kafka.partitions',
  'topic-name': 'source.topic',
  'spark-partitions': 'pool.threads',
  'reject-prob-min': 'decide.rejectMin',
  'reject-prob-max': 'decide.rejectMax',
  'model-version': 'model.version',
} as const;

export type ZooKeeperKey = keyof typeof zookeeperKeys;

/** Kept beside the keys, and no settings. */
const noSettings: readonly string[] = ['model-activations'];

/** Where ZooKeeper is, and what must be known before it can be read, cannot stand in it. */
const outside = /^(?:zookeeper|state)(?:\.|$)/;

/** Keys that hold secrets; they work, and are reported. */
export const secretKeys: readonly ZooKeeperKey[] = ['jdbc-pass'];

/** The keys that must exist in ZooKeeper unless another source gives their settings: all that the chosen kinds need. */
export function requiredKeys({
  model,
  source,
  store,
}: Settings): readonly { readonly key: ZooKeeperKey; readonly path: readonly string[] }[] {
  const keys: readonly ZooKeeperKey[] = [
    'reject-prob-min',
    'reject-prob-max',
    ...keysOf(modelStoreKinds[model.store]),
    ...keysOf(sourceKinds[source.kind]),
    ...keysOf(storeKinds[store.kind]),
  ];
  return keys.map((key) => ({ key, path: pathOf(zookeeperKeys[key])! }));
}

function keysOf(kind: KindFacts<ZooKeeperKey>): readonly ZooKeeperKey[] {
  return kind.zookeeperKeys ?? [];
}

/** The key that says a setting; undefined where it has none but its own name. */
export function keyOf(setting: string): string | undefined {
  return Object.entries(zookeeperKeys).find(([, name]) => name === setting)?.[0];
}

export interface SaidByKeys {
  /** Nested as in the settings file. What is not of its setting's kind stays text, and its schema refuses it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Names that mean nothing here, each with the one that was probably meant. */
  readonly unknown: readonly { readonly key: string; readonly nearest: string | undefined }[];
}

/** What the keys say, each a text as it stands in its node. */
export function settingsOfKeys(keys: ReadonlyMap<string, string>): SaidByKeys {
  const settings: Record<string, unknown> = {};
  const unknown: { key: string; nearest: string | undefined }[] = [];
  for (const [key, text] of keys) {
    if (noSettings.includes(key)) continue;
    const path = pathOf(Object.hasOwn(zookeeperKeys, key) ? zookeeperKeys[key as ZooKeeperKey] : key);
    const schema = path === undefined || outside.test(nameOf(path)) ? undefined : schemaAt(path);
    if (path === undefined || schema === undefined) {
      unknown.push({ key, nearest: nearestName(key, Object.keys(zookeeperKeys)) });
      continue;
    }
    // An editor may have ended it with a line break; the value of a section that cannot be read is its text.
    const trimmed = text.replace(/\r?\n$/, '');
    put(settings, path, valueOfText(schema, trimmed) ?? trimmed);
  }
  return { settings, unknown };
}

/** The schema of a setting, or of a section of chosen names; undefined where the path leads nowhere. */
function schemaAt(path: readonly string[]): z.ZodType | undefined {
  let schema: z.ZodType | undefined = settingsSchema;
  for (const key of path) {
    const shape = shapeOf(schema);
    if (shape.kind === 'value' || key === '__proto__') return undefined;
    if (shape.kind === 'section' && !Object.hasOwn(shape.keys, key)) return undefined;
    schema = shape.kind === 'section' ? shape.keys[key] : shape.value;
    if (schema === undefined) return undefined;
  }
  return shapeOf(schema).kind === 'section' ? undefined : schema;
}
