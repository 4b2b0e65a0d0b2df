import { adjustments, type Explanation, fewerTerms, restTerm } from '../../core/explanation.ts';
import type { WorstError } from '../../core/report-facts.ts';
import { partsOfFeature } from '../../display/feature-name.ts';

/** Terms that a report shows of one message; all others become one. */
const MOST_TERMS = 8;

/** The terms of an explanation that add up to the log-odds, the largest first, as people read them. */
export function reasonsOf(explanation: Explanation | null): WorstError['reasons'] {
  if (explanation === null) return { missing: 'The message has no score that could be explained.' };
  const { prior, terms } = fewerTerms(explanation, MOST_TERMS);
  return [
    { name: 'before reading anything', logOdds: prior },
    ...terms.map(({ feature, contribution }) => ({ name: featureText(feature), logOdds: contribution })),
  ].sort((one, other) => Math.abs(other.logOdds) - Math.abs(one.logOdds));
}

const named: Readonly<Record<string, string>> = {
  [adjustments.trust]: 'few known words',
  [adjustments.part]: 'a part of the message decides',
  [adjustments.bias]: 'setting of the community',
  [adjustments.limit]: 'limit for such messages',
  [adjustments.unknown]: 'no known word',
  [restTerm]: 'everything else',
};

function featureText(name: string): string {
  if (Object.hasOwn(named, name)) return named[name]!;
  const { kind, value, range } = partsOfFeature(name);
  switch (kind) {
    case 'word':
    case 'sign':
      return `“${value}”`;
    case 'characters':
      return `the characters “${value}”`;
    case 'number':
      return `a number such as ${value}`;
    case 'shape':
      return `shape: ${[value.replaceAll('-', ' '), range].filter(Boolean).join(' ')}`;
    case 'link':
    case 'site':
      return `link: ${value}`;
    case 'obfuscation':
      return `obfuscation: ${value}`;
    case 'other':
      return value;
  }
}
