import type { TopicPartition } from '../../core/topic-partition.ts';
import type { Log } from '../../ports/log.ts';
import type { Inbox, InboxEntry } from './inbox.ts';
import type { OffsetFile } from './offset-file.ts';
import { TailedFile } from './tailed-file.ts';

export interface InboxFilesOptions {
  readonly startAt: 'earliest' | 'latest';
  /** Nothing is appended any more: files end where they end. */
  readonly once: boolean;
  readonly stretchBytes: number;
}

/** Up to so many files stay open, so that one that loses its name is still read to its end. */
const MAX_OPEN = 256;

/** The files that are being read, kept in step with what the folder shows. */
export class InboxFiles {
  readonly #inbox: Inbox;
  readonly #offsets: OffsetFile;
  readonly #options: InboxFilesOptions;
  readonly #log: Log;
  readonly #revoked: (at: TopicPartition, tenure: number) => void;
  readonly #files = new Map<string, TailedFile>();
  readonly #tenures = new Map<string, number>();
  #inTurn: readonly TailedFile[] = [];

  constructor(
    inbox: Inbox,
    offsets: OffsetFile,
    options: InboxFilesOptions,
    log: Log,
    revoked: (at: TopicPartition, tenure: number) => void,
  ) {
    this.#inbox = inbox;
    this.#offsets = offsets;
    this.#options = options;
    this.#log = log;
    this.#revoked = revoked;
  }

  /** In the order in which they take turns. */
  get inTurn(): readonly TailedFile[] {
    return this.#inTurn;
  }

  get(name: string): TailedFile | undefined {
    return this.#files.get(name);
  }

  /** `first`: what has no offset now was there before us, so `startAt` decides; later it is new and read whole. */
  async lookAround(first: boolean, now: number): Promise<void> {
    const entries = await this.#inbox.list();
    const present = new Set(entries.map(({ name }) => name));
    for (const entry of entries) {
      try {
        await this.#meet(entry, first);
      } catch (error) {
        this.#inbox.warn(entry.name, error);
        await this.#files.get(entry.name)?.close();
      }
    }
    for (const file of this.#files.values()) if (!present.has(file.name)) await this.#detach(file);
    if (first) this.#offsets.forgetMissing(present, now);
    this.#inTurn = [...this.#files.values()];
  }

  /** Lets go of what a file holds while others have their turn. */
  async rest(file: TailedFile): Promise<void> {
    file.rest();
    if (this.#files.size > MAX_OPEN) await file.close();
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
    this.#files.clear();
    this.#inTurn = [];
  }

  async #meet(entry: InboxEntry, first: boolean): Promise<void> {
    const known = this.#files.get(entry.name);
    if (known === undefined) return this.#admit(entry, first);
    if (entry.inode !== known.inode) {
      // The old file may have lines that were written just before it lost its name.
      if (!(await this.#detach(known))) return;
      this.#log.warn({ file: entry.name }, 'was replaced by another file; it is read from its beginning');
      return this.#admit(entry, false);
    }
    if (known.detached) known.attach(this.#options.once);
    const cut = entry.size < known.position;
    if (cut || (entry.size !== known.size && !(await known.isWhatWasRead()))) {
      this.#log.warn({ file: entry.name, cut }, 'was cut or written anew; it is read from its beginning');
      await this.#drop(known);
      return this.#admit(entry, false);
    }
    if (entry.size !== known.size) await this.rest(known);
    known.size = entry.size;
  }

  async #admit(entry: InboxEntry, first: boolean): Promise<void> {
    const tenure = (this.#tenures.get(entry.name) ?? 0) + 1;
    const { once: final, startAt, stretchBytes } = this.#options;
    const file = new TailedFile({ ...entry, tenure, final });
    try {
      const committed = tenure === 1 ? this.#offsets.get(entry.name) : undefined;
      if (committed !== undefined) {
        if (!(await file.resume(committed, committed.offset)))
          this.#log.warn(
            { file: entry.name, committed: committed.offset, size: entry.size },
            'is not the file that was read before; it is read from its beginning',
          );
      } else if (first && startAt === 'latest') await file.skipToEnd(stretchBytes);
    } catch (error) {
      await file.close();
      throw error;
    }
    this.#inbox.isWell(entry.name);
    this.#tenures.set(entry.name, tenure);
    this.#files.set(entry.name, file);
    await this.rest(file);
  }

  /** Lets a file that lost its name be read to its end. True when there is nothing left to read, and it is dropped. */
  async #detach(file: TailedFile): Promise<boolean> {
    await file.detach();
    if (file.isOpen && file.position < file.size) return false;
    await this.#drop(file);
    return true;
  }

  async #drop(file: TailedFile): Promise<void> {
    this.#files.delete(file.name);
    this.#revoked({ topic: file.name, partition: 0 }, file.tenure);
    await file.close();
  }
}
