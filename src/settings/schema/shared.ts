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
  z.strictObject({ path: setting(path.default(name), { description, place: 'state' }) }).prefault({});
