import { isLetterKind } from './character-kinds.ts';
import type { CharacterScan } from './character-scan.ts';
import { NOT_LOOKED_UP, tongues, tonguesOfWord } from './word-tongues.ts';

/** Words that begin behind so many code units are not looked at: a language shows early. */
const LOOKED_AT = 600;

/** Finds the language of a text among those of a model, by words that every sentence has one of. One instance serves one thread. */
export class LanguageDetector {
  /** Place among the model's languages of each language that is known here; -1 for none. */
  readonly #places: Int32Array;
  readonly #hits = new Int32Array(tongues.length);
  /** The language that was detected last, also one that the model doesn't have; empty where none showed, or two alike. */
  found = '';

  /** Primary subtags. */
  constructor(languages: readonly string[]) {
    this.#places = Int32Array.from(tongues, (tongue) => languages.indexOf(tongue));
  }

  /**
   * Place among the model's languages; 0, the default, where no language shows, or one that the model doesn't have, or two alike. The words
   * must have been listed, which looked up what each speaks for: this runs on every message.
   */
  detect(scan: CharacterScan): number {
    const { starts, tongues: spoken, size } = scan.words;
    this.#hits.fill(0);
    for (let at = 0; at < size && starts[at]! < LOOKED_AT; at++) {
      const found = spoken[at]!;
      if (found === NOT_LOOKED_UP) this.#addParts(scan, at);
      else if (found !== 0) this.#add(found);
    }
    return this.#placeOf(this.#hits);
  }

  #add(found: number): void {
    for (let rest = found; rest !== 0; rest &= rest - 1) this.#hits[31 - Math.clz32(rest & -rest)]!++;
  }

  /** Of a word with digits, what is between these; of a long one, all of it. */
  #addParts({ codes, kinds, words }: CharacterScan, at: number): void {
    const end = words.ends[at]!;
    for (let i = words.starts[at]!; i < end; ) {
      if (!isLetterKind(kinds[i]!)) {
        i++;
        continue;
      }
      const start = i;
      while (isLetterKind(kinds[i]!) || (codes[i] === 39 && isLetterKind(kinds[i + 1]!))) i++;
      this.#add(tonguesOfWord(String.fromCharCode(...codes.subarray(start, i))));
    }
  }

  #placeOf(hits: Int32Array): number {
    let best = -1;
    let most = 0;
    for (let at = 0; at < hits.length; at++) {
      if (hits[at]! > most) {
        most = hits[at]!;
        best = at;
      } else if (hits[at] === most && most > 0) {
        best = -1;
      }
    }
    this.found = best < 0 ? '' : tongues[best]!;
    return best < 0 ? 0 : Math.max(0, this.#places[best]!);
  }
}
