import type { Traffic } from '../../drift/traffic.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { findModel } from '../models/manage-models.ts';
import { manifestOf } from '../models/manifest-of.ts';
import { addReference } from '../models/model-reference.ts';
import { openData } from '../open/open-data.ts';
import { heldOutOf } from './train-on.ts';

/**
 * Writes into a model's folder what the messages that were held out of its training look like to it. `model`: its folder, or a version in
 * `model.localPath`; the newest there where left out. `data`: what it was trained on. Throws as `openData` and `addReference` do,
 * and `MODEL_MISSING`.
 */
export async function modelReference(
  settings: Settings,
  model: string | undefined,
  data: readonly string[],
): Promise<{ readonly model: LocalModel; readonly reference: Traffic }> {
  const found = await findModel(settings.model.localPath, model);
  const { thresholds } = await manifestOf(found);
  const sets = await openData(data);
  const reference = await addReference(found, heldOutOf(sets), {
    thresholds,
    threads: settings.pool.threads,
  });
  return { model: found, reference };
}
