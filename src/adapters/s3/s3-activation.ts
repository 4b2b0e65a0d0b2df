import { type Activations, activationsOfText, textOfActivations } from '../../core/activations.ts';
import { SluiceError } from '../../core/errors.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { S3Client, StoredObject } from './s3-client.ts';

const MOST_BYTES = 64 * 1024;

/** What is needed of the bucket. */
type Bucket = Pick<S3Client, 'addressOf' | 'read' | 'write'>;

/**
 * The activated model, in the object `active.json` beside the models in S3; for clusters without ZooKeeper.
 *
 * It is written on the condition that it is still what was read last, so that of two who activate at the same time, one is
 * refused, and no activation disappears from the history unseen.
 */
export class S3Activation implements ModelActivation {
  readonly #bucket: Bucket;
  readonly #key: string;
  /** The ETag of what was read or written last; null where nothing was there, undefined where nobody has looked. */
  #seen: string | null | undefined;

  constructor(bucket: Bucket, prefix: string) {
    this.#bucket = bucket;
    this.#key = `${prefix}/active.json`;
  }

  get location(): string {
    return this.#bucket.addressOf(this.#key);
  }

  async read(): Promise<Activations | undefined> {
    const found = await this.#look();
    return found && activationsOfText(found.bytes.toString(), this.location);
  }

  /** Throws `MODEL_STORE_FAILED`, retriable, where another has written since the last {@link read}; until the next one, again. */
  async write(activations: Activations): Promise<void> {
    if (this.#seen === undefined) await this.#look();
    const text = Buffer.from(textOfActivations(activations));
    const etag = await this.#bucket.write(
      this.#key,
      text,
      typeof this.#seen === 'string' ? { etag: this.#seen } : 'absent',
    );
    if (etag === undefined)
      throw new SluiceError(
        'MODEL_STORE_FAILED',
        `${this.location} was changed by another at the same time; look at what is active now, and activate the model again`,
        { retriable: true },
      );
    this.#seen = etag;
  }

  async #look(): Promise<StoredObject | undefined> {
    const found = await this.#bucket.read(this.#key, MOST_BYTES);
    this.#seen = found?.etag ?? null;
    return found;
  }
}
