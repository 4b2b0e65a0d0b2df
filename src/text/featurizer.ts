import type { FeatureFamily, ModelManifest } from '../core/model-manifest.ts';
import { AskedTerms } from './asked-terms.ts';
import { CharacterScan, MAX_LENGTH } from './character-scan.ts';
import { type Deobfuscated, deobfuscate } from './deobfuscate.ts';
import { LanguageDetector } from './detect-language.ts';
import { Edits, type Trace, traceOf } from './edits.ts';
import type { FeatureCounts } from './feature-counts.ts';
import { everyFeature, type FeatureSelection } from './feature-selection.ts';
import { collapse, leaveOutMiddle, MAX_LOOKED_AT } from './fit-length.ts';
import { HINT_LINK } from './hints.ts';
import { findLinks, type Link, linkFrom } from './links.ts';
import { PreparedMessage, type PreparedText } from './prepared-text.ts';
import { rearrange } from './rearrange.ts';
import { GramScan } from './scan-grams.ts';
import { PlainWordScan } from './scan-plain-words.ts';
import { WordScan } from './scan-words.ts';
import type { TermTable } from './term-table.ts';
import { visiblePart } from './visible-part.ts';
import { Vocabulary } from './vocabulary.ts';
import type { CountedWords } from './window-search.ts';
import { WordForms } from './word-forms.ts';

export type { PreparedText };

export interface FeaturizerOptions {
  /** Primary subtags ('en', 'de'); the first is the default. At least one. */
  readonly languages: readonly string[];
  /** Registrable domains, or hosts, to which links are not counted. */
  readonly ownDomains: readonly string[];
  /** Which features there are, see feature-names.ts; `sluice-2` where left out. */
  readonly featureSet?: ModelManifest['feature_set'];
}

const noLinks: readonly Link[] = [];

/**
 * A message's text in, its features out: the only place where that happens, for training and for serving. What it answers
 * depends on the text and the options alone. One instance serves one thread; it owns its buffers and caches.
 */
export class Featurizer {
  readonly #languages: ReadonlyMap<string, number>;
  readonly #detector: LanguageDetector;
  readonly #forms: readonly WordForms[];
  readonly #ownDomains: ReadonlySet<string>;
  readonly #characters: CharacterScan;
  readonly #words: WordScan;
  readonly #grams: GramScan;
  readonly #plainWords: PlainWordScan;
  readonly #featureSet: ModelManifest['feature_set'];
  readonly #asked = new AskedTerms();
  /** Whose code units stand in the buffer of `#characters`. */
  #loaded: PreparedText | null = null;
  #stated: string | undefined;
  /** Stands for a plain text as long as it is loaded. */
  readonly #passing = new PreparedMessage('', '', 0, 0, false, false, noLinks);

  constructor(options: FeaturizerOptions) {
    this.#featureSet = options.featureSet ?? 'sluice-2';
    const languages = options.languages.length === 0 ? ['en'] : options.languages.map(primarySubtag);
    this.#languages = new Map(languages.map((language, i) => [language, i]));
    this.#detector = new LanguageDetector(languages);
    this.#forms = languages.map((language) => new WordForms(language));
    this.#characters = new CharacterScan(this.#forms[0]);
    this.#words = new WordScan(this.#characters);
    this.#grams = new GramScan(this.#characters);
    this.#plainWords = new PlainWordScan(this.#characters);
    this.#ownDomains = new Set(options.ownDomains.map((domain) => domain.toLowerCase()));
  }

  /**
   * Undoes obfuscation and takes the message's shape. Without a language it is detected; with one that is not among the options, the
   * default holds. The answer is immutable and stays valid whatever is prepared after it; counting the text that was
   * prepared last is fastest, another is read again first.
   */
  prepare(text: string, language?: string): PreparedText {
    return this.#prepare(text, language, null).prepared;
  }

