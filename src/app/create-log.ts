import { Writable } from 'node:stream';
import { createLog as createPinoLog } from '../adapters/pino/pino-log.ts';
import type { Log } from '../ports/log.ts';
import type { Settings } from '../settings/settings-schema.ts';

export interface LogTarget {
  /** One or more whole lines. */
  write(lines: string): void;
}

export type CreateLog = (
  options: Settings['log'] & { readonly destination: 'stdout' | 'stderr' | LogTarget },
) => Log;

export const createLog: CreateLog = ({ level, format, destination }) =>
  createPinoLog({
    level,
    format,
    destination: typeof destination === 'string' ? destination : streamTo(destination),
  });

/** The pretty format pipes into its destination, so it must be a whole stream. */
function streamTo(target: LogTarget): Writable {
  return new Writable({
    decodeStrings: false,
    write: (lines: string | Buffer, _encoding, done) => {
      target.write(lines.toString());
      done();
    },
  });
}
