import { partsOfFeature } from '../../display/feature-name.ts';
import { defanged } from '../../display/links.ts';
import type { Texts } from '../texts/en.ts';

/** What a feature means, in words where there are some. */
export function featureText({ why, reread }: Texts, name: string): string {
  const { kind, value, range } = partsOfFeature(name);
  const { features, shapes, links } = why;
  switch (kind) {
    case 'shape':
      return Object.hasOwn(shapes, value)
        ? shapes[value as keyof typeof shapes](range)
        : features.shape([value, range].filter(Boolean).join(' '));
    case 'link':
      return Object.hasOwn(links, value) ? links[value as keyof typeof links] : features.link(value);
    case 'site':
      return features.link(defanged(value));
    case 'obfuscation': {
      const kinds: Readonly<Record<string, string>> = reread.kinds;
      return features.obfuscation(Object.hasOwn(kinds, value) ? kinds[value]! : value);
    }
    case 'number':
      return features.number(value);
    case 'characters':
      return features.characters(value);
    case 'word':
    case 'sign':
      return `“${value}”`;
    case 'other':
      return value;
  }
}
