import { beforeEach, describe, expect, it } from 'vitest';
import { ProgressReport } from '../../../../src/app/daemon/progress-report.ts';
import { RunTally } from '../../../../src/app/daemon/run-tally.ts';
import { turn } from '../../pipeline/fakes.ts';

let tally: RunTally;
let lag: { total: number; isKnown: boolean };
let inFlight: number;
let looks: number;
let finishDemo: () => void;
let report: ProgressReport;
beforeEach(() => {
  tally = new RunTally();
  lag = { total: 0, isKnown: true };
  inFlight = 0;
  looks = 0;
  const written = new Promise<void>((resolve) => {
    finishDemo = resolve;
  });
  report = new ProgressReport({
    tally,
    demo: { written },
    lag: () => ({ ...lag, look: async () => void looks++ }),
    inFlight: () => inFlight,
    model: () => 'one',
  });
});

async function start(): Promise<void> {
  report.start();
  finishDemo();
  await turn();
}

describe('ProgressReport', () => {
  it('ProgressReport is not caught up before the lag was measured after the demonstration', async () => {
    report.start();
    await turn();
    expect([looks, report.progress.caughtUp]).toEqual([0, false]);
    finishDemo();
    await turn();
    expect([looks, report.progress.caughtUp]).toEqual([1, true]);
  });

  it('ProgressReport is caught up only if no message waits, none is in flight, and the lag is known', async () => {
    await start();
    const caughtUp = () => report.progress.caughtUp;
    lag.total = 1;
    expect(caughtUp()).toBe(false);
    lag = { total: 0, isKnown: false };
    expect(caughtUp()).toBe(false);
    lag.isKnown = true;
    inFlight = 1;
    expect(caughtUp()).toBe(false);
    inFlight = 0;
    tally.batchPulled(3);
    expect(caughtUp()).toBe(false);
    tally.messagesDeadLettered(3);
    expect(caughtUp()).toBe(true);
  });

  it('ProgressReport contains the counts of the run, also as one line for service managers', async () => {
    await start();
    tally.stateEntered('running');
    tally.messagesDeadLettered(2);
    expect(report.progress).toMatchObject({
      state: 'running',
      read: 2,
      deadLetters: 2,
      lag: 0,
      model: 'one',
    });
    expect(report.status).toBe(
      'running, model one: 2 read (0 a second), 0 spam, 0 to review, 2 dead letters',
    );
  });
});
