import type {
  AuditReport,
  Curve,
  Interval,
  LiveReport,
  ModelReport,
  Rates,
  ReportFacts,
  Series,
  Slice,
  WorstError,
} from '../../../src/core/report-facts.ts';
import { verdictNames } from '../../../src/core/verdict.ts';

/** Invented figures of a plausible model, for tests and pictures of the report; `better` moves them, so that two models differ. */
export function sampleModel(version: string, better = 0): ModelReport {
  return {
    version,
    thresholds: { rejectMin: 0.5, rejectMax: 0.7 },
    data: [
      { name: 'validation', spam: 1_804, ham: 3_921 },
      { name: 'newsgroups', spam: 212, ham: 988 },
    ],
    unscored: 3,
    rates: sampleRates(2_016, 4_909, better),
    roc: sampleCurve(
      (x) => Math.min(1, x === 0 ? 0.6 + better : 0.88 + better + 0.12 * x ** 0.25),
      0.9871 + better / 10,
    ),
    precisionRecall: sampleCurve(
      (x) => 1 - (0.14 - better) * x ** 6 - (x > 0.97 ? (x - 0.97) * 12 : 0),
      0.9764 + better / 10,
    ),
    calibration: {
      bins: Array.from({ length: 10 }, (_, index) => ({
        from: index / 10,
        to: (index + 1) / 10,
        messages: index === 4 ? 0 : 3_000 - 320 * index,
        predicted: (index + 0.5) / 10,
        observed: around((index + 0.5 + Math.sin(index) * (0.6 - better * 6)) / 10, 0.035),
      })),
      expectedError: 0.0123 - better / 10,
      brier: 0.0311 - better / 10,
      logLoss: 0.1172 - better,
    },
    riskCoverage: {
      points: Array.from({ length: 120 }, (_, index) => ({
        coverage: (index + 1) / 120,
        risk: 0.001 + (0.06 - better) * ((index + 1) / 120) ** 8,
      })),
      area: 0.0081 - better / 10,
      atThresholds: { coverage: 0.962, risk: 0.001 + (0.06 - better) * 0.962 ** 8 },
    },
    histogram: {
      spam: Array.from({ length: 20 }, (_, index) => Math.round(6 + 1_650 * (index / 19) ** 9)),
      ham: Array.from({ length: 20 }, (_, index) =>
        Math.round((3_900 + better * 4_000) * (1 - index / 19) ** 9 + (index % 3)),
      ),
    },
    bands: verdictNames.map((band) => ({
      band,
      spam: { ham: 118, review: 61, spam: 1_837 }[band],
      ham: { ham: 4_868, review: 30, spam: 11 }[band],
    })),
    baseModels: [
      base('ensemble', null, 0.9871 + better / 10, 412, null),
      base('logistic-words', 1.42, 0.9803, 61, 1_240_000),
      base('naive-bayes-pairs', 0.38, 0.9712 + better / 10, null, 2_210_000),
      base('gradient-boosting', 0.91, 0.9688, 155, 640_000),
      base('random-forest', 0.22, 0.9514, 90, 5_800_000),
    ],
    slices: {
      language: slices(['en', 'de', 'fr', 'es', 'ru', 'tr', ''], better),
      community: slices(
        ['gardening', 'photo-exchange', 'chess-club', 'night-riders', 'старые-друзья'],
        better,
      ),
      length: slices(['1 to 20', '21 to 80', '81 to 300', '301 to 1000', 'over 1000'], better),
      month: { missing: 'No message states when it was sent. Evaluate messages with `sent_at` to see this.' },
    },
    obfuscations: ['spaced', 'leet', 'look-alikes', 'zero-width', 'padding-50'].map((name, index) => ({
      name,
      spam: 600,
      recallPlain: 0.93,
      recall: around(0.92 - index * 0.05 + better, 0.02),
      ham: 900,
      falsePositiveRatePlain: 0.0022,
      falsePositiveRate: around(0.003 + index * 0.002, 0.002),
    })),
    falseAccusations: hostileErrors,
    missedSpam: [
      error('hey, are you still looking for a room? write me', 'spam', 0.04),
      {
        ...error('Ваш заказ готов, забрать можно сегодня', 'spam', 0.09),
        reasons: { missing: 'the model has no terms for it.' },
      },
    ],
    training: [
      { name: 'Trained at', value: '2026-11-12T08:00:00Z' },
      { name: 'Messages', value: '38,211' },
      { name: 'Profile', value: 'default' },
    ],
  };
}

