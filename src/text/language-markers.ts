import { wordsIn } from './languages/language.ts';
import { languageOf, languageTags } from './languages/languages.ts';
import { otherMarkers } from './languages/other-languages.ts';

/** The words that distinguish each language from others: the stop words and markers of those that models can learn, and the others'. */
export const languageMarkers: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...new Set([...languageTags, ...Object.keys(otherMarkers)])].map((tag) => {
    const language = languageOf(tag);
    return [
      tag,
      new Set(language ? [...language.stopWords, ...language.markers] : wordsIn(otherMarkers[tag]!)),
    ];
  }),
);
