import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { type CloserLimits, Closers } from '../closers.ts';

/** A part of the daemon that is started once and stopped once. */
export interface DaemonPart {
  /** For the log. */
  readonly name: string;
  /** When it throws, the part holds nothing that would have to be stopped. */
  start(): void | Promise<void>;
  /** Called only after a start that worked. Left out by a part that holds nothing. */
  stop?(): Promise<void>;
}

/** The parts of a daemon: started in their order, each when the one before it has started, and stopped in reverse order. */
export class PartList {
  readonly #parts: readonly DaemonPart[];
  readonly #started: Closers;

  constructor(parts: readonly DaemonPart[], log: Log, clock?: Pick<Clock, 'elapsed' | 'sleep'>) {
    this.#parts = parts;
    this.#started = new Closers(log, clock);
  }

  /** Starts all parts. When one fails, stops those that have started, starts no other, and throws its error. */
  async start(): Promise<void> {
    try {
      for (const part of this.#parts) {
        await part.start();
        if (part.stop !== undefined) this.#started.add(part.name, async () => await part.stop!());
      }
    } catch (error) {
      await this.#started.closeAfterFailure();
      throw error;
    }
  }

  /** Stops all parts that have started, whatever becomes of the others. Throws the first failure once all were stopped. */
  async stop(): Promise<void> {
    await this.#started.closeAll();
  }

  /** As {@link stop}, where an error is under way already, which a failure to stop must not replace. Never rejects. */
  async stopAfterFailure(limits: CloserLimits = {}): Promise<void> {
    await this.#started.closeAfterFailure(limits);
  }
}

/** A part that other parts use by what its start opened. */
export class OpenedPart<T> implements DaemonPart {
  readonly name: string;
  readonly #open: () => T | Promise<T>;
  readonly #close: (opened: T) => Promise<void>;
  #opened: { readonly value: T } | undefined;

  constructor(name: string, open: () => T | Promise<T>, close: (opened: T) => Promise<void>) {
    this.name = name;
    this.#open = open;
    this.#close = close;
  }

  async start(): Promise<void> {
    this.#opened = { value: await this.#open() };
  }

  async stop(): Promise<void> {
    await this.#close(this.opened);
  }

  /** What the start opened; still there after the stop. Throws before the start: the parts are then listed in a wrong order. */
  get opened(): T {
    if (this.#opened === undefined) throw new Error(`${this.name}: used before its start`);
    return this.#opened.value;
  }
}
