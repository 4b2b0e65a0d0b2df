import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

export interface BuildFacts {
  readonly version: string;
  /** Of the source; "unknown" where the package was not built from a checkout. */
  readonly revision: string;
  readonly node: string;
}

export function buildFacts(): BuildFacts {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return {
    version,
    revision: process.env.SLUICE_REVISION ?? revisionOfCheckout(),
    node: process.versions.node,
  };
}

function revisionOfCheckout(): string {
  const git = join(packageRoot(), '.git');
  try {
    const head = readFileSync(join(git, 'HEAD'), 'utf8').trim();
    if (!head.startsWith('ref: ')) return head.slice(0, 12);
    return readFileSync(join(git, head.slice('ref: '.length)), 'utf8')
      .trim()
      .slice(0, 12);
  } catch {
    return 'unknown';
  }
}
