import type { ClusterClient } from '../app/local-cluster/cluster-client.ts';
import type { Cluster, ClusterStatus } from '../app/local-cluster/open-cluster.ts';
import { SluiceError } from '../core/errors.ts';
import type { Log } from '../ports/log.ts';
import { appFunctions, lazily } from './app-functions.ts';
import { clusterEndpointsText } from './cluster-endpoints-text.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** What the commands of the local cluster need of the application. */
export const clusterFunctions = {
  ...appFunctions,
  openCluster: lazily(async () => (await import('../app/local-cluster/open-cluster.ts')).openCluster),
  /** `settings`: path of the file of one of its daemons. */
  openClusterClient: lazily(
    async () => (await import('../app/local-cluster/cluster-client.ts')).openClusterClient,
  ),
};

type ClusterFunctions = typeof clusterFunctions;

export interface ClusterOptions {
  readonly dir?: string;
  readonly json?: boolean;
}

export interface ClusterUpOptions extends ClusterOptions {
  readonly rate: number;
}

export interface ClusterDownOptions extends ClusterOptions {
  readonly wipe?: boolean;
}

export interface ClusterSendOptions extends ClusterOptions {
  readonly community: string;
}

export interface ClusterVerdictsOptions extends ClusterOptions {
  readonly follow?: boolean;
}

export interface ClusterLoadOptions extends ClusterOptions {
  readonly rate: number;
}

/** Starts the cluster, or reports that it is up; in either case prints the endpoints. */
export async function clusterUp(
  options: ClusterUpOptions,
  terminal: Terminal,
  app: ClusterFunctions,
): Promise<ExitCode> {
  const cluster = await open(options, app);
  const interruption = interruptible((again) =>
    terminal.say(again ? 'It is being ended; please wait.\n' : 'Interrupted: what was started is ended.\n'),
  );
  try {
    const { status, started } = await cluster.up({
      perSecond: options.rate,
      progress: (text) => terminal.say(`${text}\n`),
      signal: interruption.signal,
    });
    if (!started) terminal.say(`It is up already; nothing was started.\n`);
    await print(status, options, terminal);
    return exitCodes.ok;
  } catch (error) {
    if (interruption.code !== undefined) return interruption.code;
    terminal.say('What had been started was ended again.\n');
    throw error;
  } finally {
    interruption.end();
  }
}

export async function clusterDown(
  options: ClusterDownOptions,
  terminal: Terminal,
  app: ClusterFunctions,
): Promise<ExitCode> {
  const cluster = await open(options, app);
  const wipe = options.wipe ?? false;
  const ended = await cluster.down({ wipe, progress: (text) => terminal.say(`${text}\n`) });
  if (options.json)
    await terminal.stdout.write(`${JSON.stringify({ folder: cluster.folder, ended, wiped: wipe })}\n`);
  else {
    const what = ended.length === 0 ? 'Nothing of it was running.' : `Ended: ${ended.join(', ')}.`;
    const data = wipe ? 'Its data and logs are removed.' : `Data and logs are kept in ${cluster.folder}.`;
    terminal.say(`${what} ${data}\n`);
  }
  return exitCodes.ok;
}

export async function clusterStatus(
  options: ClusterOptions,
  terminal: Terminal,
  app: ClusterFunctions,
): Promise<ExitCode> {
  const status = (await open(options, app)).status();
  const gone = status.processes.filter(({ running }) => !running);
  const runs = status.processes.length - gone.length;
  if (options.json || runs > 0) await print(status, options, terminal);
  if (status.up) return exitCodes.ok;
  for (const { name, log } of gone) terminal.say(`${name} has ended; its log: ${log}\n`);
  if (runs === 0) terminal.say(`No cluster is up in ${status.folder}.\n`);
  else if (gone.length === 0) terminal.say('It is being started, or its start was cut off.\n');
  return exitCodes.no;
}

