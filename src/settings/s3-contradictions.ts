import { isIP } from 'node:net';
import { isLoopback } from '../core/loopback.ts';
import type { Contradiction } from './resolve-layers.ts';
import type { Settings } from './settings-schema.ts';

const pathOf = (name: string) => ['model', 's3', name] as const;

/** What must hold for models in S3. */
export function* s3Contradictions({ model: { store, s3 } }: Settings): Generator<Contradiction> {
  if (store !== 's3' || s3.endpoint === undefined) return;
  const { protocol, hostname } = new URL(s3.endpoint);
  if (protocol === 'http:' && !isLoopback(hostname) && !s3.allowWithoutTls)
    yield {
      paths: [pathOf('endpoint')],
      text: 'is http and not on a loopback address: who can change that traffic could activate another model; use https, or set model.s3.allowWithoutTls',
    };
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (!s3.forcePathStyle && isIP(bare) !== 0)
    yield {
      paths: [pathOf('forcePathStyle'), pathOf('endpoint')],
      text: 'is false, but the endpoint is an IP address, which the name of a bucket cannot precede; set it to true',
    };
}
