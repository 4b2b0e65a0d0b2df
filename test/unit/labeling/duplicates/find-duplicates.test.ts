import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  DuplicateKind,
  Rank,
  SearchedRow,
} from '../../../../src/labeling/duplicates/duplicate-input.ts';
import { findDuplicates } from '../../../../src/labeling/duplicates/find-duplicates.ts';
import type { FoundDuplicates } from '../../../../src/labeling/duplicates/found-duplicates.ts';
import { comparableKey } from '../../../../src/text/similarity/comparable-text.ts';
import { areNear, isNearDuplicate, shinglesOf } from '../../../../src/text/similarity/near-duplicates.ts';
import { MemoryScratch } from './memory-scratch.ts';

const template =
  'The bicycle club meets at the old harbor every Saturday morning and everybody who owns a helmet may join the tour';
const words = template.split(' ');
const others = ['lantern', 'marble', 'pigeon', 'quarry', 'thimble', 'walnut', 'zeppelin', 'orchard'];

/** Variants with up to three other words, some in capitals or with other signs, and messages that have nothing in common. */
const message = fc.oneof(
  { weight: 6, arbitrary: variant() },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '🎉🎉', 'ok', 'OK!', 'see you at nine', 'See you at nine.'),
  },
);
const ranked = fc.record({ message, rank: fc.constantFrom<Rank>(0, 1, 2, 2, 2, 2) });
const tables = fc
  .array(ranked, { minLength: 2, maxLength: 20 })
  .map((rows) => rows.map((row, i) => ({ ...row, id: 3 * i + 1 })));

function variant(): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(words.length - 1), fc.constantFrom(...others));
  return fc
    .tuple(fc.array(change, { maxLength: 3 }), fc.constantFrom('', '!', '...', 'capitals'))
    .map(([changes, details]) => {
      const list = [...words];
      for (const [at, word] of changes) list[at] = word;
      const text = list.join(' ');
      return details === 'capitals' ? text.toUpperCase() : text + details;
    });
}

async function found(rows: readonly SearchedRow[], kind: DuplicateKind = 'near'): Promise<FoundDuplicates> {
  const scratch = new MemoryScratch();
  const result = await findDuplicates(rows, { scratch, kind });
  expect(scratch.isOpen).toBe(0);
  return result;
}

const isDuplicate = (one: string, other: string) =>
  one === other || comparableKey(one) === comparableKey(other) || isNearDuplicate(one, other);

/** The definition, each row compared with each: rows by rank and id, and each that duplicates none that stays, stays. */
function staysByDefinition(rows: readonly (SearchedRow & { rank: Rank })[]): readonly number[] {
  const staying: SearchedRow[] = [];
  for (const row of [...rows].sort((a, b) => a.rank - b.rank || a.id - b.id))
    if (row.rank === 0 || !staying.some(({ message: other }) => isDuplicate(other, row.message)))
      staying.push(row);
  return staying.map(({ id }) => id).sort((a, b) => a - b);
}

/** Rows that a chain of duplicates connects, each row compared with each. */
function chainsByDefinition(rows: readonly SearchedRow[]): string {
  const chains: SearchedRow[][] = [];
  for (const row of rows) {
    const near = chains.filter((chain) => chain.some((other) => isDuplicate(other.message, row.message)));
    for (const chain of near) chains.splice(chains.indexOf(chain), 1);
    chains.push([...near.flat(), row]);
  }
  return namesOf(chains.map((chain) => chain.map(({ id }) => id)));
}

/** Digits all count as the same one. */
const lettersOf = (number: number) =>
  [...String(number)].map((digit) => 'acegikmoqs'[Number(digit)]).join('');

const namesOf = (groups: readonly (readonly number[])[]) =>
  groups
    .filter((ids) => ids.length > 1)
    .map((ids) => [...ids].sort((a, b) => a - b).join(' '))
    .sort()
    .join('; ');

const idsOf = (result: FoundDuplicates, rows: Int32Array) => [...rows].map((row) => result.ids[row]!);
const staying = (result: FoundDuplicates) =>
  [...result.stays].flatMap((stays, row) => (stays === row ? [result.ids[row]!] : []));

