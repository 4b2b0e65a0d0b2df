import {
  type Interval,
  isMissing,
  type LiveReport,
  type ModelReport,
  type ReportFacts,
} from '../core/report-facts.ts';
import { visibleLine } from '../display/characters.ts';
import {
  amount,
  count,
  counted,
  decimal,
  interval,
  percentInterval,
  percentParts,
  pointsBetween,
} from './figure-text.ts';
import { groupName } from './group-plots.ts';
import { html, type Markup } from './html.ts';
import type { Named } from './model-names.ts';
import type { Section } from './page-parts.ts';

/** A group with fewer spam messages is not named as the weakest: its rate may be chance. */
const LEAST_SPAM = 50;

/** The most important figures in words. */
export function summarySection({ live }: ReportFacts, models: readonly Named<ModelReport>[]): Section {
  const sentences = [
    ...models.flatMap(({ name, value }) => modelSentences(name, value)),
    ...comparison(models),
    ...liveSentences(live),
  ];
  return {
    id: 'summary',
    title: 'Summary',
    lead:
      models.length === 0
        ? 'No model was evaluated on labeled messages.'
        : 'Figures on labeled messages hold for messages like these. What production is like is stated by the audit sample alone.',
    blocks: [
      ...models.map(({ name, value }) => keyFigures(models.length > 1 ? name : '', value)),
      html`<ul class="summary">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`,
    ],
  };
}

function keyFigures(name: string, { rates }: ModelReport): Markup {
  const figures: readonly (readonly [string, string, Interval | null])[] = [
    ['True positive rate', 'of the spam gets the verdict spam', rates.truePositiveRate],
    ['Spam found or reviewed', 'of the spam is found or handed to a person', rates.foundOrReviewed],
    ['False positive rate', 'of the ham gets the verdict spam', rates.falsePositiveRate],
    ['Share to review', 'of all messages go to a person', rates.reviewShare],
  ];
  return html`${name === '' ? null : html`<h3>${name}</h3>`}<dl class="figures-large">${figures.map(
    ([title, meaning, figure]) =>
      html`<div><dt>${title}</dt><dd><b>${figure === null ? 'not known' : percentParts(figure).estimate}</b>${
        figure === null
          ? null
          : html`<span class="limits">95% interval: ${percentParts(figure).limits}</span>`
      }<span>${meaning}</span></dd></div>`,
  )}</dl>`;
}

function modelSentences(
  name: string,
  { rates, thresholds, roc, calibration, slices, unscored }: ModelReport,
): string[] {
  const found: string[] = [
    `${name} was evaluated on ${counted(rates.spam, 'spam message')} and ${counted(rates.ham, 'ham message')}, with scores above ${thresholds.rejectMin} in review and above ${thresholds.rejectMax} as spam.`,
  ];
  if (rates.truePositiveRate !== null)
    found.push(
      `It gives ${percentInterval(rates.truePositiveRate)} of the spam the verdict spam${
        rates.foundOrReviewed === null
          ? ''
          : `, and with what people review it stops up to ${percentInterval(rates.foundOrReviewed)}`
      }.`,
    );
  else found.push('There is no spam among the messages, so it is not known how much it finds.');
  if (rates.falsePositiveRate !== null)
    found.push(`It accuses ${percentInterval(rates.falsePositiveRate)} of the ham falsely.`);
  else found.push('There is no ham among the messages, so it is not known how much it accuses falsely.');
  if (!isMissing(roc)) found.push(`The area under its ROC curve is ${interval(roc.area)}.`);
  if (!isMissing(calibration))
    found.push(
      `Its scores are off by ${decimal(calibration.expectedError)} on average (expected calibration error).`,
    );
  const weakest = weakestLanguage(slices.language);
  if (weakest !== null) found.push(weakest);
  if (unscored > 0)
    found.push(
      `${counted(unscored, 'message')} could not be scored, and ${unscored === 1 ? 'is' : 'are'} in no figure.`,
    );
  return found;
}

function weakestLanguage(languages: ModelReport['slices']['language']): string | null {
  if (isMissing(languages)) return null;
  const known = languages.flatMap(({ value, spam, truePositiveRate }) =>
    truePositiveRate !== null && spam >= LEAST_SPAM ? [{ value, truePositiveRate }] : [],
  );
  if (known.length < 2) return null;
  const { value, truePositiveRate } = known.reduce((least, each) =>
    each.truePositiveRate.estimate < least.truePositiveRate.estimate ? each : least,
  );
  return `Of ${count(known.length)} languages with ${LEAST_SPAM} spam messages or more, ${groupName(value)} has the lowest true positive rate: ${percentInterval(truePositiveRate)}.`;
}

function comparison([one, other, ...more]: readonly Named<ModelReport>[]): string[] {
  if (one === undefined || other === undefined || more.length > 0) return [];
  const differences = (
    [
      ['true positive rate', 'truePositiveRate'],
      ['false positive rate', 'falsePositiveRate'],
      ['share to review', 'reviewShare'],
    ] as const
  ).flatMap(([title, key]) => {
    const [first, second] = [one.value.rates[key], other.value.rates[key]];
    return first === null || second === null
      ? []
      : [`${title} ${pointsBetween(first.estimate, second.estimate)}`];
  });
  return differences.length === 0
    ? []
    : [`From ${one.name} to ${other.name}, on the same messages: ${differences.join(', ')}.`];
}

function liveSentences(live: LiveReport | null): string[] {
  if (live === null) return [];
  const { audit, drift } = live;
  const found: string[] = [];
  const whole = isMissing(audit) ? undefined : audit.groups.find(({ by }) => by === 'all');
  if (whole !== undefined && !isMissing(whole.estimates)) {
    const { truePositiveRate, falsePositiveRate } = whole.estimates;
    const parts = [
      truePositiveRate === null ? null : `${percentInterval(truePositiveRate)} of the spam is found`,
      falsePositiveRate === null
        ? null
        : `${percentInterval(falsePositiveRate)} of the ham is accused falsely`,
    ].filter((part) => part !== null);
    if (parts.length > 0)
      found.push(
        `In production, by ${counted(whole.decided, 'decided message')} of the audit sample: ${parts.join(', ')}.`,
      );
  } else
    found.push(
      'The true rates in production are not known; the section “True rates in production” states why.',
    );
  if (!isMissing(drift))
    for (const { name, points } of drift) {
      const last = points.at(-1);
      if (last !== undefined && last.value >= 1)
        found.push(
          `Drift: the signal ${visibleLine(name, 40)} is at ${amount(last.value)} times the limit of an alarm.`,
        );
    }
  return found;
}
