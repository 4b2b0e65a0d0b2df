/** Whether the score of a review row is hidden from those who decide it: of the audit sample, until it is decided. */
export function isScoreHidden({
  origin,
  state,
}: {
  readonly origin: string;
  readonly state: string;
}): boolean {
  return origin === 'audit' && (state === 'open' || state === 'leased');
}
