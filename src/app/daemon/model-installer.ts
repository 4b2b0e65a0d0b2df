import { describeError } from '../../core/errors.ts';
import type { ModelManifest } from '../../core/model-manifest.ts';
import type { InstalledModel } from '../../http/installed-model.ts';
import type { Log } from '../../ports/log.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { ModelChange } from '../models/change-model.ts';
import { fetchModelOrLastGood, type Models } from '../models/fetch-model.ts';
import { manifestOf } from '../models/manifest-of.ts';
import type { DaemonPart } from './part-list.ts';

export interface ModelInstallerParts {
  readonly settings: Settings;
  readonly models: Models;
  readonly scorer: () => { install(model: LocalModel): Promise<void> };
  readonly telemetry: Pick<Telemetry, 'modelInstalled' | 'modelRefused'>;
  readonly log: Log;
  /** Called before another model becomes active; must not reject. */
  readonly beforeChange?: (model: LocalModel) => Promise<void>;
  /** What can be done while the first model is checked, which happens in a process of its own. */
  readonly meanwhile: () => Promise<unknown>;
}

/** Brings models to the scorer: the first at the start, and others when the settings name them. */
export class ModelInstaller implements DaemonPart {
  readonly name = 'the model';
  readonly #parts: ModelInstallerParts;
  readonly #change: ModelChange;
  #installed: InstalledModel | undefined;
  #isAsConfigured = true;

  constructor(parts: ModelInstallerParts) {
    this.#parts = parts;
    this.#change = new ModelChange(
      parts.models,
      () => this.#installed?.version,
      (model) => this.#install(model),
    );
  }

  /** The active model; undefined before the first. */
  get installed(): InstalledModel | undefined {
    return this.#installed;
  }

  /** False where the start could not fetch the model that the settings name, and took the last good one. */
  get startedAsConfigured(): boolean {
    return this.#isAsConfigured;
  }

  /** Throws as `fetchModel` and the admission check do. */
  async start(): Promise<void> {
    const { settings, models, log, meanwhile } = this.#parts;
    const { model, insteadBecause } = await fetchModelOrLastGood(models, settings);
    if (insteadBecause !== undefined)
      log.warn(
        { model: model.version, error: insteadBecause.message },
        'models cannot be fetched; using the model that was active last until they can',
      );
    this.#isAsConfigured = insteadBecause === undefined;
    const installing = this.#install(model);
    await Promise.all([meanwhile(), installing]);
  }

  /** Changes to the model that the settings name; see {@link ModelChange.to}. */
  async change(settings: Settings, again: boolean): Promise<void> {
    await this.#change.to(settings, again);
  }

  async #install(model: LocalModel): Promise<void> {
    if (model.version === this.#installed?.version) return;
    const { models, scorer, telemetry, log, beforeChange } = this.#parts;
    let manifest: ModelManifest;
    try {
      manifest = await manifestOf(model);
      if (this.#installed !== undefined) await beforeChange?.(model);
      await scorer().install(model);
    } catch (error) {
      telemetry.modelRefused(describeError(error));
      throw error;
    }
    this.#installed = { version: model.version, manifest };
    telemetry.modelInstalled({ version: model.version, sha256: model.sha256 });
    log.info({ model: model.version }, 'model active');
    await models.store.becameActive(model.version).catch((error: unknown) => {
      log.warn({ error: describeError(error) }, 'could not remove local copies of older models');
    });
  }
}
