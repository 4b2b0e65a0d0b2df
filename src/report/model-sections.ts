import { type Curve, isMissing, type ModelReport, type Rates } from '../core/report-facts.ts';
import { visibleLine } from '../display/characters.ts';
import { amountCell, type Column, countCell, decimalCell, figuresTable, shareCell } from './compare-table.ts';
import { calibrationPlot, filled, precisionRecallPlot, riskCoveragePlot, rocPlot } from './curve-plots.ts';
import { amount, count, decimal, interval, percent, percentInterval } from './figure-text.ts';
import { figuresOf, type Named } from './model-names.ts';
import { type Figure, missingNotes, type Section, type Table, thinned } from './page-parts.ts';
import { bandsPlot, histogramPlot, labels } from './score-plots.ts';

type Models = readonly Named<ModelReport>[];
const MOST_ROWS = 40;

/** Which models, on which messages. */
export function dataSection(models: Models): Section {
  const messages = (model: ModelReport) => ({
    spam: model.data.reduce((sum, { spam }) => sum + spam, 0),
    ham: model.data.reduce((sum, { ham }) => sum + ham, 0),
  });
  const figures: Column<ModelReport>[] = [
    {
      title: 'From this score on, review',
      cell: ({ thresholds }) => amountCell(thresholds.rejectMin, String),
    },
    { title: 'From this score on, spam', cell: ({ thresholds }) => amountCell(thresholds.rejectMax, String) },
    { title: 'Spam messages', cell: (model) => countCell(messages(model).spam) },
    { title: 'Ham messages', cell: (model) => countCell(messages(model).ham) },
    { title: 'Messages that could not be scored', cell: ({ unscored }) => countCell(unscored) },
  ];
  return {
    id: 'data',
    title: 'Models and data',
    lead: 'Which models were evaluated on which labeled messages, and what the models were trained on. Messages that could not be scored are in no other figure.',
    blocks: [
      figuresTable('Models', models, figures),
      ...models.flatMap(({ name, value: { data, training } }) => [
        ...(data.length === 0
          ? [missingNotes([`${name}: no data set is named.`])]
          : [
              {
                kind: 'table',
                caption: `Data that ${name} was evaluated on`,
                head: ['Data set', 'Spam', 'Ham'],
                rows: data.map((set) => [visibleLine(set.name), count(set.spam), count(set.ham)]),
              } as const,
            ]),
        ...(isMissing(training) || training.length === 0
          ? [
              missingNotes([
                isMissing(training)
                  ? training.missing
                  : `${name}: the model states nothing about its training.`,
              ]),
            ]
          : [
              {
                kind: 'table',
                caption: `Training of ${name}`,
                head: ['Fact', 'Value'],
                rows: training.map((fact) => [visibleLine(fact.name), visibleLine(fact.value)]),
              } as const,
            ]),
      ]),
    ],
  };
}

export const rateColumns: readonly Column<Rates>[] = [
  { title: 'Spam', cell: ({ spam }) => countCell(spam) },
  { title: 'Ham', cell: ({ ham }) => countCell(ham) },
  { title: 'True positive rate', cell: ({ truePositiveRate }) => shareCell(truePositiveRate) },
  { title: 'Spam found or reviewed', cell: ({ foundOrReviewed }) => shareCell(foundOrReviewed) },
  { title: 'False positive rate', cell: ({ falsePositiveRate }) => shareCell(falsePositiveRate) },
  { title: 'Precision', cell: ({ precision }) => shareCell(precision) },
  { title: 'Share to review', cell: ({ reviewShare }) => shareCell(reviewShare) },
];

