/** One thing that must not be found. */
export interface Finding {
  readonly check: CheckName;
  readonly found: number;
  readonly examples: readonly string[];
}

export const checkNames = {
  lost: 'each acknowledged message has an outcome',
  invented: 'each outcome, verdict and row is of a message that was sent',
  unexcused: 'what came twice was read and not committed when a member died or the group changed',
  untold: 'each spam message has its verdict',
  unlisted: 'each message for review has its row',
  wrongBand: 'verdicts and rows are in the band of their probability, and of their outcome',
  wrongScore: 'each outcome and probability is the one that the same text got before the run',
  contradicted: 'a message has one outcome and one verdict of a model',
  deadLettered:
    'no good message becomes a dead letter, and a dead letter has the reason and the bytes of its line',
  brokenModel: 'no model scores, or is found where models are looked for, before it is whole',
  ahead: 'no offset is committed before all outcomes below it',
  uncommitted: 'all is committed at the end',
  lagging: 'the lag that daemons report returns to 0',
  badExits:
    'a daemon ends only at a signal, with 0 at SIGTERM, or where a service that it needs is unavailable',
  unexercised: 'each planned fault took effect, and messages of each outcome came by',
} as const;
export type CheckName = keyof typeof checkNames;

const EXAMPLES = 5;

/** Counts what was found, with a few examples of each kind. */
export class Findings {
  readonly #found = new Map<CheckName, { found: number; examples: string[] }>();

  add(check: CheckName, example: string): void {
    const entry = this.#found.get(check) ?? { found: 0, examples: [] };
    this.#found.set(check, entry);
    entry.found++;
    if (entry.examples.length < EXAMPLES) entry.examples.push(example);
  }

  of(check: CheckName): number {
    return this.#found.get(check)?.found ?? 0;
  }

  get all(): readonly Finding[] {
    return [...this.#found].map(([check, entry]) => ({ check, ...entry }));
  }
}
