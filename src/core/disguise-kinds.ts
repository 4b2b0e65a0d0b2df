/** The ways in which senders hide words from a filter, as `sluice evaluate --disguise` and made-up messages have them. */
export const disguiseKinds = [
  'zero-width',
  'nul',
  'bidi',
  'combining-marks',
  'full-width',
  'look-alikes',
  'spaced-letters',
  'dotted-letters',
  'leet',
  'filled-domains',
  // Of whole words.
  'parted-words',
  'parted-pairs',
  'signed-letters',
  'stretched-letters',
  'doubled-letters',
  'joined-words',
  'dropped-vowels',
  'starred-letters',
  'typos',
  'reversed-words',
  'cyrillic-spelling',
] as const;
export type DisguiseKind = (typeof disguiseKinds)[number];