/** Sends messages; their ids go to stdout, one a line. */
export async function clusterSend(
  texts: readonly string[],
  options: ClusterSendOptions,
  terminal: Terminal,
  app: ClusterFunctions,
): Promise<ExitCode> {
  const client = await openClient(options, terminal, app);
  const ids = await client.send(texts, options.community);
  await terminal.stdout.write(ids.map((id) => `${id}\n`).join(''));
  return exitCodes.ok;
}

/** Prints verdicts as they stand in the topic, one a line. */
export async function clusterVerdicts(
  options: ClusterVerdictsOptions,
  terminal: Terminal,
  app: ClusterFunctions,
): Promise<ExitCode> {
  const client = await openClient(options, terminal, app);
  const interruption = interruptible();
  try {
    await client.verdicts({ follow: options.follow ?? false, signal: interruption.signal }, (line) =>
      terminal.stdout.write(`${line}\n`),
    );
    return exitCodes.ok;
  } finally {
    interruption.end();
  }
}

/** Sends synthetic messages until a signal. */
export async function clusterLoad(
  options: ClusterLoadOptions,
  terminal: Terminal,
  app: ClusterFunctions,
): Promise<ExitCode> {
  const client = await openClient(options, terminal, app);
  const interruption = interruptible();
  try {
    const stop = await client.load(options.rate);
    terminal.say(
      `Sending ${options.rate} synthetic messages per second to ${client.topics.source}; Ctrl-C stops.\n`,
    );
    await interruption.came;
    await stop();
    return exitCodes.ok;
  } finally {
    interruption.end();
  }
}

async function print(status: ClusterStatus, options: ClusterOptions, terminal: Terminal): Promise<void> {
  await terminal.stdout.write(
    options.json
      ? `${JSON.stringify(status, null, 2)}\n`
      : clusterEndpointsText(status, terminal.command, options.dir),
  );
}

async function open(options: ClusterOptions, app: ClusterFunctions): Promise<Cluster> {
  return await app.openCluster(options.dir, await quietLog(app));
}

/** Of a cluster that runs, if not all of it. Throws `USAGE` where none does. */
async function openClient(
  options: ClusterOptions,
  terminal: Terminal,
  app: ClusterFunctions,
): Promise<ClusterClient> {
  const log = await quietLog(app);
  const { folder, places, processes } = (await app.openCluster(options.dir, log)).status();
  if (places === undefined || !processes.some(({ running }) => running))
    throw new SluiceError('USAGE', `no cluster is up in ${folder}; run "${terminal.command} cluster up"`);
  return await app.openClusterClient(places.daemons[0]!.settings, log);
}

/** What went wrong, and nothing else of the clients' own words. */
function quietLog(app: ClusterFunctions): Promise<Log> {
  return app.createLog({ level: 'error', format: 'json', destination: 'stderr' });
}

interface Interruption {
  readonly signal: AbortSignal;
  readonly came: Promise<void>;
  /** What to exit with, once one came. */
  readonly code: ExitCode | undefined;
  end(): void;
}

/** From now on signals end what is being done, and not the process. `say` is called with whether one came before. */
function interruptible(say: (again: boolean) => void = () => {}): Interruption {
  const controller = new AbortController();
  let code: ExitCode | undefined;
  const came = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const on = (exitCode: ExitCode) => () => {
    say(code !== undefined);
    code ??= exitCode;
    controller.abort();
  };
  const listeners = [
    ['SIGINT', on(exitCodes.interrupted)],
    ['SIGTERM', on(exitCodes.terminated)],
    // The terminal was closed.
    ['SIGHUP', on(exitCodes.terminated)],
  ] as const;
  for (const [name, listener] of listeners) process.on(name, listener);
  return {
    signal: controller.signal,
    came,
    get code() {
      return code;
    },
    end: () => {
      for (const [name, listener] of listeners) process.off(name, listener);
    },
  };
}
