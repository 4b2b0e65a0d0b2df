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
] as const;
export type DisguiseKind = (typeof disguiseKinds)[number];
