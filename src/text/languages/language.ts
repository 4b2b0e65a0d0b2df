/** What is known of one language that models can learn. A word list is in lower case. */
export interface Language {
  /** The stem of a word in lower case. */
  readonly stem: (word: string) => string;
  /**
   * Words that carry grammar rather than meaning. Far shorter than published lists, which count `free`, `call`, `text`, `click` and
   * `now` among them: spam is made of those.
   */
  readonly stopWords: readonly string[];
  /**
   * Further words that distinguish the language from others: those that nearly every sentence has one of, and what people write in
   * chats. Without diacritics but for those of ä, ö and ü, as the prepared text has them. A word may be in several languages.
   */
  readonly markers: readonly string[];
  /** Words that are common in messages, spam or not. A change of the list changes what features mean. */
  readonly knownWords: readonly string[];
  /** What synthetic messages are made of. */
  readonly samples: SampleTemplates;
  /** Messages whose scores every new model records, so that a process that loads it can compare. */
  readonly goldenMessages?: readonly string[];
}

/** What synthetic messages of one language are made of. `<name>`, `<thing>`, `<place>`, `<day>` are chosen from the lists. */
export interface SampleTemplates {
  readonly names: readonly string[];
  readonly things: readonly string[];
  readonly places: readonly string[];
  readonly days: readonly string[];
  readonly ham: readonly string[];
  readonly spam: readonly string[];
}

/** The words of lists in which white space separates them. */
export function wordsIn(...lists: readonly string[]): readonly string[] {
  return lists.flatMap((list) => list.trim().split(/\s+/));
}
