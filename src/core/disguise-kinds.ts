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

/** Harmless words appended to a message, so many: nothing of it is obfuscated, and nothing can be undone. */
export const paddingKinds = ['padding-50', 'padding-200'] as const;
export type PaddingKind = (typeof paddingKinds)[number];
