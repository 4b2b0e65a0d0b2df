import type { Disagreement, ModelPair, ShadowCount, ShadowStore } from '../../ports/shadow-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { wantedModel } from '../models/fetch-model.ts';
import { adapters } from '../open/adapters.ts';
import { openModelActivation, openModelStore } from '../open/open-model-store.ts';

export interface ShadowReport {
  readonly models: ModelPair;
  readonly messages: number;
  readonly counts: readonly ShadowCount[];
  /** Newest first. */
  readonly disagreements: readonly Disagreement[];
}

export interface ShadowReportRequest {
  /** A version, `active` or `latest`. */
  readonly active: string;
  readonly shadow: string;
  readonly limit: number;
  readonly settings: Settings;
}

/** What daemons found of two models that scored the same messages. Throws `STORE_FAILED`, and as `wantedModel`. */
export async function shadowReport({
  active,
  shadow,
  limit,
  settings,
}: ShadowReportRequest): Promise<ShadowReport> {
  const models = {
    active: await versionOf(active, settings),
    shadow: await versionOf(shadow, settings),
  };
  const { decisions, accounts } = await adapters.store[settings.store.kind].openConsole(settings.store);
  try {
    return await shadowReportOf(decisions.shadow, models, limit);
  } finally {
    await decisions.close();
    await accounts.close();
  }
}

async function shadowReportOf(store: ShadowStore, models: ModelPair, limit: number): Promise<ShadowReport> {
  const counts = await store.counts(models);
  return {
    models,
    messages: counts.reduce((sum, { messages }) => sum + messages, 0),
    counts,
    disagreements: limit === 0 ? [] : await store.disagreements({ pair: models, limit }),
  };
}

async function versionOf(name: string, settings: Settings): Promise<string> {
  if (name !== 'active' && name !== 'latest') return name;
  const models = { store: openModelStore(settings), activation: openModelActivation(settings) };
  return (await wantedModel(models, { ...settings, model: { ...settings.model, version: name } })).version;
}
