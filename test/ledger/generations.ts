import type { LedgerEvent } from './ledger-events.ts';

/** Of the first member's join and the last one's, epoch milliseconds. */
export interface Generation {
  readonly from: number;
  until: number;
}

/** Members of one generation join within this time. */
const ONE_GENERATION_MS = 1500;

/** The generations of a consumer group, from the joins of its members; without a group, each start is one. */
export function generationsOf(events: readonly LedgerEvent[]): Generation[] {
  const generations: Generation[] = [];
  let members = new Set<string>();
  for (const { at, daemon } of joinsOf(events)) {
    const last = generations.at(-1);
    // Who joins once more begins another generation, however soon.
    if (last !== undefined && at - last.from <= ONE_GENERATION_MS && !members.has(daemon)) last.until = at;
    else {
      generations.push({ from: at, until: at });
      members = new Set();
    }
    members.add(daemon);
  }
  return generations;
}

function joinsOf(events: readonly LedgerEvent[]) {
  return events.filter((event) => event.kind === 'joined').sort((a, b) => a.at - b.at);
}
