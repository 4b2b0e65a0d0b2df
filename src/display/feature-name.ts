import { visibleLine } from './characters.ts';

/** What the name of a feature means; see `src/text/feature-names.ts`. */
export interface FeatureParts {
  readonly kind:
    | 'word'
    | 'characters'
    | 'number'
    | 'sign'
    | 'shape'
    | 'link'
    | 'site'
    | 'obfuscation'
    | 'other';
  /** Of a shape and of what is known of a link or obfuscation: its name. Of others what was written. */
  readonly value: string;
  /** Of a shape: `3`, `3+` or `3–5`. */
  readonly range: string;
}

const MOST_CHARACTERS = 48;

/** Names come from models, so that anything may be in them. */
export function partsOfFeature(name: string): FeatureParts {
  const shown = visibleLine(name, MOST_CHARACTERS);
  const value = shown.slice(2);
  switch (shown.slice(0, 2)) {
    case 'w:':
    case 'f:':
    case 't:':
    case 'b:':
      return { kind: 'word', value, range: '' };
    case 'g:':
      return { kind: 'characters', value: value.replaceAll('_', ' '), range: '' };
    case 'n:':
      return { kind: 'number', value: exampleOf(value), range: '' };
    case 'c:':
    case 'e:':
      return { kind: 'sign', value, range: '' };
    case 's:': {
      const at = value.lastIndexOf(':');
      return at < 0
        ? { kind: 'shape', value, range: '' }
        : { kind: 'shape', value: value.slice(0, at), range: value.slice(at + 1).replace('-', '–') };
    }
    case 'd:':
      // A domain, the end of one, a word of a path or a mail address's domain.
      return { kind: /[.@/]/.test(value) ? 'site' : 'link', value, range: '' };
    case 'x:':
      return { kind: 'obfuscation', value, range: '' };
    default:
      return { kind: 'other', value: shown, range: '' };
  }
}

const MOST_DIGITS = 15;

/** `£4d` is `£0000`: a number of this shape. */
function exampleOf(shape: string): string {
  return shape.replace(/(\d{1,2})d/g, (_, digits: string) =>
    '0'.repeat(Math.min(Number(digits), MOST_DIGITS)),
  );
}
