/** Endings that are hidden often and are hardly words: after these a lone full stop is read as part of a domain. */
const common: ReadonlySet<string> = new Set(['com', 'net', 'org', 'info', 'biz', 'xyz']);

/** Endings that hardly ever follow a full stop by a forgotten space, besides those of two letters that are no words. */
const plain: ReadonlySet<string> = new Set(
  `com net org info biz edu gov mil xyz club online site website shop store icu vip app dev tech mobi asia pro buzz
  wang loan bid win download stream review science party trade racing date webcam accountant cricket faith link
  finance ltd gmbh ag berlin hamburg koeln wien`.split(/\s+/),
);

/** Country endings that are words, or syllables that people write alone. */
const wordLike: ReadonlySet<string> = new Set(
  `ac ad ag ai al am an ao ar as at be bi bo by ca ch de do es et ga ge gm he hm id ie im in io is it ki la li lt ma me
  mm mo mr ms mu my na ne no nu om pa pm ps re sa se sh si so st su ta th to ua um us va vs ye`.split(/\s+/),
);

export function isCommonEnding(letters: string): boolean {
  return common.has(letters);
}

/** Whether a domain that ends so is meant as one, even bare, or may be two sentences without a space between. */
export function isPlainEnding(suffix: string): boolean {
  if (suffix === 'de' || suffix.includes('.')) return true;
  return suffix.length === 2 ? !wordLike.has(suffix) : plain.has(suffix) || suffix.startsWith('xn--');
}
