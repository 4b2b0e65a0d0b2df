import { describeError, SluiceError } from '../../core/errors.ts';
import { nodeFileOperations, systemCode } from './file-operations.ts';
import { replaceFile } from './replace-file.ts';

/**
 * What erasures found that did not end with their proof, by the hash of the subject: ids, and fingerprints of texts. Found
 * again by the next run of the same subject. `Found` is JSON.
 */
export class UnfinishedErasures<Found> {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(subject: string): Promise<Found | undefined> {
    return (await this.#all())[subject];
  }

  async write(subject: string, found: Found): Promise<void> {
    await this.#replace({ ...(await this.#all()), [subject]: found });
  }

  async remove(subject: string): Promise<void> {
    const { [subject]: removed, ...others } = await this.#all();
    if (removed === undefined) return;
    if (Object.keys(others).length > 0) await this.#replace(others);
    else await nodeFileOperations.unlink(this.#path);
  }

  async #all(): Promise<Readonly<Record<string, Found>>> {
    try {
      return JSON.parse((await nodeFileOperations.readFile(this.#path)).toString()) as Record<string, Found>;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return {};
      throw new SluiceError(
        'DATA_UNREADABLE',
        `${this.#path} cannot be read (${describeError(error)}); run it as the user of the daemon, or remove the file and run it again`,
        { cause: error },
      );
    }
  }

  async #replace(all: Readonly<Record<string, Found>>): Promise<void> {
    try {
      await replaceFile(this.#path, JSON.stringify(all));
    } catch (error) {
      throw new SluiceError('SINK_FAILED', `${this.#path} could not be written: ${describeError(error)}`, {
        retriable: true,
        cause: error,
      });
    }
  }
}
