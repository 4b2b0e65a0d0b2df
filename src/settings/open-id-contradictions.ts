import { isLoopback } from '../core/loopback.ts';
import { roles } from '../core/roles.ts';
import type { Contradiction } from './resolve-layers.ts';
import type { Settings } from './settings-schema.ts';

const pathOf = (name: string) => ['console', 'openId', name] as const;

/** What must hold for log-ins by an identity provider. */
export function* openIdContradictions({ console: { openId } }: Settings): Generator<Contradiction> {
  const { issuer, groups, defaultRole } = openId;
  if (issuer === undefined) return;
  for (const name of ['clientId', 'publicUrl'] as const)
    if (openId[name] === undefined)
      yield { paths: [pathOf(name), pathOf('issuer')], text: 'is missing, but console.openId.issuer is set' };
  for (const name of ['issuer', 'publicUrl'] as const) {
    const url = openId[name] === undefined ? undefined : new URL(openId[name]);
    if (url?.protocol === 'http:' && !isLoopback(url.hostname))
      yield {
        paths: [pathOf(name)],
        text: 'is http and not on a loopback address: anybody who reads that traffic could log in as others; use https',
      };
    if (url !== undefined && (url.search !== '' || url.hash !== '' || url.username !== ''))
      yield { paths: [pathOf(name)], text: 'has more than scheme, host, port and path' };
  }
  if (defaultRole === undefined && roles.every((role) => groups[role].length === 0))
    yield {
      paths: [pathOf('groups'), pathOf('issuer')],
      text: 'names no group, and console.openId.defaultRole is not set: nobody could log in',
    };
}
