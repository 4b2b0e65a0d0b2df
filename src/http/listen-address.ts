import { describeError, SluiceError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';

export interface ListenAddress {
  /** Name or address of this machine's; `0.0.0.0` or `::` for all it has. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface Certificate {
  /** Both PEM. */
  readonly cert: string;
  readonly key: string;
}

/** `terminates-tls`: a proxy in front speaks TLS with clients, and adds `X-Forwarded-For`. */
export type ProxyRole = 'none' | 'terminates-tls';

/**
 * Messages are private: off this machine they travel encrypted or not at all.
 * Throws `ADDRESS_REFUSED` for an address that others can reach without TLS or a stated proxy.
 */
export function refuseOpenAddress(
  address: ListenAddress,
  tls: Certificate | undefined,
  proxy: ProxyRole,
): void {
  if (isLoopback(address.host) || tls !== undefined || proxy === 'terminates-tls') return;
  throw new SluiceError(
    'ADDRESS_REFUSED',
    `the API will not listen on "${address.host}", which other machines can reach unencrypted; ` +
      'configure a certificate, state that a proxy terminates TLS, or listen on 127.0.0.1',
  );
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there; stop it or choose another port',
  EACCES: 'this user may not; choose a port from 1024 up',
  EADDRNOTAVAIL: 'this machine has no such address; choose one it has',
  ENOTFOUND: 'no such host is known; choose an address of this machine',
};

/** `ADDRESS_REFUSED` with what to do about it. */
export function listenFailure(name: string, address: ListenAddress, thrown: unknown): SluiceError {
  const { code } = (thrown ?? {}) as { readonly code?: unknown };
  const reason = (typeof code === 'string' ? reasons[code] : undefined) ?? describeError(thrown);
  const at = `${address.host}:${address.port}`;
  return new SluiceError('ADDRESS_REFUSED', `${name} cannot listen on ${at}: ${reason}`, { cause: thrown });
}
