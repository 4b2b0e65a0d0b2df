import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import { userCacheFolder } from './maven-folder.ts';
import { runToEnd } from './run-to-end.ts';

export interface DebianArchiveOptions {
  /** Name of the package. */
  readonly name: string;
  /** A file of it that must be there when it is unpacked, relative to the root of the system. */
  readonly needs: string;
  /** Called before the slow part, where the folder is not there yet. */
  readonly fetching?: (() => void) | undefined;
  /** Where folders are kept; the user's cache folder where left out. */
  readonly cacheFolder?: string;
}

const DEADLINE_SECONDS = 300;

/**
 * A folder with what a Debian package holds, without what it depends on: fetched and unpacked on first use, nothing
 * installed, no service started. Throws `SERVICE_FAILED`.
 */
export async function debianArchive(options: DebianArchiveOptions): Promise<string> {
  const { name, needs, fetching } = options;
  const cache = options.cacheFolder ?? join(userCacheFolder(), 'services');
  const folder = join(cache, `${name}-debian`);
  if (await exists(join(folder, needs))) return folder;
  fetching?.();
  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(join(cache, `.${name}-`));
  try {
    if (!(await download(name, beside))) {
      // Lists of packages are missing on a new machine, and outdated on an old one.
      await apt(['update'], beside);
      if (!(await download(name, beside)))
        throw new SluiceError('SERVICE_FAILED', `${name} could not be fetched; run as root: apt-get update`);
    }
    const whole = join(beside, 'whole');
    const [archive] = (await readdir(beside)).filter((file) => file.endsWith('.deb'));
    const { code, output } = await runToEnd({
      command: 'dpkg',
      args: ['-x', archive!, 'whole'],
      cwd: beside,
      install: 'apt-get install -y dpkg',
      deadlineSeconds: DEADLINE_SECONDS,
    });
    if (code !== 0 || !(await exists(join(whole, needs))))
      throw new SluiceError(
        'SERVICE_FAILED',
        `Debian's package ${name} could not be unpacked, or has no ${needs}; check the free disk space:\n${output.slice(-1000)}`,
      );
    await rename(whole, folder).catch(async (error: unknown) => {
      if (!(await exists(join(folder, needs)))) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

/** Into `folder`; answers whether there is an archive now. */
async function download(name: string, folder: string): Promise<boolean> {
  const { code } = await apt(['download', name], folder);
  return code === 0 && (await readdir(folder)).some((file) => file.endsWith('.deb'));
}

function apt(args: readonly string[], cwd: string): ReturnType<typeof runToEnd> {
  return runToEnd({
    command: 'apt-get',
    args: ['-q', ...args],
    cwd,
    install: 'this on Debian or one of its descendants, where apt-get is',
    deadlineSeconds: DEADLINE_SECONDS,
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
