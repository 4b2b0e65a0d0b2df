import * as z from 'zod';
import { setting } from '../setting.ts';

export const path = z.string().min(1);
export const port = z.number().int().min(0).max(65_535);
export const host = z.string().min(1);

/** Name of a Kafka topic. */
export const topic = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/);
export const topicAllowed = 'a topic: letters, digits, dots, underscores and dashes';

/** An absolute path in ZooKeeper or HDFS. */
export const absolutePath = z.string().regex(/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+$/);
export const absolutePathAllowed = 'an absolute path of letters, digits, `.`, `_` and `-`';

/** A section with the path of one file below `state.path`. */
export const filePath = (name: string, description: string) =>
  z.strictObject({ path: setting(path.default(name), { description, defaultBase: 'state' }) }).prefault({});

/** What a kind, as `source.kind` names one, means for other settings. */
export interface KindFacts<Key extends string = string> {
  /** The setting with its servers, which must not be empty: section and name. */
  readonly servers?: readonly [section: string, name: string];
  /** Settings, as paths, that have no default with this kind. */
  readonly needs?: readonly (readonly string[])[];
  /** Keys that must be in ZooKeeper, where it is used, unless another settings source gives their settings. */
  readonly zookeeperKeys?: readonly Key[];
  /** Of a source: why `source.startAt` can't be a time; undefined where it can. */
  readonly whyNoTime?: string;
}

/** The kinds of a table as an enumeration. */
export function kindsOf<T extends object>(table: T) {
  return z.enum(Object.keys(table) as [keyof T & string, ...(keyof T & string)[]]);
}
