import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Faults of the run on Kafka, MySQL and ZooKeeper. */
export const clusterFaults = [
  'kill',
  'term',
  'broker',
  'mysql',
  'zookeeper-expiry',
  'thread-death',
  'rebalance',
  'model-swap',
  'model-transfer',
  'mysql-failover',
  'transactions',
  'topic-collision',
] as const;
export type ClusterFault = (typeof clusterFaults)[number];

/** Faults of the run on files and the embedded database. */
export const embeddedFaults = [
  'embedded-kill',
  'embedded-term',
  'embedded-pause',
  'embedded-disk',
  'embedded-rotation',
  'embedded-two-containers',
] as const;
export type EmbeddedFault = (typeof embeddedFaults)[number];

export const faultKinds = [...clusterFaults, ...embeddedFaults] as const;
export type FaultKind = (typeof faultKinds)[number];
export type FaultCounts = Readonly<Record<FaultKind, number>>;

/** No fault but these. */
export function faultCounts(counts: Partial<FaultCounts>): FaultCounts {
  return Object.fromEntries(faultKinds.map((kind) => [kind, counts[kind] ?? 0])) as FaultCounts;
}

/** What a run writes down while it goes on, one a line; all times are epoch milliseconds of this machine's one clock. */
export type LedgerEvent = { readonly at: number } & (
  | {
      readonly kind: 'begin';
      readonly seed: number;
      readonly profile: string;
      readonly partitions: number;
      readonly rejectMin: number;
      readonly rejectMax: number;
      /** How many of each fault the run sets out to do. */
      readonly planned: FaultCounts;
      /** The daemon needs no other service, so none can be the reason for an end of its own. */
      readonly selfContained?: boolean;
    }
  /** The broker has these messages, in this order from this offset on. */
  | {
      readonly kind: 'acknowledged';
      readonly partition: number;
      readonly offset: number;
      readonly ids: readonly string[];
    }
  /** Sent, and nobody knows whether the broker has them. */
  | { readonly kind: 'unsure'; readonly ids: readonly string[] }
  /** Sent in a transaction that was aborted: nobody may read these. */
  | { readonly kind: 'aborted'; readonly ids: readonly string[] }
  /** A fault that has been done and whose effect was seen; `how`: which of its kind; `seconds`: how long until it was over. */
  | { readonly kind: 'fault'; readonly fault: FaultKind; readonly how: string; readonly seconds: number }
  /** Offsets by partition as the broker reported them by `at`; 0 where there is none. */
  | { readonly kind: 'committed'; readonly offsets: readonly number[] }
  /** A daemon was killed with SIGKILL. `assigned`: its partitions; `ends`: the ends of all partitions, beyond which it cannot have read. */
  | {
      readonly kind: 'killed';
      readonly daemon: string;
      readonly assigned: readonly number[];
      readonly committed: readonly number[];
      readonly ends: readonly number[];
    }
  | { readonly kind: 'started'; readonly daemon: string }
  /**
   * `wanted`: 'SIGKILL' or 'SIGTERM' where the run has sent it, 'refusal' where it must find its state folder taken, null
   * where the daemon ended by itself. `ready`: whether it had become ready before. `lastLines`: the end of its log.
   */
  | {
      readonly kind: 'exited';
      readonly daemon: string;
      readonly code: number | null;
      readonly signal: string | null;
      readonly wanted: string | null;
      readonly ready?: boolean;
      readonly lastLines?: readonly string[];
    }
  /** The pipeline did not recover from a fault, so that no more of them were done. */
  | { readonly kind: 'cut-short'; readonly reason: string }
  /** A model that is whole may score from now on. Written only by runs that change models. */
  | { readonly kind: 'activated'; readonly model: string }
  /** Half of a model is stored where daemons look for a whole one. */
  | { readonly kind: 'half-model'; readonly model: string; readonly location: string }
  /** A daemon has joined the group: what it holds is read anew from the committed offsets. */
  | { readonly kind: 'joined'; readonly daemon: string }
  /** Where the partitions end, transaction markers included, when all was waited for. */
  | { readonly kind: 'ends'; readonly offsets: readonly number[] }
  /** Messages that a daemon reports as waiting, when all was waited for. */
  | { readonly kind: 'lag'; readonly daemon: string; readonly messages: number }
  | { readonly kind: 'end' }
);

/** A dead letter as it must be, or as it was found: its reason, the number of its bytes and their hash. */
export interface LetterFacts {
  readonly reason: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What must come of a message, known before a daemon sees it. `probability`: null where none is reported. */
export type Expected =
  | { readonly outcome: 'ham' | 'review' | 'spam'; readonly probability: number | null }
  | { readonly outcome: 'dead-letter'; readonly letter: LetterFacts };

/** A record of the topic of messages. */
export interface SourceLine {
  readonly partition: number;
  readonly offset: number;
  /** When the broker appended it. */
  readonly at: number;
  readonly id: string;
  /** Left out where it was not scored beforehand; it must then be readable. */
  readonly expected?: Expected;
}

/** A record of the trace topic: what came of a message. */
export interface OutcomeLine {
  readonly partition: number;
  readonly offset: number;
  readonly at: number;
  /** Null for a dead letter that only its offset identifies. */
  readonly id: string | null;
  readonly outcome: string;
  readonly model: string;
  /** Of a dead letter, where the run looks into them. */
  readonly letter?: LetterFacts;
}

export interface VerdictLine {
  readonly id: string;
  readonly verdict: string;
  readonly probability: number | null;
  readonly model: string;
}

export interface ReviewLine {
  readonly id: string;
  readonly probability: number | null;
  readonly model: string;
  /** The verdict of a message that was drawn for the audit; null for other rows. */
  readonly drawn: 'ham' | 'review' | 'spam' | null;
}

/** All that a checker looks at. */
export interface Ledger {
  readonly events: readonly LedgerEvent[];
  readonly source: readonly SourceLine[];
  readonly outcomes: readonly OutcomeLine[];
  readonly verdicts: readonly VerdictLine[];
  readonly reviews: readonly ReviewLine[];
}

/** Files of a run's folder, one a part of the ledger. */
export const ledgerFiles: Readonly<Record<keyof Ledger, string>> = {
  events: 'events.jsonl',
  source: 'source.jsonl',
  outcomes: 'outcomes.jsonl',
  verdicts: 'verdicts.jsonl',
  reviews: 'reviews.jsonl',
};

/** The lines of a file of JSON. */
export async function linesOfFile<T>(path: string): Promise<T[]> {
  const lines: T[] = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity }))
    if (line !== '') lines.push(JSON.parse(line) as T);
  return lines;
}
