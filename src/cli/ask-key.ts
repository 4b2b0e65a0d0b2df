import type { Terminal } from './terminal.ts';

const INTERRUPT = '\u0003';
const END = '\u0004';

/** The stream of a terminal, which may hand over keys as they are pressed. */
interface KeyStream {
  setRawMode?(isRaw: boolean): unknown;
}

/**
 * Asks for one key and returns what it stands for; other keys are ignored. A key of Ctrl-C, or the end of the input, is `q`, where that
 * stands for something; the terminal is as it was before when it returns.
 */
export async function askKey<Answer>(
  terminal: Pick<Terminal, 'stdin' | 'say'>,
  question: string,
  answers: Readonly<Record<string, Answer>>,
): Promise<Answer> {
  const { stdin } = terminal;
  terminal.say(question);
  const keys = stdin as KeyStream;
  keys.setRawMode?.(true);
  try {
    for (;;) {
      const key = await nextKey(stdin);
      const pressed = key === undefined || key === INTERRUPT || key === END ? 'q' : key.toLowerCase();
      const found = answers[pressed];
      if (found !== undefined) {
        terminal.say(`${pressed}\n`);
        return found;
      }
    }
  } finally {
    keys.setRawMode?.(false);
    stdin.pause();
  }
}

/** One character; undefined at the end. */
function nextKey(stdin: Terminal['stdin']): Promise<string | undefined> {
  return new Promise((resolve) => {
    const done = (key: string | undefined) => {
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      stdin.pause();
      resolve(key);
    };
    const onEnd = () => done(undefined);
    const onData = (chunk: Buffer | string) => {
      const text = String(chunk);
      const [first] = text;
      const rest = text.slice(first?.length ?? 0);
      if (rest !== '') stdin.unshift(Buffer.from(rest));
      done(first);
    };
    if (stdin.readableEnded) return onEnd();
    stdin.on('data', onData);
    stdin.on('end', onEnd);
    stdin.resume();
  });
}
