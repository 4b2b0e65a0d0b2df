import type { BatchStatistics } from '../src/core/scored-batch.ts';
import type { WordUnits } from '../src/text/word-units.ts';

/** Languages that one batch shows on their own; a stated tag is free text. */
const MOST_LANGUAGES = 32;
const OTHER = 'other';

/** Words and languages of a batch's messages, added up while their features are counted: all of it is known there already. */
export class TrafficTally {
  #words = 0;
  #unknown = 0;
  readonly #languages = new Map<string, number>();
  /** Messages in the same language as the one before, which most are, and are not among `#languages` yet. */
  #language = '';
  #inRow = 0;

  begin(): void {
    this.#words = 0;
    this.#unknown = 0;
    this.#languages.clear();
    this.#inRow = 0;
  }

  /** `language`: a tag as it was stated, or the detected language; empty where it is not known. */
  add({ words, known }: Pick<WordUnits, 'words' | 'known'>, language: string): void {
    this.#words += words;
    this.#unknown += words - known;
    if (language !== this.#language) {
      this.#settle();
      this.#language = language;
    }
    this.#inRow++;
  }

  /** Languages by primary subtag. */
  get statistics(): Required<Pick<BatchStatistics, 'features' | 'languages'>> {
    this.#settle();
    const languages: Record<string, number> = Object.create(null);
    for (const [tag, messages] of this.#languages) {
      const language = primarySubtag(tag);
      languages[language] = (languages[language] ?? 0) + messages;
    }
    return { features: { all: this.#words, unknown: this.#unknown }, languages: { ...languages } };
  }

  #settle(): void {
    if (this.#inRow === 0) return;
    const isKnown = this.#languages.size < MOST_LANGUAGES || this.#languages.has(this.#language);
    const language = isKnown ? this.#language : OTHER;
    this.#languages.set(language, (this.#languages.get(language) ?? 0) + this.#inRow);
    this.#inRow = 0;
  }
}

/** `de` of `de-AT`; `other` where it is longer than any subtag may be. */
function primarySubtag(tag: string): string {
  const end = tag.search(/[-_]/);
  const subtag = (end < 0 ? tag : tag.slice(0, end)).toLowerCase();
  return subtag.length > 8 ? OTHER : subtag;
}
