import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { packageRoot } from '../app/package-root.ts';
import { SluiceError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { Out, Terminal } from './terminal.ts';

/** What a message brought, such as its id, cannot drive a terminal; JSON stays the same JSON. */
function standardOutput(): Out {
  // Passed to the writer below. Without a listener the process would end.
  process.stdout.on('error', () => undefined);
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(printable(text), (error) => {
          const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
          // `sluice … | head`: the reader has what it wanted.
          if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') resolve(false);
          else if (error) reject(outputFailed(error));
          else resolve(true);
        });
      }),
  };
}

function outputFailed(cause: Error): SluiceError {
  return new SluiceError(
    'SINK_FAILED',
    `stdout cannot be written: ${cause.message}. What was written before is whole.`,
    {
      cause,
    },
  );
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const root = packageRoot();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  process.stderr.on('error', () => undefined);
  return {
    stdin: process.stdin,
    stdout: standardOutput(),
    say: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    // Changes with the window; 0 where a terminal does not know.
    get columns() {
      return process.stderr.columns || 80;
    },
    environment: process.env,
    workingDirectory: process.cwd(),
    packageRoot: root,
    version,
    command: commandOf(process.argv[1] ?? 'sluice'),
  };
}

/** The installed command has this name; whatever else is a file that Node was given. */
function commandOf(program: string): string {
  return basename(program) === 'sluice' ? 'sluice' : `node ${relative(process.cwd(), program)}`;
}
