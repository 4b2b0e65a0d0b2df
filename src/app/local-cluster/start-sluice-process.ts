import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceProcess } from '../../cluster/service-process.ts';
import { SluiceError } from '../../core/errors.ts';
import type { ClusterDaemon } from './cluster-endpoints.ts';

const READY_SECONDS = 120;
/** Above `drain.deadlineSeconds`. */
const DAEMON_STOP_SECONDS = 30;
const LOAD_STOP_SECONDS = 10;

/** Starts a daemon. `folder`: where it writes its log. Resolves when the daemon is ready. Throws `SERVICE_FAILED`. */
export async function startDaemonProcess(
  { name, ops, settings }: ClusterDaemon,
  folder: string,
  packageRoot: string,
): Promise<void> {
  await ServiceProcess.start({
    ...sluice(packageRoot, ['run', '--config', settings, '--no-progress']),
    name,
    cwd: folder,
    outputFile: join(folder, 'daemon.log'),
    ready: async () => (await fetch(`${ops}/readyz`, { signal: AbortSignal.timeout(2000) })).ok,
    readySeconds: READY_SECONDS,
    stopSeconds: DAEMON_STOP_SECONDS,
  });
}

/** `cluster`: the cluster's folder. Resolves when it sends. Throws `SERVICE_FAILED`. */
export async function startLoadProcess(
  perSecond: number,
  cluster: string,
  folder: string,
  packageRoot: string,
): Promise<void> {
  await ServiceProcess.start({
    ...sluice(packageRoot, ['cluster', 'load', '--dir', cluster, '--rate', String(perSecond)]),
    name: 'load',
    cwd: folder,
    outputFile: join(folder, 'load.log'),
    ready: /^Sending /m,
    readySeconds: READY_SECONDS,
    stopSeconds: LOAD_STOP_SECONDS,
  });
}

/** How to run this very program. */
function sluice(packageRoot: string, args: readonly string[]) {
  const program = join(packageRoot, 'dist', 'sluice.js');
  if (!existsSync(program))
    throw new SluiceError('INTERNAL', `${program} is missing; run "npm run build" in the package’s folder`);
  // What a shell has set for another daemon is not for these.
  const foreign = Object.keys(process.env).filter((name) =>
    /^(?:SLUICE_|NOTIFY_SOCKET$|WATCHDOG_)/.test(name),
  );
  return {
    command: process.execPath,
    args: [program, ...args],
    environment: { ...Object.fromEntries(foreign.map((name) => [name, undefined])), NO_COLOR: '1' },
    install: 'npm install',
  } as const;
}
