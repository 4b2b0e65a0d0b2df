import { setImmediate } from 'node:timers/promises';
import { FolderScratch } from '../../adapters/file/folder-scratch.ts';
import type { StepReport, StepRun } from '../../core/step-report.ts';
import { Dedupe } from '../../labeling/dedupe.ts';
import type { DedupeReport } from '../../labeling/dedupe-report.ts';
import type { SearchProgress } from '../../labeling/duplicates/find-duplicates.ts';
import type { DedupeParameters } from '../../labeling/labeled-duplicates.ts';
import { runStep } from '../../labeling/run-step.ts';
import type { StepPlan } from '../../labeling/step-plan.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { type PlannerParts, withLabels } from './with-labels.ts';

/** The step's report; and what was found, unless it was interrupted. */
export interface DedupeStepReport extends StepReport {
  readonly dedupe?: DedupeReport;
}

export interface DedupeHow extends StepRun {
  /** The folder of temporary files; that of the daemon's state where left out. */
  readonly scratch?: string;
}

/** `label dedupe`. */
export async function labelDedupe(
  settings: Settings,
  log: Log,
  { scratch, ...how }: DedupeHow,
  parameters: DedupeParameters,
): Promise<DedupeStepReport> {
  return await withLabels(settings, log, async (parts) => {
    let rows = 0;
    const progress = (at: SearchProgress) => {
      if ('rows' in at) rows = at.rows;
      how.progress(
        'rows' in at
          ? { phase: 'reading', rows }
          : { phase: 'comparing', rows: Math.round((rows * at.bands) / at.of) },
      );
    };
    const plan = planOf(parts, parameters, { progress, ...(scratch === undefined ? {} : { scratch }) });
    const report = await runStep(plan, { ...how, store: parts.store, clock: systemClock });
    if (report.state !== 'planned' && report.state !== 'applied') return report;
    return { ...report, dedupe: await plan.report() };
  });
}

/** The same plan again, for a step that was cut off. */
export function planDedupe(parts: PlannerParts, parameters: unknown): StepPlan {
  return planOf(parts, parameters as DedupeParameters, {});
}

function planOf(
  { store, settings }: PlannerParts,
  parameters: DedupeParameters,
  {
    scratch = settings.state.path,
    progress = () => {},
  }: { readonly scratch?: string; readonly progress?: (at: SearchProgress) => void },
): Dedupe {
  const pause = async () => void (await setImmediate());
  return new Dedupe({ store, scratch: new FolderScratch(scratch), parameters, pause, progress });
}
