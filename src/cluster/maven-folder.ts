import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import { runToEnd } from './run-to-end.ts';

/** An artifact of a Maven repository: `group:artifact:version`, with `:type` or `:type:classifier` where it is no jar. */
export interface MavenArtifact {
  readonly coordinates: string;
  /** `group:artifact` of what it asks for and does not need; `*` stands for any. */
  readonly without?: readonly string[];
}

export interface MavenFolderOptions {
  /** The folder's name begins with it. */
  readonly name: string;
  readonly artifacts: readonly MavenArtifact[];
  /** Works on the folder before it counts as whole: unpacks an archive, compiles a class. Change `finishing` with it. */
  readonly finish?: (folder: string) => Promise<void>;
  /** Describes what `finish` does; a part of the folder's key. */
  readonly finishing?: string;
  /** Called before the slow part, where the folder is not there yet. */
  readonly fetching?: () => void;
  /** Where folders are kept; the user's cache folder where left out. */
  readonly cacheFolder?: string;
}

export const installJava = 'apt-get install -y --no-install-recommends maven default-jdk-headless';

const COPY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const DEADLINE_SECONDS = 600;

/**
 * A folder with the artifacts and all that they need at run time, fetched by Maven on first use and then reused. Its name
 * holds a hash of what is in it. It is filled beside and renamed when whole; of two that are filled at once one stays.
 * Throws `SERVICE_FAILED`.
 */
export async function mavenFolder(options: MavenFolderOptions): Promise<string> {
  const pom = pomOf(options.artifacts);
  const key = createHash('sha256')
    .update(pom)
    .update(options.finishing ?? '')
    .digest('hex')
    .slice(0, 16);
  const cache = options.cacheFolder ?? join(userCacheFolder(), 'services');
  const folder = join(cache, `${options.name}-${key}`);
  if (await exists(folder)) return folder;
  options.fetching?.();
  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(join(cache, `.${options.name}-`));
  try {
    await fetchInto(beside, pom, options.name);
    await options.finish?.(join(beside, 'whole'));
    await rename(join(beside, 'whole'), folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

async function fetchInto(beside: string, pom: string, name: string): Promise<void> {
  const whole = join(beside, 'whole');
  await writeFile(join(beside, 'pom.xml'), pom);
  const { code, output } = await runToEnd({
    command: 'mvn',
    args: ['-B', '-ntp', COPY_PLUGIN, `-DoutputDirectory=${whole}`, '-DincludeScope=runtime'],
    cwd: beside,
    install: installJava,
    deadlineSeconds: DEADLINE_SECONDS,
  });
  if (code === 0 && (await exists(whole))) return;
  // Maven's own words would name hosts of the user's network; the artifact is enough.
  const [, artifact] =
    /(?:find|resolve|transfer|collect)[^\n]*?artifact ([\w.-]+(?::[\w.-]+)+)/.exec(output) ?? [];
  const why =
    code === null
      ? `did not end within ${DEADLINE_SECONDS} s`
      : artifact === undefined
        ? `ended with exit code ${code}`
        : `could not get ${artifact}`;
  throw new SluiceError(
    'SERVICE_FAILED',
    `Maven ${why} while it fetched ${name}; check that it can reach its repository (settings.xml) and try again`,
  );
}

function pomOf(artifacts: readonly MavenArtifact[]): string {
  const dependencies = artifacts.map(({ coordinates, without = [] }) => {
    const [group, artifact, version, type, classifier] = coordinates.split(':');
    const exclusions = without.map((each) => {
      const [excludedGroup, excluded] = each.split(':');
      return `<exclusion>${element('groupId', excludedGroup)}${element('artifactId', excluded)}</exclusion>`;
    });
    return [
      '<dependency>',
      element('groupId', group),
      element('artifactId', artifact),
      element('version', version),
      element('type', type),
      element('classifier', classifier),
      exclusions.length === 0 ? '' : `<exclusions>${exclusions.join('')}</exclusions>`,
      '</dependency>',
    ].join('');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>sluice</groupId><artifactId>services</artifactId><version>1</version>
<packaging>pom</packaging>
<dependencies>
${dependencies.join('\n')}
</dependencies>
</project>
`;
}

function element(name: string, text: string | undefined): string {
  return text === undefined ? '' : `<${name}>${text}</${name}>`;
}

export function userCacheFolder(): string {
  const cache = process.env.XDG_CACHE_HOME;
  return join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'sluice');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
