import { Writable } from 'node:stream';
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { printable } from '../../core/printable.ts';
import type { Log } from '../../ports/log.ts';
import { logFields } from './log-fields.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  /** What is below is not written. */
  readonly level: LogLevel;
  /** One JSON object a line, or lines for people at a terminal. */
  readonly format: 'json' | 'pretty';
  /** The daemon logs to stdout, its default; commands whose data goes to stdout log to stderr. */
  readonly destination?: 'stdout' | 'stderr' | DestinationStream;
}

/**
 * Lines are written at once and in full before the call returns: the last words before a kill are the ones that matter,
 * and the log is quiet enough for that. Keys: `time` (RFC 3339), `level`, `component`, `msg`, then the fields. What a message
 * brought, such as its id, cannot drive the terminal that shows the line ({@link printable}).
 */
export function createLog(options: LogOptions): Log {
  const to = streamOf(options.destination ?? 'stdout');
  const stream = options.format === 'json' ? printableLines(to) : prettyLines(to, options);
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: logFields },
    },
    stream,
  );
  return new PinoLog(logger);
}

class PinoLog implements Log {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  debug(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.#logger.debug(fields, printable(text));
  }

  info(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.#logger.info(fields, printable(text));
  }

  warn(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.#logger.warn(fields, printable(text));
  }

  error(fields: Readonly<Record<string, unknown>>, text: string): void {
    this.#logger.error(fields, printable(text));
  }

  child(component: string): Log {
    return new PinoLog(this.#logger.child({ component }));
  }
}

function streamOf(to: 'stdout' | 'stderr' | DestinationStream): DestinationStream {
  if (to === 'stdout') return destination({ fd: 1, sync: true });
  if (to === 'stderr') return destination({ fd: 2, sync: true });
  return to;
}

function printableLines(to: DestinationStream): DestinationStream {
  return { write: (line) => void to.write(printable(line)) };
}

/** Colors are the one kind of escape sequence that stays; of what is logged, none gets here ({@link PinoLog}, `logFields`). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what a color begins with.
const COLOR = /(\u001b\[\d+m)/;

function prettyLines(to: DestinationStream, options: LogOptions): DestinationStream {
  const format = prettyOptions(options);
  // It is piped into, so it must be a whole stream.
  const stream = new Writable({
    decodeStrings: false,
    write: (lines: string | Buffer, _encoding, done) => {
      const parts = format.colorize ? String(lines).split(COLOR) : [String(lines)];
      to.write(parts.map((part, i) => (i % 2 === 1 ? part : printable(part))).join(''));
      done();
    },
  });
  return pretty({ destination: stream, sync: true, ...format });
}

function prettyOptions(options: LogOptions): { colorize: boolean; translateTime: string; ignore: string } {
  const stream = options.destination === 'stderr' ? process.stderr : process.stdout;
  const terminal = typeof options.destination !== 'object' && stream.isTTY === true;
  return {
    colorize: terminal && stream.hasColors() && process.env.NO_COLOR === undefined,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
  };
}