export function around(estimate: number, by: number): Interval {
  const inside = (value: number) => Math.min(1, Math.max(0, value));
  return { estimate: inside(estimate), low: inside(estimate - by), high: inside(estimate + by * 0.9) };
}

export function sampleRates(spam: number, ham: number, better = 0): Rates {
  const width = 0.5 / Math.sqrt(spam + 1);
  return {
    spam,
    ham,
    truePositiveRate: around(0.9112 + better, width),
    foundOrReviewed: around(0.9415 + better, width),
    falsePositiveRate: around(0.0022, width / 6),
    precision: around(0.994, width / 4),
    reviewShare: around(0.0131, width / 6),
  };
}

function sampleCurve(y: (x: number) => number, area: number): Curve {
  const points = Array.from({ length: 300 }, (_, index) => (index / 299) ** 2).map((x) => ({
    x,
    y: y(x),
    threshold: 1 - x,
  }));
  const band = Array.from({ length: 41 }, (_, index) => index / 40).map((x) => ({
    x,
    low: Math.max(0, y(x) - 0.012),
    high: Math.min(1, y(x) + 0.01),
  }));
  return { points, band, area: around(area, 0.003) };
}

function base(
  name: string,
  weight: number | null,
  area: number,
  microseconds: number | null,
  bytes: number | null,
) {
  return {
    name,
    weight,
    rocAuc: area,
    averagePrecision: area - 0.01,
    truePositiveRateAtFpr001: area - 0.2,
    microseconds,
    bytes,
  };
}

function slices(values: readonly string[], better: number): Slice[] {
  return values.map((value, index) => ({
    value,
    ...sampleRates(900 >> index, 1_900 >> index, better - index * 0.02),
  }));
}

function error(text: string, label: 'spam' | 'ham', probability: number): WorstError {
  return {
    text,
    label,
    probability,
    source: 'validation',
    community: 'gardening',
    language: 'en',
    reasons: [
      { name: 'free', logOdds: 1.92 },
      { name: 'pictures.example.com', logOdds: 0.84 },
      { name: 'regards', logOdds: -0.61 },
    ],
  };
}

/** Texts that try to become markup, to turn the direction of what follows, to hide, or to be opened. */
export const hostileErrors: readonly WorstError[] = [
  error(
    '<script>alert(1)</script><img src=x onerror="alert(2)"> see https://evil.example/login now',
    'ham',
    0.9871,
  ),
  error(
    'invoice \u202Efdp.exe\u202C with\u200B\u200Bzero width and a\u0301\u0302\u0303\u0304\u0305 marks',
    'ham',
    0.93,
  ),
  {
    ...error('</div></section></main><style>*{display:none}</style>', 'ham', 0.91),
    community: '"><svg onload=x>',
    language: '',
  },
  error('', 'ham', 0.88),
];

const start = Date.UTC(2026, 10, 1);
const DAY = 86_400_000;

function daily(name: string, value: (day: number) => number, days = 30): Series {
  return {
    name,
    points: Array.from({ length: days }, (_, index) => ({ at: start + index * DAY, value: value(index) })),
  };
}

