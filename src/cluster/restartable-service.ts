import type { ServiceProcess } from './service-process.ts';

/** A service whose process can end and be started again, with its data and on its ports. */
export abstract class RestartableService {
  readonly #begin: () => Promise<ServiceProcess>;
  #process: ServiceProcess;

  /** `process`: the first that `begin` started. */
  protected constructor(process: ServiceProcess, begin: () => Promise<ServiceProcess>) {
    this.#process = process;
    this.#begin = begin;
  }

  get pid(): number {
    return this.#process.pid;
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** After {@link stop} or {@link kill}. Throws `SERVICE_FAILED`. */
  async restart(): Promise<void> {
    this.#process = await this.#begin();
  }

  freeze(): void {
    this.#process.freeze();
  }

  unfreeze(): void {
    this.#process.unfreeze();
  }

  release(): void {
    this.#process.release();
  }
}
