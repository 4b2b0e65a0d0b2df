import { sha256Of } from '../core/sha256.ts';

/** Long enough that nobody can guess one, so that a plain hash is enough to store it. */
const SECRET_BYTES = 32;
/** By which programs that look for leaked secrets know an API token. */
export const TOKEN_PREFIX = 'sluice_';

/** Makes a secret of 43 letters, digits, `-` and `_`. */
export function newSecret(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return base64Url(bytes);
}

/** What is stored of a secret: SHA-256, in hex. */
export function hashOfSecret(secret: string): string {
  return sha256Of(new TextEncoder().encode(secret));
}

/** What a page has to send beside the cookie of its session. It says nothing about the secret, and is not what is stored. */
export function csrfOf(sessionSecret: string): string {
  return hashOfSecret(`csrf ${sessionSecret}`);
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
