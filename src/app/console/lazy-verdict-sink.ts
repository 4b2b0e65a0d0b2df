import type { VerdictSink } from '../../ports/verdict-sink.ts';

/** A sink that is opened when something is published: until then it does not matter whether it can be reached. */
export class LazyVerdictSink implements VerdictSink {
  readonly #open: () => Promise<VerdictSink>;
  #opened: Promise<VerdictSink> | undefined;

  constructor(open: () => Promise<VerdictSink>) {
    this.#open = open;
  }

  async publish(...published: Parameters<VerdictSink['publish']>): ReturnType<VerdictSink['publish']> {
    this.#opened ??= this.#open();
    const opening = this.#opened;
    opening.catch(() => {
      if (this.#opened === opening) this.#opened = undefined;
    });
    return await (await opening).publish(...published);
  }

  async flush(): Promise<void> {
    await (await this.#opened)?.flush();
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.close();
  }
}
