/** Whom the shared broker lets in by TLS, with their passwords. */
export const securedUsers = { sluice: 'a password with spaces; and a semicolon' } as const;
