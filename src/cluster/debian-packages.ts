import { access } from 'node:fs/promises';
import { SluiceError } from '../core/errors.ts';
import { runToEnd } from './run-to-end.ts';

export interface DebianPackages {
  readonly packages: readonly string[];
  /** Whether what they bring is there, however it came. */
  readonly installed: () => Promise<boolean>;
  /** Called before they are installed. */
  readonly fetching?: (() => void) | undefined;
}

const APT = '/usr/bin/apt-get';
const DEADLINE_SECONDS = 300;

export function installLine(packages: readonly string[]): string {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Installs what is missing where this process may; elsewhere throws `SERVICE_FAILED` with the one line that does. */
export async function ensureDebianPackages({ packages, installed, fetching }: DebianPackages): Promise<void> {
  if (await installed()) return;
  const line = installLine(packages);
  const may = process.getuid?.() === 0 && (await exists(APT));
  if (!may)
    throw new SluiceError(
      'SERVICE_FAILED',
      `${packages.join(' and ')} must be installed; run as root: ${line}`,
    );
  fetching?.();
  const apt = (...args: string[]) =>
    runToEnd({ command: APT, args: ['-q', ...args], install: line, deadlineSeconds: DEADLINE_SECONDS });
  // The list of packages may be an old one whose files are gone; what matters is whether the next step works.
  await apt('update');
  const { code } = await apt('install', '-y', '--no-install-recommends', ...packages);
  if (code !== 0 || !(await installed()))
    throw new SluiceError('SERVICE_FAILED', `${packages.join(' and ')} could not be installed; run: ${line}`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