export const sampleAudit: AuditReport = {
  from: start,
  to: start + 30 * DAY,
  groups: [
    { by: 'all', value: '', drawn: 812, decided: 790, unsure: 0, estimates: audit(0.83, 0.05) },
    { by: 'month', value: '2026-09', drawn: 270, decided: 270, unsure: 0, estimates: audit(0.88, 0.09) },
    { by: 'month', value: '2026-10', drawn: 280, decided: 275, unsure: 0, estimates: audit(0.84, 0.09) },
    { by: 'month', value: '2026-11', drawn: 262, decided: 245, unsure: 0, estimates: audit(0.78, 0.1) },
    {
      by: 'community',
      value: 'chess-club',
      drawn: 3,
      decided: 3,
      unsure: 0,
      estimates: { missing: '3 decided messages are too few; 30 are needed.' },
    },
    { by: 'language', value: 'de', drawn: 202, decided: 199, unsure: 0, estimates: audit(0.81, 0.1) },
  ],
  calibration: [0.05, 0.3, 0.6, 0.95].map((predicted, index) => ({
    from: predicted - 0.05,
    to: predicted + 0.05,
    messages: 200 - index * 40,
    predicted,
    observed: around(predicted * 0.9, 0.08),
  })),
  fromReviewsAlone: audit(0.97, 0.01),
};

function audit(rate: number, width: number) {
  return {
    truePositiveRate: around(rate, width),
    falsePositiveRate: around(0.004, 0.003),
    precision: around(0.96, width / 2),
    prevalence: around(0.11, width / 4),
  };
}

export const sampleLive: LiveReport = {
  from: start,
  to: start + 30 * DAY,
  verdicts: [
    daily('ham', (day) => 21_000 + 3_000 * Math.sin(day)),
    daily('review', (day) => 310 + 40 * Math.cos(day)),
    daily('spam', (day) => 2_400 + 300 * Math.sin(day * 2)),
    daily('dead-letter', (day) => day % 4),
  ],
  latency: [
    daily('p50', () => 0.012),
    daily('p95', (day) => 0.031 + day / 4000),
    daily('p99', (day) => 0.055 + day / 2000),
  ],
  lag: [daily('lag', (day) => (day === 12 ? 4_000 : 12))],
  decisions: [
    daily('spam', (day) => 150 + day),
    daily('ham', (day) => 120 - day),
    daily('unsure', (day) => 9 + (day % 3)),
  ],
  agreement: { share: around(0.962, 0.012), pairs: 412 },
  drift: [
    daily('scores', (day) => 0.2 + day / 60),
    daily('unknown-features', (day) => 0.4 + day / 40),
    daily('languages', () => 0.31),
    daily('verdicts', (day) => 0.5 + 0.2 * Math.sin(day)),
  ],
  audit: sampleAudit,
};

export const fullFacts: ReportFacts = {
  schema: 1,
  generatedAt: '2026-12-01T09:30:00Z',
  models: [sampleModel('2026-11-12-default')],
  live: sampleLive,
};

export const comparedFacts: ReportFacts = {
  ...fullFacts,
  models: [sampleModel('2026-11-12-default'), sampleModel('2026-11-28-retrained', 0.02)],
};

const unknown = { missing: 'There are no labeled messages. Import some with `sluice label import`.' };

/** A model of which nothing is known. */
export const emptyModel: ModelReport = {
  ...sampleModel('empty'),
  data: [],
  unscored: 0,
  rates: {
    spam: 0,
    ham: 0,
    truePositiveRate: null,
    foundOrReviewed: null,
    falsePositiveRate: null,
    precision: null,
    reviewShare: null,
  },
  roc: unknown,
  precisionRecall: unknown,
  calibration: unknown,
  riskCoverage: unknown,
  histogram: unknown,
  bands: verdictNames.map((band) => ({ band, spam: 0, ham: 0 })),
  baseModels: unknown,
  slices: { language: unknown, community: unknown, length: unknown, month: unknown },
  obfuscations: unknown,
  falseAccusations: unknown,
  missedSpam: unknown,
  training: unknown,
};

const silent = {
  missing: 'The store does not answer: connection refused. Start it, and run the command again.',
};

export const emptyLive: LiveReport = {
  from: start,
  to: start + DAY,
  verdicts: silent,
  latency: silent,
  lag: silent,
  decisions: silent,
  agreement: silent,
  drift: silent,
  audit: silent,
};
