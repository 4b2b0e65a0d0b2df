import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { LabelledMessage, LabelledMessages } from '../../ports/labelled-messages.ts';
import { DelimitedFile } from './delimited-file.ts';

/**
 * The messages that were written for this project (`native-models/messages`): all JSON Lines files of a folder as one data
 * set, in the order of their names, so that the language weights are those of the whole.
 */
export class OwnMessages implements LabelledMessages {
  readonly name = 'own';
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async *read(): AsyncIterable<LabelledMessage> {
    for (const file of await this.#files()) yield* new DelimitedFile(join(this.#folder, file)).read();
  }

  async #files(): Promise<readonly string[]> {
    let names: readonly string[];
    try {
      names = await readdir(this.#folder);
    } catch (error) {
      throw this.#unreadable(describeError(error), error);
    }
    const files = names.filter((name) => name.endsWith('.jsonl')).sort();
    if (files.length === 0) throw this.#unreadable('no .jsonl file is in it');
    return files;
  }

  #unreadable(why: string, cause?: unknown): SluiceError {
    return new SluiceError(
      'DATA_UNREADABLE',
      `The project's own messages cannot be read from ${this.#folder} (${why}). Train from a checkout of Sluice's repository.`,
      cause === undefined ? {} : { cause },
    );
  }
}
