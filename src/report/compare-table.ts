import type { Interval } from '../core/report-facts.ts';
import { change, count, decimal, percent, percentInterval, pointsBetween } from './figure-text.ts';
import { letterOf, type Named } from './model-names.ts';
import type { Table } from './page-parts.ts';

/** A figure of a table, in the way it is written, and how far it is from that of another model. */
export interface Cell {
  readonly text: string;
  readonly value: number | null;
  /** Null where a difference would say nothing, as for counts of the same messages. */
  readonly difference: ((one: number, other: number) => string) | null;
}

const UNKNOWN = '–';

export function shareCell(figure: Interval | number | null): Cell {
  if (figure === null) return { text: UNKNOWN, value: null, difference: pointsBetween };
  return typeof figure === 'number'
    ? { text: percent(figure), value: figure, difference: pointsBetween }
    : { text: percentInterval(figure), value: figure.estimate, difference: pointsBetween };
}

export function decimalCell(figure: number | null): Cell {
  return {
    text: figure === null ? UNKNOWN : decimal(figure),
    value: figure,
    difference: (one, other) => change(other - one, 4),
  };
}

export function countCell(figure: number | null): Cell {
  return { text: figure === null ? UNKNOWN : count(figure), value: figure, difference: null };
}

/** In units of `write`. */
export function amountCell(figure: number | null, write: (value: number) => string): Cell {
  return {
    text: figure === null ? UNKNOWN : write(figure),
    value: figure,
    difference: (one, other) =>
      other === one ? '0' : `${other > one ? '+' : '−'}${write(Math.abs(other - one))}`,
  };
}

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Cell;
}

/**
 * A table with a row for each key: of one model its columns; of several, each column of each model side by side, and for two the difference.
 */
export function compareTable<Row>(
  caption: string,
  first: string,
  sets: readonly Named<ReadonlyMap<string, Row>>[],
  columns: readonly Column<Row>[],
): Table {
  const keys = [...new Set(sets.flatMap(({ value }) => [...value.keys()]))];
  const isCompared = sets.length > 1;
  const head = columns.flatMap(({ title }) => [
    ...sets.map(({ name }) => (isCompared ? `${title}, ${letterOf(name)}` : title)),
    ...(sets.length === 2 ? [differenceTitle(title, sets)] : []),
  ]);
  const withDifference = columns.map(({ cell }) =>
    sets.some(({ value }) => [...value.values()].some((row) => cell(row).difference !== null)),
  );
  const rows = keys.map((key) => [
    key,
    ...columns.flatMap(({ cell }) => {
      const cells = sets.map(({ value }) => {
        const row = value.get(key);
        return row === undefined ? undefined : cell(row);
      });
      const texts = cells.map((each) => each?.text ?? UNKNOWN);
      return sets.length === 2 ? [...texts, differenceOf(cells)] : texts;
    }),
  ]);
  // A difference that no row has is no column.
  const kept = [
    true,
    ...columns.flatMap((_, index) => [
      ...sets.map(() => true),
      ...(sets.length === 2 ? [withDifference[index]!] : []),
    ]),
  ];
  const only = <T>(cells: readonly T[]) => cells.filter((_, index) => kept[index]);
  return { kind: 'table', caption, head: only([first, ...head]), rows: rows.map(only) };
}

/** A table whose rows are figures, and whose columns are models. */
export function figuresTable<Row>(
  caption: string,
  models: readonly Named<Row>[],
  figures: readonly Column<Row>[],
): Table {
  const isPair = models.length === 2;
  return {
    kind: 'table',
    caption,
    head: ['Figure', ...models.map(({ name }) => name), ...(isPair ? ['Difference (B − A)'] : [])],
    rows: figures.map(({ title, cell }) => {
      const cells = models.map(({ value }) => cell(value));
      return [title, ...cells.map(({ text }) => text), ...(isPair ? [differenceOf(cells)] : [])];
    }),
  };
}

function differenceTitle(title: string, [one, other]: readonly Named<unknown>[]): string {
  return `${title}, ${letterOf(other!.name)} − ${letterOf(one!.name)}`;
}

function differenceOf([one, other]: readonly (Cell | undefined)[]): string {
  if (one === undefined || other === undefined || one.value === null || other.value === null) return UNKNOWN;
  return one.difference?.(one.value, other.value) ?? '';
}
