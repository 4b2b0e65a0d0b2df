import { isLetterKind, isWordKind, kindOf } from './character-kinds.ts';
import { disguiseBit } from './disguise.ts';
import type { Edits } from './edits.ts';
import { Work, workOf } from './work.ts';

const LOOK_ALIKE = disguiseBit('look-alike');

/** Letters of other scripts that look like a Latin one, after diacritics were dropped. Our own, small on purpose. */
const pairs: readonly (readonly [string, string])[] = [
  // Cyrillic
  ['АВЕЅІЈКМНОРСТХУҮЗЬԌԍҺԀԁԚԛԜԝѴѵ', 'ABESIJKMHOPCTXYY3bGgHDdQqWwVv'],
  ['асеһіјкӏорѕухгвнтмпѡьԁ', 'acehijklopsyxrbhtmnwbd'],
  // Greek
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ', 'ABEZHIKMNOPTYXC'],
  ['αβγεηικνορτυχωϲϳ', 'abyeniKvoptuxwcj'],
  // Armenian
  ['աօոսցհքգՕՍԼՏ', 'wonughpqOULS'],
  // Cherokee
  ['ᎠᎡᎢᎪᎫᎬᎳᎷᎻᎽᏀᏃᏆᏒᏔᏚᏞᏟᏢᏦᏴ', 'DRTAJEWMHYGZIRWSLCPKB'],
];

/** Latin letters of phonetic script and the like, which count as Latin and are folded in any word. */
const ownPairs = ['ıȷɑɡɩʋɢɪɴʀʏʙʜʟᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜰꜱꞮƖɛƒ', 'ijagivginrybhlacdejkmoptuvwzfsIIef'] as const;

/** By code unit the code of the Latin letter, 0 where there is none; for letters that count as Latin, with OWN. */
const latinOf = new Uint8Array(0x10000);
const OWN = 128;
for (const [others, latin] of [...pairs, ownPairs])
  [...others].forEach((other, i) => {
    latinOf[other.charCodeAt(0)] = latin.charCodeAt(i) | (others === ownPairs[0] ? OWN : 0);
  });

/** The letter itself where it looks like no Latin one. */
export function latinLookAlike(character: string): string {
  const latin = latinOf[character.charCodeAt(0)]! & ~OWN;
  return latin === 0 ? character : String.fromCharCode(latin);
}

/**
 * Folds letters that look like Latin ones, in words that mix them with Latin ones and are all Latin then. A word that is
 * Cyrillic throughout stays; only beside mixed words, in a text without any letter that looks like no Latin one, words
 * made of look-alikes alone are folded with them. Ends where `work` does.
 */
export function foldLookAlikes(text: string, edits: Edits, work: Work = new Work()): number {
  const mixed: (readonly [number, number])[] = [];
  const likely: (readonly [number, number])[] = [];
  let genuine = false;
  let i = 0;
  while (i < text.length) {
    if (!isWordKind(kindOf(text.charCodeAt(i)))) {
      i++;
      continue;
    }
    const start = i;
    let latin = 0;
    let foreign = 0;
    let folded = 0;
    let greek = 0;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const kind = kindOf(code);
      if (!isWordKind(kind)) break;
      if (!isLetterKind(kind)) continue;
      if (code < 128) {
        latin++;
        continue;
      }
      const look = latinOf[code]!;
      if (look >= OWN) latin++;
      if (code >= 0x370 && code < 0x400) greek++;
      if (look !== 0) folded++;
      else if (code < 0x250) latin++;
      else foreign++;
    }
    if (foreign > 0) genuine = true;
    else if (folded > 0) {
      likely.push([start, i]);
      // Greek and Cyrillic letters don't share a word either.
      if (latin > 0 || (greek > 0 && greek < folded)) mixed.push([start, i]);
    }
  }
  if (mixed.length === 0) return 0;
  for (const [start, end] of genuine ? mixed : likely)
    for (let at = start; at < end; at++) {
      const letter = latinOf[text.charCodeAt(at)]! & ~OWN;
      if (letter === 0) continue;
      if (!work.spend(workOf.lookAlike)) return LOOK_ALIKE;
      edits.replace(at, at + 1, String.fromCharCode(letter));
    }
  return LOOK_ALIKE;
}
