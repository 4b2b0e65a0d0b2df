import type { AssembleProgress } from '../../learning/assemble-data.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { type AssembledFolder, assembleFor } from '../learning/assemble.ts';
import { championOf } from '../learning/champion.ts';

export interface AssembleDatasetOrder {
  readonly out: string;
  /** That of the settings where left out. */
  readonly seed?: number;
  readonly scratch?: string;
  readonly signal: AbortSignal;
  readonly progress: (progress: AssembleProgress) => void;
}

export interface AssembledDataset extends AssembledFolder {
  /** Whose data old and new labels are distinguished by; null where there is no model. */
  readonly champion: string | null;
}

/** `dataset assemble`. */
export async function assembleDataset(
  settings: Settings,
  log: Log,
  { out, seed = settings.retrain.run.seed, scratch, signal, progress }: AssembleDatasetOrder,
): Promise<AssembledDataset> {
  const champion = await championOf(settings, (text) => log.warn({}, text));
  const assembled = await assembleFor(settings, {
    ...{ out, champion, seed, log, signal, progress },
    ...(scratch === undefined ? {} : { scratch }),
  });
  return { ...assembled, champion: champion?.version ?? null };
}
