import { authPlugins, type ConnectionOptions } from 'mysql2';
import { isLoopback } from '../../core/loopback.ts';
import type { MysqlOptions } from './mysql-options.ts';

type AuthPlugins = NonNullable<ConnectionOptions['authPlugins']>;
type AuthPlugin = AuthPlugins[string];

/**
 * How to log in where the connection is not encrypted; undefined leaves it to the driver. By itself the driver asks the
 * server for a public key, and encrypts the password for any server that answers. Here it is encrypted for a pinned key, or, to a
 * server on another machine, not sent at all. On this machine nobody can answer in the server's place.
 */
export function passwordPlugins({
  host,
  tls,
  serverPublicKey,
}: Pick<MysqlOptions, 'host' | 'tls' | 'serverPublicKey'>): AuthPlugins | undefined {
  if (tls.mode !== 'off') return undefined;
  if (serverPublicKey !== undefined)
    return {
      caching_sha2_password: authPlugins.caching_sha2_password({ serverPublicKey }),
      sha256_password: authPlugins.sha256_password({ serverPublicKey }),
    };
  if (isLoopback(host)) return undefined;
  return {
    caching_sha2_password: withoutAskingForAKey(authPlugins.caching_sha2_password({})),
    sha256_password: withoutAskingForAKey(authPlugins.sha256_password({})),
  };
}

function withoutAskingForAKey(plugin: AuthPlugin): AuthPlugin {
  return (metadata) => {
    const answer = plugin(metadata);
    return (data) => {
      const packet = answer(data);
      // Of all that these plugins send, the question for the key alone is one byte.
      if (Buffer.isBuffer(packet) && packet.length === 1)
        throw new Error(
          'it asks for the password in a way that others could read; set store.mysql.tls.mode, or pin its key with store.mysql.serverPublicKey',
        );
      return packet;
    };
  };
}
