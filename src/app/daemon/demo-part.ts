import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';
import { writeDemoInbox } from './demo-inbox.ts';
import type { DaemonPart } from './part-list.ts';

/** Writes the demonstration into the inbox, where the settings want one. A failure is logged and stops nothing. */
export class DemoPart implements DaemonPart {
  readonly name = 'the demonstration';
  readonly #settings: Settings;
  readonly #once: boolean;
  readonly #log: Log;
  #written: Promise<void> = Promise.resolve();

  constructor(settings: Settings, once: boolean, log: Log) {
    this.#settings = settings;
    this.#once = once;
    this.#log = log;
  }

  /** Never rejects. Resolves when nothing more is written to the inbox. */
  get written(): Promise<void> {
    return this.#written;
  }

  async start(): Promise<void> {
    this.#written = this.#write();
    // Written while the daemon already scores, unless it would end before there is anything to score.
    if (this.#once) await this.#written;
  }

  async #write(): Promise<void> {
    const inbox = adapters.source[this.#settings.source.kind].inbox(this.#settings);
    if (this.#settings.source.file.demo === 'none' || inbox === undefined) return;
    try {
      await writeDemoInbox(inbox, this.#settings.state.path, this.#log);
    } catch (error) {
      this.#log.warn(
        { error: describeError(error) },
        'could not write the demonstration to the inbox; put messages there yourself',
      );
    }
  }
}
