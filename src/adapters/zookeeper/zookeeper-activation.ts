import { type Activations, activated, activationsOfText, textOfActivations } from '../../core/activations.ts';
import { SluiceError } from '../../core/errors.ts';
import { modelVersionPattern } from '../../core/model-manifest.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import { ZooKeeperClient, type ZooKeeperClientOptions } from './zookeeper-client.ts';

/** The key that people and daemons know, and what is remembered beside it: hashes, and what was active before. */
const VERSION = 'model-version';
const ACTIVATIONS = 'model-activations';

/** What was activated, in ZooKeeper: the key `model-version` is a setting, which the daemons follow. */
export class ZooKeeperActivation implements ModelActivation {
  readonly #options: ZooKeeperClientOptions;
  readonly #path: string;

  constructor(options: ZooKeeperClientOptions, path: string) {
    this.#options = options;
    this.#path = path;
  }

  get location(): string {
    return `zookeeper ${this.#options.hosts}${this.#path}/${VERSION}`;
  }

  read(): Promise<Activations | undefined> {
    return this.#with(async (client) => {
      const [version, text] = await Promise.all([
        client.data(`${this.#path}/${VERSION}`),
        client.data(`${this.#path}/${ACTIVATIONS}`),
      ]);
      const remembered = text === undefined ? undefined : activationsOfText(text, this.location);
      const named = version?.trim();
      if (named === undefined || !modelVersionPattern.test(named) || named === remembered?.active.version)
        return remembered;
      // Somebody has written the key alone.
      return activated({ version: named }, remembered);
    });
  }

  async write(activations: Activations): Promise<void> {
    await this.#with((client) =>
      client.write(
        this.#path,
        new Map([
          [ACTIVATIONS, textOfActivations(activations)],
          [VERSION, activations.active.version],
        ]),
      ),
    );
  }

  /** A connection for each: models are activated rarely. */
  async #with<T>(use: (client: ZooKeeperClient) => Promise<T>): Promise<T> {
    const client = new ZooKeeperClient(this.#options);
    try {
      return await use(client);
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code === 'MODEL_STORE_FAILED') throw error;
      throw new SluiceError('MODEL_STORE_FAILED', error.message, {
        retriable: error.retriable,
        cause: error,
      });
    } finally {
      await client.close();
    }
  }
}
