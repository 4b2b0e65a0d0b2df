import kafkajs, { type logCreator } from 'kafkajs';
import type { Log } from '../../ports/log.ts';

/** What of kafkajs' fields goes into the log: positions, names and numbers; never a stack, never an object. */
const loggedFields = new Set([
  'broker',
  'groupId',
  'memberId',
  'topic',
  'partition',
  'offset',
  'error',
  'retryCount',
  'retryTime',
  'duration',
  'restart',
]);

/**
 * kafkajs' own lines through our log. It calls an error what is ordinary while a broker starts or a group is made, and
 * our own lines say what matters; so its errors are warnings, and all else is for debugging.
 */
export function kafkaLog(log: Log): logCreator {
  return () =>
    ({ level, namespace, log: { message, timestamp: _, ...rest } }) => {
      const fields: Record<string, unknown> = { part: namespace };
      for (const [name, value] of Object.entries(rest))
        if (loggedFields.has(name) && (typeof value === 'string' || typeof value === 'number'))
          fields[name] = value;
      if (level === kafkajs.logLevel.ERROR) log.warn(fields, `kafkajs: ${message}`);
      else log.debug(fields, `kafkajs: ${message}`);
    };
}
