import { randomBytes } from 'node:crypto';
import { type Activations, activationsOfText, textOfActivations } from '../../core/activations.ts';
import { SluiceError } from '../../core/errors.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import type { HdfsClient } from './hdfs-client.ts';

const MOST_BYTES = 64 * 1024;

/** What was activated, in the file `active.json` beside the models in HDFS; for clusters without ZooKeeper. */
export class HdfsActivation implements ModelActivation {
  readonly #hdfs: HdfsClient;
  readonly #folder: string;

  constructor(hdfs: HdfsClient, folder: string) {
    this.#hdfs = hdfs;
    this.#folder = folder;
  }

  get place(): string {
    return `${this.#hdfs.place}${this.#file}`;
  }

  async read(): Promise<Activations | undefined> {
    const bytes = await this.#hdfs.read(this.#file, MOST_BYTES);
    return bytes === undefined ? undefined : activationsOfText(bytes.toString(), this.place);
  }

  async write(activations: Activations): Promise<void> {
    const text = Buffer.from(textOfActivations(activations));
    const beside = `${this.#folder}/.active.${randomBytes(4).toString('hex')}.part`;
    await this.#hdfs.mkdir(this.#folder);
    await this.#hdfs.write(beside, text);
    // A rename onto a file that is there is not done, and says nothing. Who reads in between sees none activated.
    if ((await this.#hdfs.read(beside, MOST_BYTES))?.equals(text)) {
      await this.#hdfs.remove(this.#file);
      await this.#hdfs.rename(beside, this.#file);
    }
    if (!(await this.#hdfs.read(this.#file, MOST_BYTES))?.equals(text))
      throw new SluiceError(
        'MODEL_STORE_FAILED',
        `${this.place} is not as it was written; activate the model again`,
        { retriable: true },
      );
  }

  get #file(): string {
    return `${this.#folder}/active.json`;
  }
}
