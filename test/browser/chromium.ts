import { access } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';
import { ensureDebianPackages } from '../../src/cluster/debian-packages.ts';

const EXECUTABLE = '/usr/bin/chromium';

/** Debian's Chromium, installed where this process may. Throws `SERVICE_FAILED` with the line that installs it elsewhere. */
export async function openChromium(): Promise<Browser> {
  await ensureDebianPackages({
    packages: ['chromium'],
    installed: () =>
      access(EXECUTABLE).then(
        () => true,
        () => false,
      ),
  });
  return chromium.launch({
    executablePath: EXECUTABLE,
    // Chromium's sandbox refuses to run as root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}
