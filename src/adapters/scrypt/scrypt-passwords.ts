import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { PasswordHasher } from '../../ports/password-hasher.ts';

/**
 * What one hash costs: 32 MiB and three rounds, one of the settings that OWASP's Password Storage Cheat Sheet recommends as equal
 * to 128 MiB and one round. `logN`: binary logarithm of the CPU and memory cost.
 */
export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

const cost: ScryptCost = { logN: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Above it, a stored text is damaged or was planted to use up memory. */
const MAX_LOG_N = 17;
const stored = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/**
 * Passwords by scrypt (RFC 7914), stored in the PHC string format: `$scrypt$ln=15,r=8,p=3$salt$hash`. The parameters stand in the
 * text, so that they can be raised without asking for any password. `own`: another cost, for tests.
 */
export function scryptPasswords(own: ScryptCost = cost): PasswordHasher {
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      return textOf(own, salt, await derive(password, salt, own));
    },
    verify: async (password, text) => {
      const read = text === null ? undefined : parse(text);
      const { parameters, salt, hash } = read ?? {
        ...{ parameters: own, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) },
      };
      const derived = await derive(password, salt, parameters);
      return timingSafeEqual(derived, hash) && read !== undefined;
    },
  };
}

/** The same letters may be typed as different code points (NFKC makes them one), on another keyboard or system. */
function derive(password: string, salt: Buffer, { logN, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** logN;
  // Node's own limit is what one such hash takes, and nothing for what it needs beside.
  const options: ScryptOptions = { N, r, p, maxmem: 128 * r * (N + p + 2) + 1_048_576 };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function textOf({ logN, r, p }: ScryptCost, salt: Buffer, hash: Buffer): string {
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${logN},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
}

function parse(
  text: string,
): { readonly parameters: ScryptCost; readonly salt: Buffer; readonly hash: Buffer } | undefined {
  const [, ln, r, p, salt, hash] = stored.exec(text) ?? [];
  if (ln === undefined || salt === undefined || hash === undefined) return undefined;
  const parameters = { logN: Number(ln), r: Number(r), p: Number(p) };
  const bytes = Buffer.from(hash, 'base64');
  if (parameters.logN < 1 || parameters.logN > MAX_LOG_N || parameters.r < 1 || parameters.r > 16)
    return undefined;
  if (parameters.p < 1 || parameters.p > 16 || bytes.length !== HASH_BYTES) return undefined;
  return { parameters, salt: Buffer.from(salt, 'base64'), hash: bytes };
}
