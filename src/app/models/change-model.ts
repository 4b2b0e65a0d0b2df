import { type ErrorCode, SluiceError } from '../../core/errors.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { fetchWanted, type Models, wantedModel } from './fetch-model.ts';

/** What waiting does not fix: the files are not those of the manifest, or the admission check failed. */
const brokenCodes: ReadonlySet<ErrorCode> = new Set(['MODEL_CORRUPT', 'MODEL_REFUSED']);

interface BrokenModel {
  readonly version: string;
  /** Of its manifest where models are kept, when it was refused. */
  readonly manifest: string | undefined;
  readonly error: SluiceError;
}

/**
 * Changes the active model to the one that the settings name. One that was found broken is not fetched and checked again
 * by itself before its manifest is another; a transfer that was cut looks the same, so a caller who asks again gets another check.
 */
export class ModelChange {
  readonly #models: Models;
  readonly #installed: () => string | undefined;
  readonly #install: (model: LocalModel) => Promise<void>;
  #broken: BrokenModel | undefined;

  constructor(
    models: Models,
    installed: () => string | undefined,
    install: (model: LocalModel) => Promise<void>,
  ) {
    this.#models = models;
    this.#installed = installed;
    this.#install = install;
  }

  /**
   * `again`: nobody has asked since the last time. Throws as `fetchModel` and the installation do; then the previous model
   * scores on.
   */
  async to(settings: Settings, again: boolean): Promise<void> {
    // A changed threshold must not wait for the model store.
    if (settings.model.version === this.#installed()) return;
    const wanted = await wantedModel(this.#models, settings);
    const { version } = wanted;
    if (version === this.#installed()) return;
    const broken = again && this.#broken?.version === version ? this.#broken : undefined;
    if (broken !== undefined && (await this.#manifestOf(version, broken.manifest)) === broken.manifest)
      throw broken.error;
    this.#broken = undefined;
    try {
      await this.#install(await fetchWanted(this.#models, wanted));
    } catch (error) {
      if (error instanceof SluiceError && brokenCodes.has(error.code))
        this.#broken = { version, manifest: await this.#manifestOf(version, undefined), error };
      throw error;
    }
  }

  async #manifestOf(version: string, otherwise: string | undefined): Promise<string | undefined> {
    return await this.#models.store.manifestOf(version).catch(() => otherwise);
  }
}
