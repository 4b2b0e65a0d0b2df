import { Readable } from 'node:stream';
import type { GivenFunctions } from '../../../src/cli/command.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';

/** A terminal in memory. */
export class TestTerminal implements Terminal {
  readonly stdin: Readable;
  interactive = false;
  readonly columns = 200;
  environment: Readonly<Record<string, string>> = {};
  readonly workingDirectory = '/here';
  readonly packageRoot = '/package';
  readonly version = '1.2.3';
  readonly command = 'sluice';
  output = '';
  said = '';
  /** Writes to stdout after which nobody reads any more. */
  readersLeaveAfter = Number.POSITIVE_INFINITY;
  #writes = 0;

  constructor(input: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array> = []) {
    this.stdin = Readable.from(input, { objectMode: false });
  }

  readonly stdout = {
    write: async (text: string) => {
      this.#writes += 1;
      if (this.#writes > this.readersLeaveAfter) return false;
      this.output += text;
      return true;
    },
  };

  say(text: string): void {
    this.said += text;
  }

  get lines(): readonly Record<string, unknown>[] {
    return this.output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

/** An application of which only what the test gives exists. */
export function appOf(functions: object): GivenFunctions {
  const given = new Proxy(functions as Record<string, unknown>, {
    get: (all, name: string) =>
      all[name] ??
      ((): never => {
        throw new Error(`the test did not expect a call of ${name}`);
      }),
  });
  return <Functions extends object>() => given as Functions;
}
