import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { describeError, SluiceError } from '../core/errors.ts';
import { linesOf } from './input-lines.ts';

/** What a person presses: the keys of the console. */
const keys = {
  s: 'spam',
  h: 'ham',
  u: 'unsure',
  k: 'unsure',
  z: 'undo',
  q: 'quit',
  '?': 'help',
} as const;
export type AnswerKey = (typeof keys)[keyof typeof keys];

const LONGEST_LINE = 100;
/** Backspace undoes as in the console; Ctrl-C and Ctrl-D end. */
const controls: Readonly<Record<string, AnswerKey>> = {
  '\u007f': 'undo',
  '\b': 'undo',
  '\u0003': 'quit',
  '\u0004': 'quit',
};

/** Single keys of a terminal, which is put back as it was at the end. Others are left out. */
export async function* keysOf(
  stdin: Readable & { setRawMode?(isRaw: boolean): unknown },
): AsyncGenerator<AnswerKey> {
  stdin.setRawMode?.(true);
  try {
    for await (const chunk of stdin) {
      const text = String(chunk);
      // An arrow or another key that sends a sequence; its letters are no answers.
      if (text.startsWith('\u001b')) continue;
      for (const character of text) {
        const key = controls[character] ?? keyOf(character);
        if (key !== undefined) yield key;
      }
    }
  } finally {
    stdin.setRawMode?.(false);
  }
}

/** Answers of a file, one a line: a key or its word; `-` for stdin. Throws `USAGE` for another line, `DATA_UNREADABLE`. */
export async function* answersIn(file: string, stdin: Readable): AsyncGenerator<AnswerKey> {
  const stream = file === '-' ? stdin : createReadStream(file);
  try {
    for await (const lines of linesOf(stream, LONGEST_LINE))
      for (const { number, bytes } of lines) {
        const text = new TextDecoder().decode(bytes).trim().toLowerCase();
        const key = keyOf(text) ?? Object.values(keys).find((word) => word === text);
        if (key === undefined)
          throw new SluiceError(
            'USAGE',
            `line ${number} of the answers is none of ${Object.entries(keys)
              .map(([letter, word]) => `${letter} (${word})`)
              .join(', ')}. The answers before it are decisions already.`,
          );
        yield key;
      }
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw new SluiceError(
      'DATA_UNREADABLE',
      `${file} cannot be read: ${describeError(error)}. Check the path.`,
      {
        cause: error,
      },
    );
  }
}

function keyOf(character: string): AnswerKey | undefined {
  const lower = character.toLowerCase();
  return Object.hasOwn(keys, lower) ? keys[lower as keyof typeof keys] : undefined;
}
