import { join } from 'node:path';
import { expect } from 'vitest';
import type { Verdict } from '../../src/core/verdict.ts';
import { committedOffset, linesOf, readTrace, type TraceLine } from './daemon-process.ts';
import type { Feeder } from './feeder.ts';

/** What stood where when a daemon had been killed. */
export interface Kill {
  /** Messages whose outcome was written though their offset was not yet committed: they may come again, no others. */
  readonly mayRepeat: ReadonlySet<string>;
}

/** Looks at the folder of a daemon that has just ended. */
export function lookAfterKill(folder: string, feeder: Feeder): Kill {
  const committed = committedOffset(folder, feeder.name);
  const beyond = readTrace(folder).filter((line) => line.topic === feeder.name && line.offset >= committed);
  return { mayRepeat: new Set(beyond.map((line) => line.message_id ?? '')) };
}

/** Each message fed has its outcome, none was invented, and what came twice is what a kill left uncommitted. */
export function expectDelivery(folder: string, feeder: Feeder, kills: readonly Kill[]): void {
  const trace = readTrace(folder).filter((line) => line.topic === feeder.name);
  const times = new Map<string, TraceLine[]>();
  for (const line of trace) {
    const id = line.message_id ?? `unread at ${line.offset}`;
    times.set(id, [...(times.get(id) ?? []), line]);
  }
  const lost = Array.from({ length: feeder.count }, (_, i) => feeder.id(i)).filter((id) => !times.has(id));
  const invented = [...times.keys()].filter((id) => !isFed(id, feeder));
  const unexcused = [...times].filter(
    ([id, lines]) => lines.length > 1 + kills.filter(({ mayRepeat }) => mayRepeat.has(id)).length,
  );
  const undecided = [...times.values()].filter(
    (lines) => new Set(lines.map((line) => line.outcome)).size > 1,
  );
  expect({ lost, invented, unexcused, undecided }).toEqual({
    lost: [],
    invented: [],
    unexcused: [],
    undecided: [],
  });

  const told = new Set(verdictsOf(folder).map((verdict) => verdict.message_id));
  const spam = [...times].filter(([, lines]) => lines[0]?.outcome === 'spam').map(([id]) => id);
  expect(spam.filter((id) => !told.has(id))).toEqual([]);
  expect([...told].filter((id) => times.get(id)?.[0]?.outcome !== 'spam' && isFed(id, feeder))).toEqual([]);
}

export function verdictsOf(folder: string): Verdict[] {
  return linesOf(join(folder, 'data', 'verdicts.jsonl')).map((line) => JSON.parse(line) as Verdict);
}

function isFed(id: string, feeder: Feeder): boolean {
  const index = Number(id.slice(id.lastIndexOf('-') + 1));
  return Number.isSafeInteger(index) && index >= 0 && index < feeder.count && feeder.id(index) === id;
}
