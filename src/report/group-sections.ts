import {
  isMissing,
  type ModelReport,
  type SliceKind,
  sliceKinds,
  type WorstError,
} from '../core/report-facts.ts';
import { visibleLine } from '../display/characters.ts';
import { withoutLinks } from '../display/links.ts';
import { amountCell, compareTable, countCell, decimalCell, shareCell } from './compare-table.ts';
import { amount, bytes, change, percent } from './figure-text.ts';
import {
  baseModelName,
  baseModelsPlot,
  groupName,
  MOST_GROUPS,
  obfuscationsPlot,
  slicesPlot,
} from './group-plots.ts';
import { type Content, html, type Markup } from './html.ts';
import { figuresOf, type Named } from './model-names.ts';
import { rateColumns } from './model-sections.ts';
import { type Block, type Figure, messageMarkup, missingNotes, type Section } from './page-parts.ts';

type Models = readonly Named<ModelReport>[];

/** Rows of a table by their names; of two with one name the first. */
function byName<T>(rows: readonly T[], nameOf: (row: T) => string): ReadonlyMap<string, T> {
  return new Map(
    [...rows]
      .reverse()
      .map((row) => [nameOf(row), row] as const)
      .reverse(),
  );
}

const named = <T>(sets: readonly Named<readonly T[]>[], nameOf: (row: T) => string) =>
  sets.map(({ name, value }) => ({ name, value: byName(value, nameOf) }));

export function baseModelsSection(models: Models): Section {
  const { known, missing } = figuresOf(
    models,
    ({ baseModels }) => baseModels,
    (all) => (all.length === 0 ? 'The model names no base model.' : null),
  );
  const drawable = known.filter(({ value }) =>
    value.some(
      ({ rocAuc, averagePrecision, truePositiveRateAtFpr001: rate }) =>
        (rocAuc ?? averagePrecision ?? rate) !== null,
    ),
  );
  return {
    id: 'base-models',
    title: 'Base models',
    lead: 'Each base model alone beside the blend of all, and what each costs in time and memory.',
    blocks: [
      {
        kind: 'figure',
        title: 'Base models beside the blend',
        plot: drawable.length === 0 ? null : baseModelsPlot(drawable),
        reading:
          'Further right is better. The axes do not start at 0. A base model that is behind may still add to the blend what others lack.',
        missing: [
          ...missing,
          ...(known.length > 0 && drawable.length === 0
            ? ['The base models have no figures: they need spam and ham.']
            : []),
        ],
        tables: [],
      },
      ...(known.length === 0
        ? []
        : [
            compareTable(
              'Base models',
              'Base model',
              named(known, ({ name }) => baseModelName(name)),
              [
                { title: 'Weight', cell: ({ weight }) => amountCell(weight, amount) },
                { title: 'ROC AUC', cell: ({ rocAuc }) => decimalCell(rocAuc) },
                { title: 'Average precision', cell: ({ averagePrecision }) => decimalCell(averagePrecision) },
                {
                  title: 'True positive rate at a false positive rate of 0.1%',
                  cell: ({ truePositiveRateAtFpr001 }) => shareCell(truePositiveRateAtFpr001),
                },
                { title: 'µs a message', cell: ({ microseconds }) => amountCell(microseconds, amount) },
                { title: 'Size of its graphs', cell: (model) => amountCell(model.bytes, bytes) },
              ],
            ),
          ]),
    ],
  };
}

const sliceTitles: Readonly<Record<SliceKind, string>> = {
  language: 'Language',
  community: 'Community',
  length: 'Length',
  month: 'Month',
};

export function slicesSection(models: Models): Section {
  return {
    id: 'slices',
    title: 'By language, community, length and month',
    lead: 'The same rates for groups of messages. Where a group is small, its interval is wide: compare intervals, not points.',
    blocks: sliceKinds.flatMap((kind) => sliceBlocks(models, kind)),
  };
}

function sliceBlocks(models: Models, kind: SliceKind): Block[] {
  const title = sliceTitles[kind];
  const { known, missing } = figuresOf(
    models,
    ({ slices }) => slices[kind],
    (all) => (all.length === 0 ? `No message states its ${kind}.` : null),
  );
  const drawable = known.filter(({ value }) =>
    value.some(({ truePositiveRate, falsePositiveRate }) => (truePositiveRate ?? falsePositiveRate) !== null),
  );
  const groups = Math.max(0, ...known.map(({ value }) => value.length));
  const largest =
    groups > MOST_GROUPS ? ` The ${MOST_GROUPS} largest of ${groups} are drawn; the table has all.` : '';
  const figure: Figure = {
    kind: 'figure',
    title: `By ${kind}`,
    plot: drawable.length === 0 ? null : slicesPlot(kind, drawable),
    reading: `True positive rate: further right is better. False positive rate: further left is better. The axes do not start at 0.${largest}`,
    missing: [
      ...missing.map((reason) => `${title}: ${reason}`),
      ...(known.length > 0 && drawable.length === 0 ? [`${title}: no group has spam or ham.`] : []),
    ],
    tables:
      known.length === 0
        ? []
        : [
            compareTable(
              `By ${kind}`,
              title,
              named(known, ({ value }) => groupName(value)),
              rateColumns,
            ),
          ],
  };
  return [figure];
}

