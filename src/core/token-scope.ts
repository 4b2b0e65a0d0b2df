/** What an API token may be used for: to score messages, to report them, to work on the review queue. */
export const tokenScopes = ['score', 'report', 'review'] as const;
export type TokenScope = (typeof tokenScopes)[number];
