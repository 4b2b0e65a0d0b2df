import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Activations } from '../../core/activations.ts';
import { activationsOfText, textOfActivations } from '../../core/activations.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { ModelActivation } from '../../ports/model-activation.ts';
import { replaceDurably } from './durable-file.ts';

/** What was activated, in the file `active.json` beside the models. */
export class FolderActivation implements ModelActivation {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  get location(): string {
    return join(this.#folder, 'active.json');
  }

  async read(): Promise<Activations | undefined> {
    let text: string;
    try {
      text = await readFile(this.location, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new SluiceError(
        'MODEL_STORE_FAILED',
        `${this.location} cannot be read: ${describeError(error)}; check its permissions`,
        { cause: error },
      );
    }
    return activationsOfText(text, this.location);
  }

  async write(activations: Activations): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      await replaceDurably(this.location, textOfActivations(activations));
    } catch (error) {
      throw new SluiceError(
        'MODEL_STORE_FAILED',
        `${this.location} cannot be written: ${describeError(error)}; activate models as the user who owns the folder`,
        { cause: error },
      );
    }
  }
}
