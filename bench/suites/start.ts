import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { Daemon, withFolder } from '../harness/daemon.ts';
import type { BenchReport } from '../report/bench-report.ts';
import { Runs, spread } from '../report/statistics.ts';

const GOAL_SECONDS = 3;

/** From the start of the process until it scores: model checked and loaded, pipeline open, API and probes listening. */
export async function startBench(options: BenchOptions): Promise<BenchReport> {
  const { runs = 5, say } = options;
  const model = await newestModel(options.models);
  const settings = {
    model: { localPath: options.models },
    http: { api: { enabled: true, port: 0 }, ops: { enabled: true, port: 0 } },
  };
  const installed = new Runs();
  const ready = new Runs();
  // The first start brings the files into memory and is not counted.
  for (let run = 0; run <= runs; run++) {
    await withFolder(settings, async (folder) => {
      const began = Date.now();
      const daemon = Daemon.start(folder);
      await daemon.until(() => daemon.readyAt !== undefined, 60);
      await daemon.stop();
      if (run === 0) return;
      installed.add((daemon.timeOf('model active')! - began) / 1000);
      ready.add((daemon.readyAt! - began) / 1000);
      say(`run ${run}: ready after ${((daemon.readyAt! - began) / 1000).toFixed(2)} s\n`);
    });
  }
  const seconds = (value: number) => value.toFixed(2);
  return {
    name: 'start',
    configuration: {
      model: model.version,
      daemon: `\`sluice run\`, API and probes on; a new process each time, files in the disk cache; medians of ${runs} starts (lowest–highest)`,
    },
    tables: [
      {
        title: 'Seconds from the start of the process',
        columns: ['until', 's'],
        rows: [
          ['the model was tried in a process of its own, and each thread has it', spread(installed, seconds)],
          ['ready', spread(ready, seconds)],
        ],
      },
    ],
    goals: [
      {
        goal: `ready within ${GOAL_SECONDS} s`,
        measured: `${seconds(ready.median)} s`,
        met: ready.median <= GOAL_SECONDS,
      },
    ],
    verdictsChanged: false,
    figures: { installed, ready },
  };
}
