import { expect } from 'vitest';
import { committedOffset, DaemonProcess, layFolder } from './daemon-process.ts';
import { expectDelivery, type Kill, lookAfterKill } from './delivery.ts';
import { Feeder } from './feeder.ts';

export interface KillPlan {
  readonly folder: string;
  readonly kills: number;
  /** Fed before the daemon may come to its end. */
  readonly messages: number;
  readonly perSecond: number;
}

/** Kills a daemon with SIGKILL at random moments while it scores, and starts it again; then counts. */
export async function killAtRandom({ folder, kills, messages, perSecond }: KillPlan): Promise<void> {
  layFolder(folder);
  const feeder = new Feeder(folder, perSecond);
  feeder.append(1);
  feeder.start();
  const seen: Kill[] = [];
  try {
    for (let kill = 0; kill < kills; kill++) {
      const daemon = await DaemonProcess.start(folder);
      const before = committedOffset(folder, feeder.name);
      await daemon.until(() => committedOffset(folder, feeder.name) > before);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 700));
      expect((await daemon.kill('SIGKILL')).signal).toBe('SIGKILL');
      seen.push(lookAfterKill(folder, feeder));
    }
    const daemon = await DaemonProcess.start(folder);
    await daemon.until(() => feeder.count >= messages, messages / perSecond + 60);
    feeder.stop();
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  } finally {
    feeder.stop();
  }
  expectDelivery(folder, feeder, seen);
}

/** Ends a daemon with SIGTERM under load, again and again: exit code 0, nothing lost, nothing twice. */
export async function termUnderLoad({ folder, kills, messages, perSecond }: KillPlan): Promise<void> {
  layFolder(folder);
  const feeder = new Feeder(folder, perSecond);
  feeder.append(1);
  feeder.start();
  try {
    for (let kill = 0; kill < kills; kill++) {
      const daemon = await DaemonProcess.start(folder);
      const before = committedOffset(folder, feeder.name);
      await daemon.until(() => committedOffset(folder, feeder.name) > before);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
      expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    }
    const daemon = await DaemonProcess.start(folder);
    await daemon.until(() => feeder.count >= messages, messages / perSecond + 60);
    feeder.stop();
    await daemon.until(() => committedOffset(folder, feeder.name) === feeder.bytes);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  } finally {
    feeder.stop();
  }
  expectDelivery(folder, feeder, []);
}
