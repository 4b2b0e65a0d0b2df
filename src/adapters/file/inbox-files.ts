import type { TopicPartition } from '../../core/topic-partition.ts';
import type { Log } from '../../ports/log.ts';
import type { Inbox, InboxEntry, LookTime } from './inbox.ts';
import { NameLost } from './inbox-handle.ts';
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
/** A file that lost its name and can't be read is given up after this long, or a file of the same name would never be read. */
const GIVE_UP_SECONDS = 60;
/** How often offsets of files that are gone are looked through. */
const PRUNE_SECONDS = 60;

/** The files that are being read, kept in step with what the folder shows. */
export class InboxFiles {
  readonly #inbox: Inbox;
  readonly #offsets: OffsetFile;
  readonly #options: InboxFilesOptions;
  readonly #log: Log;
  readonly #revoked: (at: TopicPartition, epoch: number) => void;
  readonly #files = new Map<string, TailedFile>();
  readonly #epochs = new Map<string, number>();
  #inTurn: readonly TailedFile[] = [];
  #prunedAt: number | undefined;

  constructor(
    inbox: Inbox,
    offsets: OffsetFile,
    options: InboxFilesOptions,
    log: Log,
    revoked: (at: TopicPartition, epoch: number) => void,
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
  async lookAround(first: boolean, time: LookTime): Promise<void> {
    const { entries, names } = await this.#inbox.list();
    for (const entry of entries) await this.#guarded(entry.name, () => this.#meet(entry, first, time));
    for (const file of [...this.#files.values()])
      if (!names.has(file.name)) await this.#guarded(file.name, () => this.#loseName(file, time.elapsed));
    this.#inTurn = [...this.#files.values()];
    if (this.#prunedAt !== undefined && time.elapsed - this.#prunedAt < PRUNE_SECONDS) return;
    this.#prunedAt = time.elapsed;
    this.#offsets.forgetMissing(names, time.now);
  }

  /** Drops what a file holds while others have their turn. */
  async rest(file: TailedFile): Promise<void> {
    file.rest();
    // One that lost its name can't be opened again.
    if (this.#files.size > MAX_OPEN && file.nameLostSince === undefined) await file.close();
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
    this.#files.clear();
    this.#inTurn = [];
  }

  /** One file that can't be read does not keep the others from being looked at. */
  async #guarded(name: string, look: () => Promise<unknown>): Promise<void> {
    try {
      await look();
      this.#inbox.readable(name, 'compare');
    } catch (error) {
      if (!(error instanceof NameLost)) this.#inbox.unreadable(name, 'compare', error);
      this.#files.get(name)?.suspect();
    }
  }

  async #meet(entry: InboxEntry, first: boolean, time: LookTime): Promise<void> {
    const known = this.#files.get(entry.name);
    if (known === undefined) return this.#admit(entry, first, time);
    if (entry.inode !== known.inode) {
      // The old file may have lines that were written just before it lost its name.
      if (!(await this.#loseName(known, time.elapsed))) return;
      this.#log.warn({ file: entry.name }, 'was replaced by another file, which is read from its beginning');
      return this.#admit(entry, false, time);
    }
    const isBroken = known.hasEnded && (known.nameLostSince !== undefined || entry.size > known.position);
    if (known.nameLostSince !== undefined) known.regainName();
    if (isBroken || !(await known.follow(entry, time.elapsed))) {
      const cut = entry.size < known.position;
      this.#log.warn({ file: entry.name, cut }, 'was cut or rewritten; it is read from its beginning');
      await this.#drop(known);
      return this.#admit(entry, false, time);
    }
    if (this.#files.size > MAX_OPEN) await this.rest(known);
  }

  async #admit(entry: InboxEntry, first: boolean, time: LookTime): Promise<void> {
    const epoch = (this.#epochs.get(entry.name) ?? 0) + 1;
    const { once: final, startAt, stretchBytes } = this.#options;
    const file = new TailedFile(entry, { epoch, final, time });
    try {
      // From now on its name can be lost. Of more files than are kept open, none would stay open.
      if (this.#files.size < MAX_OPEN) await file.open();
      const committed = epoch === 1 ? this.#offsets.get(entry.name) : undefined;
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
    this.#epochs.set(entry.name, epoch);
    this.#files.set(entry.name, file);
    await this.rest(file);
  }

  /** Lets a file that lost its name be read to its end. True when there is nothing left to read, and it is dropped. */
  async #loseName(file: TailedFile, now: number): Promise<boolean> {
    const since = file.nameLostSince ?? now;
    const isGivenUp = this.#inbox.isUnreadable(file.name) && now - since >= GIVE_UP_SECONDS;
    if (file.isOpen && !file.isOther && !isGivenUp) {
      await file.loseName(now);
      if (!file.isFinished && !file.isOther) return false;
    }
    if (isGivenUp || file.isOther || file.position < file.size)
      this.#log.warn(
        { file: file.name, position: file.position, size: file.size, rewritten: file.isOther },
        'lost its name before it was read to its end, and can no longer be read; keep files in the inbox until their lag is 0',
      );
    await this.#drop(file);
    // Nobody can bring it back. One that was moved may return.
    if (file.isRemoved && this.#offsets.get(file.name)?.inode === file.inode) this.#offsets.delete(file.name);
    return true;
  }

  async #drop(file: TailedFile): Promise<void> {
    this.#files.delete(file.name);
    this.#revoked({ topic: file.name, partition: 0 }, file.epoch);
    this.#inbox.readable(file.name);
    await file.close();
  }
}
