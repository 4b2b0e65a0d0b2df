import type { Readable } from 'node:stream';

/** A stream to write text to, whose reader may close it. */
export interface Out {
  /** Resolves when more may be written; false once nobody reads any more. */
  write(text: string): Promise<boolean>;
}

/** What a command sees of the world around it; tests bring their own. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Data, and nothing else. */
  readonly stdout: Out;
  /** Words for people, written before the call returns. */
  say(text: string): void;
  /** True where a line on stderr may be drawn again and again. */
  readonly interactive: boolean;
  readonly columns: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly packageRoot: string;
  readonly version: string;
  /** How this program was called, for hints that can be copied: "sluice". */
  readonly command: string;
}