  /**
   * The same for the ASCII text in bytes[start … end), without a string being made; null where it may be obfuscated or hold
   * a link, or is too long: those need `prepare`. The answer is a passing one: it holds until something else is prepared or counted.
   */
  preparePlain(bytes: Uint8Array, start: number, end: number, language?: string): PreparedText | null {
    if (end - start > MAX_LENGTH) return null;
    this.#loaded = null;
    this.#characters.loadAscii(bytes, start, end);
    if (this.#characters.hints !== 0) return null;
    this.#characters.listWords();
    if (this.#characters.hints !== 0) return null;
    this.#passing.language = this.#languageOf(language);
    this.#loaded = this.#passing;
    return this.#passing;
  }

  /**
   * `prepare` of the ASCII text in bytes[start … end): a passing answer where `preparePlain` has one. Otherwise `read` gives
   * the text as a string, whose characters need not be scanned again.
   */
  prepareAscii(
    bytes: Uint8Array,
    start: number,
    end: number,
    read: () => string,
    language?: string,
  ): PreparedText {
    if (end - start > MAX_LENGTH) return this.prepare(read(), language);
    const plain = this.preparePlain(bytes, start, end, language);
    return plain ?? this.#prepareLoaded(unshortened(read(), null), language, false).prepared;
  }

  /** Whether the text may not be kept. */
  isPassing(prepared: PreparedText): boolean {
    return prepared === this.#passing;
  }

  /** As `prepare`, with where each code unit of the prepared text stands in `text`. Slower; for showing a message. */
  prepareTraced(text: string, language?: string): { readonly prepared: PreparedText; readonly trace: Trace } {
    const { prepared, trace } = this.#prepare(text, language, traceOf(text.length));
    return { prepared, trace: trace! };
  }

  /**
   * Puts the family's features that `table` knows in place of what `out` held. Ids are distinct, counts above zero. A vocabulary is only
   * asked for what is in its own selection; another table, for what is in `selection`.
   */
  count(
    prepared: PreparedText,
    family: FeatureFamily,
    table: TermTable,
    out: FeatureCounts,
    selection: FeatureSelection = everyFeature,
  ): void {
    out.clear();
    const characters = this.#characters;
    if (this.#loaded !== prepared) {
      if (prepared === this.#passing) throw new TypeError('something else was prepared since');
      characters.load(prepared.text, prepared.lower);
      this.#loaded = prepared;
    }
    if (table instanceof Vocabulary) {
      this.#asked.clear();
      if (family === 'words') for (const forms of this.#forms) forms.know(table);
      this.#scan(prepared, family, this.#asked, out, table.selection);
      table.count(this.#asked, out);
    } else {
      this.#scan(prepared, family, table, out, selection);
    }
  }

  /** The part [start, end) of a prepared text as a message of its own. Nothing of it is deobfuscated again. */
  part(prepared: PreparedText, start: number, end: number): PreparedText {
    const links: Link[] = [];
    for (const link of prepared.links)
      if (link.start >= start && link.end <= end) links.push(linkFrom(link, start));
    const text = prepared.text.slice(start, end);
    const lower = prepared.lower.slice(start, end);
    const found = links.length === 0 ? noLinks : links;
    return new PreparedMessage(text, lower, prepared.language, prepared.undone, false, false, found);
  }

  /** What a reader sees of a prepared text, as a message of its own; null if that is all of it, or nothing. */
  visible(prepared: PreparedText): PreparedText | null {
    const text = visiblePart(prepared.text);
    if (text === null || text.trim() === '') return null;
    const lower = text.toLowerCase();
    const links = prepared.links.length === 0 ? noLinks : findLinks(lower, this.#ownDomains);
    return new PreparedMessage(text, lower, prepared.language, prepared.undone, false, false, links);
  }

  /** Of the words that were last counted for a vocabulary: where they stand in the prepared text, and the ids found, in order. */
  get lastWords(): CountedWords {
    return { units: this.#words.units, ids: this.#asked.ids };
  }

  /** Of the text that was prepared last: its language as it was stated, else as it was detected; empty where none showed. */
  get lastLanguage(): string {
    return this.#stated ?? this.#detector.found;
  }

  /** Where the feature stands that `count` is asking its table for, as code units of the prepared text; -1 for nowhere. */
  placeOf(family: FeatureFamily): { readonly start: number; readonly end: number } {
    if (family === 'grams') return this.#grams;
    return this.#featureSet === 'sluice-2' ? this.#words : this.#plainWords;
  }

  #scan(
    prepared: PreparedText,
    family: FeatureFamily,
    table: TermTable,
    out: FeatureCounts,
    selection: FeatureSelection,
  ): void {
    if (this.#featureSet !== 'sluice-2') this.#countPlain(prepared, family, table, out);
    else if (family === 'words')
      this.#words.scan(prepared, this.#forms[prepared.language]!, table, out, selection.pairs);
    else this.#grams.scan(prepared.links, table, out, selection.shortestGram, selection.longestGram);
  }

  /** The sets besides `sluice-2` have words only. */
  #countPlain(prepared: PreparedText, family: FeatureFamily, table: TermTable, out: FeatureCounts): void {
    if (family !== 'words') return;
    if (this.#featureSet === 'bag-of-words-1') this.#plainWords.scanWords(table, out);
    else this.#plainWords.scanStems(this.#forms[prepared.language]!, table, out);
  }

  #prepare(
    text: string,
    language: string | undefined,
    trace: Trace | null,
  ): { readonly prepared: PreparedText; readonly trace: Trace | null } {
    const isTooLong = text.length > MAX_LENGTH;
    const fitted = isTooLong ? shorten(text, trace) : unshortened(text, trace);
    this.#characters.load(fitted.text, fitted.text);
    return this.#prepareLoaded(fitted, language, isTooLong);
  }

  /** Of a text that was loaded. */
  #prepareLoaded(
    fitted: Deobfuscated,
    language: string | undefined,
    wasTooLong: boolean,
  ): { readonly prepared: PreparedText; readonly trace: Trace | null } {
    const characters = this.#characters;
    const given = fitted.text;
    let deobfuscated: Deobfuscated = fitted;
    let lower = given;
    if ((characters.hints & ~HINT_LINK) === 0) characters.listWords();
    if ((characters.hints & ~HINT_LINK) !== 0) {
      deobfuscated = deobfuscate(given, characters, fitted.trace, wasTooLong);
      lower = deobfuscated.text.toLowerCase();
    }
    const links =
      (characters.hints & HINT_LINK) === 0 ? noLinks : findLinks(lower.toLowerCase(), this.#ownDomains);
    const prepared = new PreparedMessage(
      deobfuscated.text,
      lower,
      this.#languageOf(language),
      fitted.undone | deobfuscated.undone,
      fitted.isTruncated || deobfuscated.isTruncated,
      deobfuscated.isExhausted,
      links,
    );
    this.#loaded = prepared;
    return { prepared, trace: deobfuscated.trace };
  }

  /** Of the text in `#characters`. */
  #languageOf(tag: string | undefined): number {
    this.#stated = tag;
    const language =
      tag === undefined
        ? this.#detector.detect(this.#characters)
        : (this.#languages.get(tag) ?? this.#languages.get(primarySubtag(tag)) ?? 0);
    // The next message is most likely of the same language.
    this.#characters.forms = this.#forms[language]!;
    return language;
  }
}

function unshortened(text: string, trace: Trace | null): Deobfuscated {
  return { text, undone: 0, isTruncated: false, isExhausted: false, trace };
}

/** A text that is too long: what repeats itself or can't be seen is taken out, and of what is left both ends are read. */
function shorten(text: string, trace: Trace | null): Deobfuscated {
  let shortened = text;
  let traced = trace;
  const take = (change: (whole: string, edits: Edits) => number): number => {
    const edits = new Edits();
    const undone = change(shortened, edits);
    shortened = edits.apply(shortened);
    if (traced !== null) traced = edits.follow(traced);
    return undone;
  };
  const cut = (most: number): boolean => {
    const seen = shortened.trimEnd().length;
    if (shortened.length > most && seen <= most)
      take((whole, edits) => {
        edits.replace(seen, whole.length, '');
        return 0;
      });
    if (shortened.length <= most) return false;
    take((whole, edits) => {
      leaveOutMiddle(whole, edits, most);
      return 0;
    });
    return true;
  };
  let isTruncated = cut(MAX_LOOKED_AT);
  let undone = take(rearrange);
  undone |= take(collapse);
  isTruncated = cut(MAX_LENGTH) || isTruncated;
  return { text: shortened, undone, isTruncated, isExhausted: false, trace: traced };
}

/** `de` of `de-AT`. */
/** `de` of `de-AT`, in lower case. */
export function primarySubtag(tag: string): string {
  const end = tag.search(/[-_]/);
  return (end < 0 ? tag : tag.slice(0, end)).toLowerCase();
}
