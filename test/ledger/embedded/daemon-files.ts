import { join } from 'node:path';
import type { LetterFacts } from '../ledger-events.ts';
import { bytesFacts } from './inbox-lines.ts';

/** The files that a daemon writes into its state folder. */
export function daemonFiles(state: string) {
  return {
    trace: join(state, 'trace.jsonl'),
    letters: join(state, 'dead-letters.jsonl'),
    verdicts: join(state, 'verdicts.jsonl'),
    offsets: join(state, 'offsets.json'),
    database: join(state, 'sluice.db'),
  };
}

/** A line of the outcome log. */
export interface TraceLine {
  readonly topic: string;
  readonly offset: number;
  readonly message_id: string | null;
  readonly outcome: string;
  readonly model: string;
}

/** A line of the dead letters. */
export interface FoundLetter {
  readonly topic: string;
  readonly offset: number;
  readonly letter: LetterFacts;
}

export function traceLineOf(line: string): TraceLine {
  return JSON.parse(line) as TraceLine;
}

export function letterOfLine(line: string): FoundLetter {
  const { topic, offset, reason, raw } = JSON.parse(line) as {
    readonly topic: string;
    readonly offset: number;
    readonly reason: string;
    readonly raw: string;
  };
  return { topic, offset, letter: { reason, ...bytesFacts(Buffer.from(raw, 'base64')) } };
}

/** Offsets by name of file, as far as the run compares them. */
export interface CommittedFile {
  readonly offset: number;
  readonly headBytes: number;
  readonly headSha256: string;
}

export function committedFilesOf(text: string): Readonly<Record<string, CommittedFile>> {
  return (JSON.parse(text) as { readonly files: Readonly<Record<string, CommittedFile>> }).files;
}