describe('the search for duplicates', () => {
  it('a row is removed only if it is a duplicate of the row that stays for it, by the definition', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (rows) => {
        const result = await found(rows);
        for (const [row, stays] of result.stays.entries()) {
          expect(result.kindOf(row) === undefined).toBe(stays === row);
          expect(result.stays[stays]).toBe(stays);
          if (stays === row) continue;
          expect(isDuplicate(rows[row]!.message, rows[stays]!.message)).toBe(true);
          expect(rows[stays]!.rank * rows.length + stays).toBeLessThan(rows[row]!.rank * rows.length + row);
          expect(result.groupOf(row)).toBe(result.groupOf(stays));
          expect(result.chainOf(row)).toBe(result.chainOf(stays));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('the rows that stay, and the chains, are those of comparing each row with each', async () => {
    let differ = 0;
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(tables, async (rows) => {
        const result = await found(rows);
        const chains = [...result.groups('chain')].map((group) => idsOf(result, group.rows));
        tried++;
        if (namesOf(chains) !== chainsByDefinition(rows)) differ++;
        else expect(staying(result)).toEqual(staysByDefinition(rows));
      }),
      { numRuns: 40 },
    );
    // Bands find a pair at the limit of 0.8 with a probability of 99 %.
    expect(differ).toBeLessThanOrEqual(tried * 0.05);
  });

  it('a search for exact duplicates, and one for normalized ones, find those alone', async () => {
    const rows = ['Hello club', 'hello, CLUB!', 'Hello club', template, `${template} soon`].map(
      (text, id) => ({ id, message: text }),
    );
    const kinds = async (kind: DuplicateKind) => {
      const result = await found(rows, kind);
      return rows.map((_, row) => result.kindOf(row) ?? '');
    };
    expect(await kinds('exact')).toEqual(['', '', 'exact', '', '']);
    expect(await kinds('normalized')).toEqual(['', 'normalized', 'exact', '', '']);
    expect(await kinds('near')).toEqual(['', 'normalized', 'exact', '', 'near']);
  });

  it('of duplicates, the one of the lowest rank stays, and then the first; those of rank 0 all stay', async () => {
    const ranks: readonly Rank[] = [2, 1, 2, 1];
    const rows = ranks.map((rank, id) => ({ id: id + 10, rank, message: `${template} ${'!'.repeat(id)}` }));
    expect(staying(await found(rows))).toEqual([11]);
    expect(staying(await found([...rows, { id: 14, rank: 0, message: template }]))).toEqual([14]);
    const decided = [15, 16].map((id) => ({ id, rank: 0 as const, message: `${template} ${id}` }));
    const both = await found([...rows, ...decided]);
    expect(staying(both)).toEqual([15, 16]);
    expect([...both.groups()].map((group) => idsOf(both, group.rows))).toEqual([[15, 10, 11, 12, 13, 16]]);
  });

  it('the ends of a chain are one chain, but no row is removed for one that it is no duplicate of', async () => {
    const chain = [...others.slice(0, 4).keys()].map((length) =>
      words.map((word, at) => (at < length * 3 && at % 3 === 1 ? others[at]! : word)).join(' '),
    );
    expect(isNearDuplicate(chain[0]!, chain[1]!) && isNearDuplicate(chain[1]!, chain[2]!)).toBe(true);
    expect(isNearDuplicate(chain[0]!, chain[2]!)).toBe(false);
    const result = await found(chain.slice(0, 3).map((text, id) => ({ id, message: text })));
    expect(staying(result)).toEqual([0, 2]);
    expect([...result.groups('chain')].map((group) => idsOf(result, group.rows))).toEqual([[0, 1, 2]]);
  });

  it('50,000 copies of one text, and 1,000 variants of one template, take comparisons in proportion to the rows', async () => {
    const copies = await found(Array.from({ length: 50_000 }, (_, id) => ({ id, message: template })));
    expect(copies.effort).toMatchObject({ texts: 1, entries: 1, comparisons: 0 });
    expect(staying(copies)).toEqual([0]);
    // Alike by some 70 %, so that they share bands and most are no near-duplicates of one another.
    const variants = Array.from({ length: 1000 }, (_, id) => ({
      id,
      message: [2, 9, 16].reduce(
        (text, at, i) => text.replace(words[at]!, `${lettersOf(id * 7919 + i)}`),
        template,
      ),
    }));
    const near = await found(variants);
    expect(near.effort.comparisons).toBeGreaterThan(1000);
    expect(near.effort.comparisons).toBeLessThan(1000 * 300);
  });

  it('what is written at once does not grow with the length of a message', async () => {
    const scratch = new MemoryScratch();
    const long = Array.from({ length: 30_000 }, (_, i) =>
      String.fromCharCode(97 + ((i * i + 7 * i) % 26)),
    ).join('');
    await findDuplicates(
      [
        { id: 1, message: long.repeat(20) },
        { id: 2, message: 'short' },
      ],
      { scratch },
    );
    expect(scratch.largestAppend).toBeLessThanOrEqual(2 * 1024 ** 2);
  });

  it('an aborted search ends with the reason, and closes its temporary files', async () => {
    const abort = new AbortController();
    const scratch = new MemoryScratch();
    const rows = Array.from({ length: 5000 }, (_, id) => ({ id, message: `${template} ${id}` }));
    const pause = async () => abort.abort(new Error('interrupted'));
    await expect(findDuplicates(rows, { scratch, pause, signal: abort.signal })).rejects.toThrow(
      'interrupted',
    );
    expect(scratch.isOpen).toBe(0);
  });
});

describe('near-duplicates among the variants of one template', () => {
  it('variants that agree in four of five other words are found among two thousand that agree in none to three', async () => {
    let state = 1;
    const draw = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    const rows = Array.from({ length: 2000 }, (_, id) => {
      const list = [...words];
      for (let slot = 0; slot < 5; slot++) list[4 * slot + 1] = `${others[slot]}${lettersOf(100 + draw(20))}`;
      return { id, message: list.join(' ') };
    });
    const result = await found(rows);
    let [pairs, chained, reduced] = [0, 0, 0];
    const shingles = rows.map((row) => shinglesOf(row.message));
    for (let one = 0; one < 2000; one += 20)
      for (let other = 0; other < 2000; other++) {
        if (one === other || !areNear(shingles[one]!, shingles[other]!)) continue;
        pairs++;
        if (result.chainOf(one) === result.chainOf(other)) chained++;
        if (result.stays[one] !== one || result.stays[other] !== other) reduced++;
      }
    expect(pairs).toBeGreaterThan(50);
    expect(chained / pairs).toBeGreaterThan(0.95);
    expect(reduced / pairs).toBeGreaterThan(0.95);
  });
});
