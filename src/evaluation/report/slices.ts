import type { Thresholds } from '../../core/decision-policy.ts';
import type { Known, ModelReport, Slice } from '../../core/report-facts.ts';
import type { ScoredExample } from '../scored-example.ts';
import { ratesOf } from './rates.ts';

/** What slices look at. */
export interface SlicedExample extends ScoredExample {
  /** BCP 47; empty where it is not known. */
  readonly language: string;
  /** Empty where the data states none. */
  readonly community: string;
  /** UTF-16 code units of the text. */
  readonly characters: number;
  /** Epoch milliseconds; null where the data states none. */
  readonly at: number | null;
}

const NOT_STATED = 'not stated';
const IN_THE_FUTURE = 'in the future';
/** Languages and communities that have a row of their own; the others share one. */
const MOST_ROWS = 24;
/** Highest numbers of characters of each row but the last. */
const LENGTHS = [20, 50, 100, 200, 500, 2000];

/** Rates by language, community, length and month. `now`: epoch milliseconds; what is dated later is in a row of its own. */
export function slicesOf(
  examples: readonly SlicedExample[],
  thresholds: Thresholds,
  now: number,
): ModelReport['slices'] {
  const common = { examples, thresholds };
  return {
    language: byValue(
      { ...common, groupOf: ({ language }) => language },
      'The language of no message is known.',
    ),
    community: byValue(
      { ...common, groupOf: ({ community }) => community },
      'The data states no communities. Add a column "community".',
    ),
    length: byLength(examples, thresholds),
    month: byMonth(examples, thresholds, now),
  };
}

interface Slicing {
  readonly examples: readonly SlicedExample[];
  readonly thresholds: Thresholds;
  /** Empty where it is not known. */
  readonly groupOf: (example: SlicedExample) => string;
}

/** The groups with most messages first. */
function byValue(slicing: Slicing, none: string): Known<readonly Slice[]> {
  const groups = [...groupsOf(slicing)].sort(
    ([one, some], [other, more]) => more.length - some.length || (one < other ? -1 : 1),
  );
  if (groups.length === 1 && groups[0]![0] === '') return { missing: none };
  const shown = groups.length > MOST_ROWS ? groups.slice(0, MOST_ROWS - 1) : groups;
  const others = groups.slice(shown.length);
  const rows = shown.map(([value, group]) => sliceOf(value || NOT_STATED, group, slicing.thresholds));
  if (others.length === 0) return rows;
  const rest = others.flatMap(([, group]) => group);
  return [...rows, sliceOf(`${others.length} others`, rest, slicing.thresholds)];
}

function byLength(examples: readonly SlicedExample[], thresholds: Thresholds): readonly Slice[] {
  const groups = groupsOf({
    ...{ examples, thresholds },
    groupOf: ({ characters }) => {
      const at = LENGTHS.findIndex((most) => characters <= most);
      return String(at < 0 ? LENGTHS.length : at);
    },
  });
  return [...groups]
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([value, group]) => sliceOf(lengthText(Number(value)), group, thresholds));
}

function lengthText(at: number): string {
  const least = at === 0 ? 0 : LENGTHS[at - 1]! + 1;
  return at === LENGTHS.length ? `${least}+` : `${least}–${LENGTHS[at]}`;
}

/** In order of time; without a date and with one in the future at the end. */
function byMonth(
  examples: readonly SlicedExample[],
  thresholds: Thresholds,
  now: number,
): Known<readonly Slice[]> {
  if (examples.every(({ at }) => at === null))
    return { missing: 'The data states no dates. Add a column "sent_at".' };
  const groups = groupsOf({ examples, thresholds, groupOf: ({ at }) => monthOf(at, now) });
  const order = (value: string) => [IN_THE_FUTURE, NOT_STATED].indexOf(value);
  return [...groups]
    .sort(([one], [other]) => order(one) - order(other) || (one < other ? -1 : 1))
    .map(([value, group]) => sliceOf(value, group, thresholds));
}

/** UTC. */
function monthOf(at: number | null, now: number): string {
  if (at === null) return NOT_STATED;
  return at > now ? IN_THE_FUTURE : new Date(at).toISOString().slice(0, 'YYYY-MM'.length);
}

function groupsOf({ examples, groupOf }: Slicing): Map<string, SlicedExample[]> {
  const groups = new Map<string, SlicedExample[]>();
  for (const example of examples) {
    const value = groupOf(example);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [example]);
    else group.push(example);
  }
  return groups;
}

function sliceOf(value: string, group: readonly ScoredExample[], thresholds: Thresholds): Slice {
  return { value, ...ratesOf(group, thresholds) };
}
