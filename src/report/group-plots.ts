import type { BaseModelFacts, Interval, ObfuscationFacts, Slice } from '../core/report-facts.ts';
import { visibleLine } from '../display/characters.ts';
import type { Plot } from './draw-plot.ts';
import { decimal, percent, percentInterval } from './figure-text.ts';
import { letterOf, type Named } from './model-names.ts';
import { looks } from './palette.ts';
import { type Dot, type Drawn, dotPlot, drawnBy } from './plot-parts.ts';

/** Groups that a plot shows; its table has all of them. */
export const MOST_GROUPS = 24;
const MOST_CHARACTERS = 28;

/** A group's name on an axis or in a table. */
export function groupName(value: string): string {
  return value === '' ? '(not stated)' : visibleLine(value, MOST_CHARACTERS);
}

/** The groups with most messages, those of all models together, in the order in which the facts have them. */
export function shownGroups<T extends { readonly spam: number; readonly ham: number }>(
  sets: readonly Named<readonly T[]>[],
  nameOf: (group: T) => string,
): string[] {
  const sizes = new Map<string, number>();
  for (const { value } of sets)
    for (const group of value)
      sizes.set(nameOf(group), Math.max(sizes.get(nameOf(group)) ?? 0, group.spam + group.ham));
  const largest = [...sizes].sort(([, one], [, other]) => other - one).slice(0, MOST_GROUPS);
  const kept = new Set(largest.map(([name]) => name));
  return [...sizes.keys()].filter((name) => kept.has(name));
}

/** A figure of some group, with its limits. */
export function dotOf(row: string, series: string, figure: Interval | number | null): Dot[] {
  if (figure === null) return [];
  return typeof figure === 'number' ? [{ row, series, estimate: figure }] : [{ row, series, ...figure }];
}

/** By language, community, length or month. */
export function slicesPlot(kind: string, sets: readonly Named<readonly Slice[]>[]): Plot {
  const rows = shownGroups(sets, ({ value }) => groupName(value));
  const dots = (figure: (slice: Slice) => Interval | null) =>
    sets.flatMap(({ name, value }) =>
      value
        .filter((slice) => rows.includes(groupName(slice.value)))
        .flatMap((slice) => dotOf(groupName(slice.value), name, figure(slice))),
    );
  const panels = [
    { title: 'True positive rate', dots: dots(({ truePositiveRate }) => truePositiveRate) },
    { title: 'False positive rate', dots: dots(({ falsePositiveRate }) => falsePositiveRate) },
  ];
  return {
    name: `slices-${kind}`,
    title: `By ${kind}`,
    description: panels.map(({ title, dots: all }) => dotsText(title, all, sets.length > 1)).join(' '),
    spec: dotPlot(rows, drawnBy(sets.map(({ name }) => name)), panels),
  };
}

/** `True positive rate: de 93.1% (91 to 95); …` */
export function dotsText(title: string, dots: readonly Dot[], withSeries: boolean): string {
  const texts = dots.map(({ row, series, estimate, low, high }) => {
    const of = withSeries ? `${row}, ${series}` : row;
    return `${of} ${low === undefined || high === undefined ? percent(estimate) : percentInterval({ estimate, low, high })}`;
  });
  return texts.length === 0 ? '' : `${title}: ${texts.join('; ')}.`;
}

export const BLEND = 'ensemble';

/** Each base model beside the blend. */
export function baseModelsPlot(sets: readonly Named<readonly BaseModelFacts[]>[]): Plot {
  const names = [...new Set(sets.flatMap(({ value }) => value.map(({ name }) => name)))];
  const rows = [...names.filter((name) => name === BLEND), ...names.filter((name) => name !== BLEND)].map(
    baseModelName,
  );
  const measures = [
    { title: 'ROC AUC', of: ({ rocAuc }: BaseModelFacts) => rocAuc },
    { title: 'Average precision', of: ({ averagePrecision }: BaseModelFacts) => averagePrecision },
    {
      title: 'True positive rate at a false positive rate of 0.1%',
      of: ({ truePositiveRateAtFpr001 }: BaseModelFacts) => truePositiveRateAtFpr001,
    },
  ];
  const panels = measures.map(({ title, of }) => ({
    title,
    dots: sets.flatMap(({ name, value }) =>
      value.flatMap((model) => dotOf(baseModelName(model.name), name, of(model))),
    ),
    format: '~f',
  }));
  const texts = panels.map(
    ({ title, dots }) =>
      `${title}: ${dots.map(({ row, series, estimate }) => `${row}${sets.length > 1 ? `, ${series}` : ''} ${decimal(estimate)}`).join('; ')}.`,
  );
  return {
    name: 'base-models',
    title: 'Base models beside the blend',
    description: texts.join(' '),
    spec: dotPlot(rows, drawnBy(sets.map(({ name }) => name)), panels),
  };
}

export function baseModelName(name: string): string {
  return name === BLEND ? 'the blend' : visibleLine(name, MOST_CHARACTERS);
}

/** Each obfuscation beside the same messages as they were. */
export function obfuscationsPlot(sets: readonly Named<readonly ObfuscationFacts[]>[]): Plot {
  const rows = shownGroups(sets, ({ name }) => groupName(name));
  const series: Drawn[] = sets.flatMap(({ name }, index) => {
    const of = sets.length > 1 ? `${letterOf(name)}, ` : '';
    return [
      { name: `${of}plain`, look: looks[index * 2]! },
      { name: `${of}obfuscated`, look: looks[index * 2 + 1]! },
    ];
  });
  const dots = (
    plain: (facts: ObfuscationFacts) => number | null,
    obfuscated: (facts: ObfuscationFacts) => Interval | null,
  ) =>
    sets.flatMap(({ value }, index) =>
      value
        .filter(({ name }) => rows.includes(groupName(name)))
        .flatMap((facts) => [
          ...dotOf(groupName(facts.name), series[index * 2]!.name, plain(facts)),
          ...dotOf(groupName(facts.name), series[index * 2 + 1]!.name, obfuscated(facts)),
        ]),
    );
  const panels = [
    {
      title: 'Recall',
      dots: dots(
        ({ recallPlain }) => recallPlain,
        ({ recall }) => recall,
      ),
    },
    {
      title: 'False positive rate',
      dots: dots(
        ({ falsePositiveRatePlain }) => falsePositiveRatePlain,
        ({ falsePositiveRate }) => falsePositiveRate,
      ),
    },
  ];
  return {
    name: 'obfuscations',
    title: 'Under obfuscation',
    description: panels.map(({ title, dots: all }) => dotsText(title, all, true)).join(' '),
    spec: dotPlot(rows, series, panels),
  };
}
