import { ErasureJobs } from '../../erasure/erasure-jobs.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Erasures } from '../../ports/erasures.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { builtEntry } from '../package-root.ts';
import { EraserProcess } from './eraser-process.ts';

/** What admins erase from the console; starts nothing before it is asked. */
export function openErasures(settings: Settings, log: Log): Erasures {
  return new ErasureJobs({
    eraser: new EraserProcess({ settings, entryFile: () => builtEntry('erase-apart') }),
    clock: systemClock,
    log: log.child('erasure'),
  });
}
