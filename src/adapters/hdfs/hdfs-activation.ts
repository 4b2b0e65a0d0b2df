import { randomBytes } from 'node:crypto';
import { type Activations, activationsOfText, textOfActivations } from '../../core/activations.ts';
import { SluiceError } from '../../core/errors.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { HdfsClient } from './hdfs-client.ts';

const MOST_BYTES = 64 * 1024;

/** What is needed of HDFS. */
type Hdfs = Pick<HdfsClient, 'endpoint' | 'read' | 'readdir' | 'mkdir' | 'write' | 'remove' | 'rename'>;

/** As {@link HdfsActivation.write} names what it writes first. */
const partPattern = /^\.active\.[0-9a-f]{8}\.part$/;
const FILE = 'active.json';
/** How often a reader may meet a writer. */
const LOOKS = 5;
/** What was written so long ago has nobody who will rename it. */
const ABANDONED_MILLISECONDS = 60 * 60 * 1000;

/**
 * The activated model, in the file `active.json` beside the models in HDFS; for clusters without ZooKeeper.
 *
 * HDFS does not rename onto a file that is there, so the file is removed first. What was written under another name until
 * then is complete, and is read where `active.json` is missing: a writer that is killed in between leaves the new activation
 * and not none, which would make a start fall back to the newest version.
 */
export class HdfsActivation implements ModelActivation {
  readonly #hdfs: Hdfs;
  readonly #folder: string;

  constructor(hdfs: Hdfs, folder: string) {
    this.#hdfs = hdfs;
    this.#folder = folder;
  }

  get location(): string {
    return `${this.#hdfs.endpoint}${this.#path(FILE)}`;
  }

  async read(): Promise<Activations | undefined> {
    for (let look = 1; ; look++) {
      const bytes = await this.#hdfs.read(this.#path(FILE), MOST_BYTES);
      if (bytes !== undefined) return activationsOfText(bytes.toString(), this.location);
      const { unfinished, moved } = await this.#unfinished();
      if (unfinished !== undefined || !moved || look === LOOKS) return unfinished;
    }
  }

  /** Throws `MODEL_STORE_FAILED`, retriable, where it is not what readers find afterwards. */
  async write(activations: Activations): Promise<void> {
    const text = Buffer.from(textOfActivations(activations));
    const beside = this.#path(`.active.${randomBytes(4).toString('hex')}.part`);
    let removed = false;
    try {
      await this.#hdfs.mkdir(this.#folder);
      await this.#hdfs.write(beside, text);
      if ((await this.#hdfs.read(beside, MOST_BYTES))?.equals(text)) {
        // A removal that fails may have happened all the same; from here on the part may be all there is.
        removed = true;
        await this.#hdfs.remove(this.#path(FILE));
        await this.#hdfs.rename(beside, this.#path(FILE));
      }
      if (!(await this.#hdfs.read(this.#path(FILE), MOST_BYTES))?.equals(text))
        throw new SluiceError(
          'MODEL_STORE_FAILED',
          `${this.location} is not as it was written; activate the model again`,
          { retriable: true },
        );
    } catch (error) {
      if (!removed) await this.#hdfs.remove(beside).catch(() => {});
      throw error;
    }
    await this.#removeAbandoned().catch(() => {});
  }

  /** The newest complete activation that was not renamed. `moved`: a writer was met, and another look is needed. */
  async #unfinished(): Promise<{ readonly unfinished?: Activations; readonly moved: boolean }> {
    const files = (await this.#hdfs.readdir(this.#folder)) ?? [];
    let moved = files.some(({ pathSuffix }) => pathSuffix === FILE);
    const parts = files
      .filter(({ pathSuffix }) => partPattern.test(pathSuffix))
      .sort((a, b) => b.modificationTime - a.modificationTime);
    for (const { pathSuffix } of moved ? [] : parts) {
      const bytes = await this.#hdfs.read(this.#path(pathSuffix), MOST_BYTES);
      if (bytes === undefined) moved = true;
      else
        try {
          return { unfinished: activationsOfText(bytes.toString(), this.location), moved: false };
        } catch {
          // Its writer was killed while it wrote, and activated nothing.
        }
    }
    return { moved };
  }

  /** What writers have left that were killed; by the clock of HDFS, which has just written `active.json`. */
  async #removeAbandoned(): Promise<void> {
    const files = (await this.#hdfs.readdir(this.#folder)) ?? [];
    const now = files.find(({ pathSuffix }) => pathSuffix === FILE)?.modificationTime ?? 0;
    for (const { pathSuffix, modificationTime } of files)
      if (partPattern.test(pathSuffix) && now - modificationTime > ABANDONED_MILLISECONDS)
        await this.#hdfs.remove(this.#path(pathSuffix));
  }

  #path(name: string): string {
    return `${this.#folder}/${name}`;
  }
}