export function obfuscationsSection(models: Models): Section {
  const { known, missing } = figuresOf(
    models,
    ({ obfuscations }) => obfuscations,
    (all) => (all.length === 0 ? 'No obfuscation was tried.' : null),
  );
  const drawable = known.filter(({ value }) =>
    value.some(
      ({ recall, falsePositiveRate, recallPlain }) =>
        recall !== null || falsePositiveRate !== null || recallPlain !== null,
    ),
  );
  return {
    id: 'obfuscations',
    title: 'Obfuscations',
    lead: 'The same messages once as they were and once obfuscated, as senders do to get past a filter.',
    blocks: [
      {
        kind: 'figure',
        title: 'Under obfuscation',
        plot: drawable.length === 0 ? null : obfuscationsPlot(drawable),
        reading:
          'The closer the obfuscated point is to the plain one, the less the obfuscation achieves. The axes do not start at 0.',
        missing,
        tables: [],
      },
      ...(known.length === 0
        ? []
        : [
            compareTable(
              'Under obfuscation',
              'Obfuscation',
              named(known, ({ name }) => groupName(name)),
              [
                { title: 'Spam', cell: ({ spam }) => countCell(spam) },
                { title: 'Recall, plain', cell: ({ recallPlain }) => shareCell(recallPlain) },
                { title: 'Recall, obfuscated', cell: ({ recall }) => shareCell(recall) },
                { title: 'Ham', cell: ({ ham }) => countCell(ham) },
                {
                  title: 'False positive rate, plain',
                  cell: (facts) => shareCell(facts.falsePositiveRatePlain),
                },
                {
                  title: 'False positive rate, obfuscated',
                  cell: ({ falsePositiveRate }) => shareCell(falsePositiveRate),
                },
              ],
            ),
          ]),
    ],
  };
}

const errorKinds = [
  {
    key: 'falseAccusations',
    title: 'Ham with the highest scores',
    none: 'No ham message is in the wrong band.',
  },
  { key: 'missedSpam', title: 'Spam with the lowest scores', none: 'No spam message is in the wrong band.' },
] as const;

export function errorsSection(models: Models): Section {
  return {
    id: 'errors',
    title: 'Worst errors',
    lead: 'Messages whose score is furthest from their label, with what speaks most for the score. A label can be wrong too: read these before you trust any rate. Hidden characters show their names, and addresses are written so that nothing opens them.',
    blocks: models.flatMap(({ name, value }) =>
      errorKinds.flatMap(({ key, title, none }) => {
        const errors = value[key];
        const of = models.length > 1 ? `${title}, ${name}` : title;
        const heading = html`<h3>${of}</h3>`;
        if (isMissing(errors)) return [heading, missingNotes([errors.missing])];
        if (errors.length === 0) return [heading, html`<p>${none}</p>`];
        return [heading, html`<ol class="errors" aria-label="${of}">${errors.map(errorMarkup)}</ol>`];
      }),
    ),
  };
}

function errorMarkup({ text, label, probability, source, community, language, reasons }: WorstError): Markup {
  const facts: readonly (readonly [string, string])[] = [
    ['Label', label],
    ['Score', percent(probability)],
    ['Source', source],
    ['Community', community],
    ['Language', language],
  ];
  return html`<li><dl class="facts">${facts
    .filter(([, value]) => value !== '')
    .map(
      ([name, value]) => html`<div><dt>${name}</dt><dd>${visibleLine(value, 60)}</dd></div>`,
    )}</dl>${messageMarkup(text)}${reasonsMarkup(reasons)}</li>`;
}

function reasonsMarkup(reasons: WorstError['reasons']): Content {
  if (isMissing(reasons)) return html`<p class="note">No reasons: ${reasons.missing}</p>`;
  if (reasons.length === 0) return null;
  return html`<ul class="reasons" aria-label="Reasons, in log-odds">${reasons.map(
    ({ name, logOdds }) =>
      html`<li class="${logOdds > 0 ? 'for-spam' : 'for-ham'}"><span>${withoutLinks(visibleLine(name, 60))}</span> <b>${change(logOdds)}</b></li>`,
  )}</ul>`;
}