/** Rates at the thresholds, and each class by verdict. */
export function ratesSection(models: Models): Section {
  const { known, missing } = figuresOf(
    models,
    (model) => model,
    ({ bands }) =>
      bands.every(({ spam, ham }) => spam + ham === 0) ? 'No message was given a verdict.' : null,
  );
  const nullReasons = models.flatMap(({ name, value: { rates } }) =>
    [
      rates.spam === 0
        ? `${name}: there is no spam among the messages, so there is no true positive rate.`
        : null,
      rates.ham === 0
        ? `${name}: there is no ham among the messages, so there is no false positive rate.`
        : null,
    ].filter((reason) => reason !== null),
  );
  return {
    id: 'rates',
    title: 'Rates and verdicts',
    lead: 'What happens to spam and to ham at the thresholds in use: messages with scores up to the lower threshold are ham, above the upper one they are spam, and people review those between. Intervals are at 95%.',
    blocks: [
      missingNotes(nullReasons),
      figuresTable(
        'Rates',
        models.map(({ name, value }) => ({ name, value: value.rates })),
        rateColumns,
      ),
      {
        kind: 'figure',
        title: 'Verdicts by class',
        plot: known.length === 0 ? null : bandsPlot(known),
        reading:
          'Each bar is one class, and its parts are the shares of the verdicts. The narrower the review part, the less work for people.',
        missing,
        tables: known.map(({ name, value }) => confusionTable(name, value)),
      },
      histogramFigure(models),
    ],
  };
}

function confusionTable(name: string, { bands }: ModelReport): Table {
  return {
    kind: 'table',
    caption: `Verdicts of ${name}`,
    head: ['Class', ...bands.map(({ band }) => band)],
    rows: labels.map((label) => {
      const total = bands.reduce((sum, band) => sum + band[label], 0);
      return [
        label,
        ...bands.map((band) =>
          total === 0 ? '0' : `${count(band[label])} (${percent(band[label] / total)})`,
        ),
      ];
    }),
  };
}

function histogramFigure(models: Models): Figure {
  const { known, missing } = figuresOf(
    models,
    ({ histogram }) => histogram,
    ({ spam, ham }) => ([...spam, ...ham].every((each) => each === 0) ? 'No message has a score.' : null),
  );
  return {
    kind: 'figure',
    title: 'Scores by class',
    plot: known.length === 0 ? null : histogramPlot(known, models),
    reading:
      'Messages by score, spam above and ham below, on a square-root scale on which a few messages are still seen. Dashed lines are the thresholds: ham to the right of them is a false accusation, spam to the left is missed.',
    missing,
    tables: known.map(({ name, value: { spam, ham } }) => ({
      kind: 'table',
      caption: `Scores of ${name}`,
      head: ['Score', 'Spam', 'Ham'],
      rows: spam.map((messages, index) => [
        `${(index / spam.length).toFixed(2)} to ${((index + 1) / spam.length).toFixed(2)}`,
        count(messages),
        count(ham[index] ?? 0),
      ]),
    })),
  };
}

const noPoints = ({ points }: { readonly points: readonly unknown[] }) =>
  points.length === 0 ? 'There is no message to draw it from.' : null;

/** How well the score separates spam from ham, whatever the thresholds. */
export function rankingSection(models: Models): Section {
  const roc = figuresOf(models, (model) => model.roc, noPoints);
  const precision = figuresOf(models, (model) => model.precisionRecall, noPoints);
  return {
    id: 'ranking',
    title: 'Separation of spam and ham',
    lead: 'How well scores put spam above ham, at all possible thresholds. Bands are pointwise at 95%.',
    blocks: [
      {
        kind: 'figure',
        title: 'ROC curve',
        plot: roc.known.length === 0 ? null : rocPlot(roc.known, models),
        reading: `The further up and left, the better; the dotted line is chance. The ringed point is the verdict spam. ${areas('Area', roc.known)}`,
        missing: roc.missing,
        tables: roc.known.map((curve) =>
          curveTable(curve, 'ROC curve', 'False positive rate', 'True positive rate'),
        ),
      },
      {
        kind: 'figure',
        title: 'Precision–recall curve',
        plot: precision.known.length === 0 ? null : precisionRecallPlot(precision.known, models),
        reading: `The further up and right, the better. Precision depends on the share of spam among the messages. The ringed point is the verdict spam. ${areas('Average precision', precision.known)}`,
        missing: precision.missing,
        tables: precision.known.map((curve) =>
          curveTable(curve, 'Precision–recall curve', 'Recall', 'Precision'),
        ),
      },
    ],
  };
}

