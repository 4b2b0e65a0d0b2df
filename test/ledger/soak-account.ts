import type { EventLog } from './event-log.ts';
import type { Finding } from './findings.ts';
import type { OutcomeLine } from './ledger-events.ts';

interface Partition {
  /** By offset: the number in the id of the acknowledged message there, plus one; 0 where none is. */
  numbers: Uint32Array;
  /** By offset: how many outcomes. */
  outcomes: Uint8Array;
}

const EXAMPLES = 5;
const FIRST_LENGTH = 1 << 16;

/**
 * What a run of very many messages needs to remember: five bytes a message. It takes the events of a producer in place of
 * an event log.
 */
export class SoakAccount implements Pick<EventLog, 'add'> {
  readonly #partitions: readonly Partition[];
  readonly outcomes: Record<string, number> = {};
  acknowledged = 0;
  duplicates = 0;
  #unsure = 0;
  #invented: string[] = [];
  #inventedCount = 0;

  constructor(partitions: number) {
    this.#partitions = Array.from({ length: partitions }, () => ({
      numbers: new Uint32Array(FIRST_LENGTH),
      outcomes: new Uint8Array(FIRST_LENGTH),
    }));
  }

  add(event: Parameters<EventLog['add']>[0]): void {
    if (event.kind === 'unsure') this.#unsure += event.ids.length;
    if (event.kind !== 'acknowledged') return;
    const { partition, offset, ids } = event;
    const account = this.#partitions[partition]!;
    while (offset + ids.length > account.numbers.length) grow(account);
    ids.forEach((id, i) => {
      account.numbers[offset + i] = numberOf(id) + 1;
    });
    this.acknowledged += ids.length;
  }

  outcome({ partition, offset, id, outcome }: OutcomeLine): void {
    const account = this.#partitions[partition];
    const number = account?.numbers[offset] ?? 0;
    // What is not acknowledged may be there all the same.
    // A dead letter has no id.
    const known = number === 0 ? this.#unsure > 0 : id === null || number === numberOf(id) + 1;
    if (account === undefined || !known) {
      this.#inventedCount++;
      if (this.#invented.length < EXAMPLES) this.#invented.push(`${id} at ${partition}/${offset}`);
      return;
    }
    const before = account.outcomes[offset] ?? 0;
    account.outcomes[offset] = Math.min(255, before + 1);
    if (before > 0) this.duplicates++;
    else this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
  }

  findings(end: {
    readonly offsets: readonly number[];
    readonly verdicts: number;
    readonly reviews: number;
  }): readonly Finding[] {
    const findings: Finding[] = [];
    const found = (check: Finding['check'], count: number, examples: readonly string[]) => {
      if (count > 0) findings.push({ check, found: count, examples });
    };
    let lost = 0;
    const examples: string[] = [];
    this.#partitions.forEach(({ numbers, outcomes }, partition) => {
      numbers.forEach((number, offset) => {
        if (number === 0 || outcomes[offset] !== 0) return;
        lost++;
        if (examples.length < EXAMPLES) examples.push(`${number - 1} at ${partition}/${offset}`);
      });
    });
    found('lost', lost, examples);
    found('invented', this.#inventedCount, this.#invented);
    found('deadLettered', this.outcomes['dead-letter'] ?? 0, []);
    const { spam = 0, review = 0 } = this.outcomes;
    if (end.verdicts < spam) found('untold', spam - end.verdicts, [`${end.verdicts} verdicts`]);
    if (end.reviews !== review) found('unlisted', Math.abs(review - end.reviews), [`${end.reviews} rows`]);
    return findings;
  }
}

/** Ids end with a number of their own. */
function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}

function grow(account: Partition): void {
  const numbers = new Uint32Array(account.numbers.length * 2);
  numbers.set(account.numbers);
  const outcomes = new Uint8Array(numbers.length);
  outcomes.set(account.outcomes);
  account.numbers = numbers;
  account.outcomes = outcomes;
}
