import type { LabelRow } from '../../src/core/label-step.ts';
import { randomOf, shuffle } from '../../src/labeling/light/logistic-regression.ts';
import { findSuspects, groupsOf } from '../../src/labeling/suspects.ts';
import type { LabelStore } from '../../src/ports/label-store.ts';
import type { LabelCase } from './label-cases.ts';

const FLIPPED = 0.05;

export interface FlipRun {
  /** Near-duplicate groups that were flipped, and those of them that are among what is shown. */
  readonly flipped: number;
  readonly found: number;
  /** The same of spam that was flipped to ham. */
  readonly spamFlipped: number;
  readonly spamFound: number;
  readonly shown: number;
}

/** Flips 5 % of the rows, as whole near-duplicate groups, and looks for them. */
export async function findFlips(
  { messages, prior }: Pick<LabelCase, 'messages' | 'prior'>,
  seed: number,
): Promise<FlipRun> {
  const groups = groupsOf(messages.map(({ text, label }) => ({ message: text, label })));
  const rowsOf = new Map<number, number[]>();
  for (const [row, group] of groups.entries()) {
    const rows = rowsOf.get(group);
    if (rows === undefined) rowsOf.set(group, [row]);
    else rows.push(row);
  }
  const order = Int32Array.from(rowsOf.keys());
  shuffle(order, randomOf(seed + 5));
  const flipped = new Set<number>();
  let rows = 0;
  for (const group of order) {
    if (rows >= FLIPPED * messages.length) break;
    flipped.add(group);
    rows += rowsOf.get(group)!.length;
  }
  const table = messages.map(({ text, label }, at): LabelRow => {
    const isFlipped = flipped.has(groups[at]!);
    const shown = isFlipped ? (label === 'spam' ? 'ham' : 'spam') : label;
    return {
      ...{ id: at + 1, message: text, community: '', source: 'bench' },
      ...{ label: shown, labelled_by: null, near_group: null },
    };
  });
  const store: Pick<LabelStore, 'rows'> = {
    rows: async ({ after, limit }) => table.slice(after, after + limit),
  };
  const { suspects, groups: shown } = await findSuspects(store, {
    ...{ most: messages.length, seed },
    priorOf: async (rows) => rows.map(({ id }) => prior[id - 1]!),
  });
  const found = new Set(suspects.map(({ row }) => groups[row.id - 1]!).filter((group) => flipped.has(group)));
  const isSpam = (group: number) => messages[rowsOf.get(group)![0]!]!.label === 'spam';
  return {
    ...{ flipped: flipped.size, found: found.size, shown },
    spamFlipped: [...flipped].filter(isSpam).length,
    spamFound: [...found].filter(isSpam).length,
  };
}