function areas(title: string, curves: readonly Named<Curve>[]): string {
  return curves
    .map(
      ({ name, value: { area } }) => `${title}${curves.length > 1 ? ` of ${name}` : ''}: ${interval(area)}.`,
    )
    .join(' ');
}

function curveTable(
  { name, value: { points, band } }: Named<Curve>,
  title: string,
  x: string,
  y: string,
): Table {
  const { rows, note } = thinned(points, MOST_ROWS, 'points');
  const limits = (at: number) => {
    const place = band.find((each) => each.x >= at);
    return place === undefined ? '' : `${percent(place.low)} to ${percent(place.high)}`;
  };
  return {
    kind: 'table',
    caption: `${title} of ${name}`,
    head: ['Threshold', x, y, 'Band at the next place to the right'],
    rows: rows.map((point) => [amount(point.threshold), percent(point.x), percent(point.y), limits(point.x)]),
    ...(note === undefined ? {} : { note }),
  };
}

/** Whether scores are probabilities, and what the reject option trades. */
export function calibrationSection(models: Models): Section {
  const calibration = figuresOf(
    models,
    (model) => model.calibration,
    ({ bins }) => (filled(bins).length === 0 ? 'No message has a score.' : null),
  );
  const risk = figuresOf(models, ({ riskCoverage }) => riskCoverage, noPoints);
  return {
    id: 'calibration',
    title: 'Calibration and the reject option',
    lead: 'Whether a score of 80% is spam in 80 of 100 cases, and how many errors remain the more is decided without a person.',
    blocks: [
      ...(calibration.known.length === 0
        ? []
        : [
            figuresTable('Calibration', calibration.known, [
              {
                title: 'Expected calibration error',
                cell: ({ expectedError }) => decimalCell(expectedError),
              },
              { title: 'Brier score', cell: ({ brier }) => decimalCell(brier) },
              { title: 'Log loss', cell: ({ logLoss }) => decimalCell(logLoss) },
            ]),
          ]),
      {
        kind: 'figure',
        title: 'Calibration',
        plot:
          calibration.known.length === 0
            ? null
            : calibrationPlot('calibration', 'Calibration', calibration.known),
        reading:
          'Each point is a group of messages with similar scores. On the dotted line the score is the share of spam; above it the model is too cautious, below it too sure. Lines are 95% intervals.',
        missing: calibration.missing,
        tables: calibration.known.map(({ name, value }) => binsTable(`Calibration of ${name}`, value.bins)),
      },
      {
        kind: 'figure',
        title: 'Risk by coverage',
        plot: risk.known.length === 0 ? null : riskCoveragePlot(risk.known),
        reading:
          'To the left only the surest messages are decided, to the right all of them. The ringed point is what the two thresholds do now. Lower is better.',
        missing: risk.missing,
        tables: risk.known.map(({ name, value: { points, atThresholds, area } }) => {
          const { rows, note } = thinned(points, MOST_ROWS, 'points');
          const all = [
            ...rows.map(({ coverage, risk: wrong }) => ['', percent(coverage), percent(wrong)]),
            ['at the thresholds', percent(atThresholds.coverage), percent(atThresholds.risk)],
          ];
          return {
            kind: 'table',
            caption: `Risk by coverage of ${name}; area ${decimal(area)}`,
            head: ['Point', 'Share decided', 'Share of these that is wrong'],
            rows: all.map(([place, ...more], index) => [place || String(index + 1), ...more]),
            ...(note === undefined ? {} : { note }),
          } as const;
        }),
      },
    ],
  };
}

export function binsTable(caption: string, bins: Parameters<typeof filled>[0]): Table {
  return {
    kind: 'table',
    caption,
    head: ['Score', 'Messages', 'Mean probability', 'Share that is spam'],
    rows: filled(bins).map(({ from, to, messages, predicted, observed }) => [
      `${amount(from)} to ${amount(to)}`,
      count(messages),
      percent(predicted),
      percentInterval(observed),
    ]),
  };
}
