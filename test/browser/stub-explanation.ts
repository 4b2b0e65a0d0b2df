import type { ExplanationAnswer } from '../../src/http/console-schemas.ts';

const models = [
  ['naive-bayes', 0.71],
  ['logistic-regression', 0.66],
  ['linear-svm', 0.58],
  ['perceptron', 0.55],
  ['passive-aggressive', 0.6],
  ['network', 0.68],
  ['boosted-trees', 0.63],
  ['random-forest', null],
] as const;

/** Reasons of the right shape for any text: every third word speaks for or against spam, and hidden characters were left out. */
export function explanationFor(message: string, probability: number): ExplanationAnswer {
  const words = [...message.slice(0, 4000).matchAll(/\S{4,30}/g)];
  const highlights = words.flatMap((match, index) => {
    const contribution = index % 3 === 0 ? 1.4 / (1 + index) : index % 3 === 1 ? -0.5 / (1 + index) : 0;
    const span = { start: match.index, end: match.index + match[0].length };
    return contribution === 0 ? [] : [{ ...span, contribution }];
  });
  const prior = -1.7;
  const logOdds = Math.log(probability / (1 - probability));
  const hidden = [...message.slice(0, 4000).matchAll(/[\u200B\u00AD\u202E]+/g)].slice(0, 20);
  return {
    model: 'stub',
    probability,
    logOdds,
    prior,
    terms: [{ feature: 'x:invisible', kind: 'feature', contribution: 0.2, spans: [] }],
    baseModels: models.map(([name, score]) => ({ name, score, contribution: 0.1 })),
    part: null,
    highlights,
    deobfuscated: hidden.map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      from: match[0],
      to: '',
      kind: 'invisible',
      codePoints: [`U+${match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`],
    })),
    thresholds: { reject_min: 0.5, reject_max: 0.7 },
  };
}

/** Reasons of the first sample message, for the pictures. */
export function sampleExplanation(message: string): ExplanationAnswer {
  const span = (words: string) => ({
    start: message.indexOf(words),
    end: message.indexOf(words) + words.length,
  });
  const link = span('heisse\u200Bdates69 punkt net');
  const marked = [
    ['ich bin neu hier', -0.27],
    ['meine Bilder', 0.71],
    ['melde dich bitte zuerst', 0.44],
  ] as const;
  return {
    ...explanationFor(message, 0.616),
    prior: -1.71,
    logOdds: 0.472,
    terms: [{ feature: 'x:invisible', kind: 'feature', contribution: 0.16, spans: [] }],
    highlights: [
      { ...link, contribution: 1.42 },
      ...marked.map(([words, contribution]) => ({ ...span(words), contribution })),
    ],
    deobfuscated: [
      { ...span('\u200B'), from: '\u200B', to: '', kind: 'invisible', codePoints: ['U+200B'] },
      { ...span(' punkt '), from: ' punkt ', to: '.', kind: 'hidden-link', codePoints: [] },
    ],
  };
}
