import { describeError } from '../../core/errors.ts';
import type { ModelManifest } from '../../core/model-manifest.ts';
import type { Log } from '../../ports/log.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { fetchModelOrLastGood, type Models } from '../models/fetch-model.ts';
import { manifestOf } from '../models/manifest-of.ts';

const EVERY_SECONDS = 30;

export interface FollowedModelParts {
  readonly settings: Settings;
  readonly models: Models;
  readonly log: Log;
}

/** Which model is active, asked at the start and then on a timer; it lasts while that cannot be asked. */
export class FollowedModel {
  readonly #parts: FollowedModelParts;
  #current: { readonly local: LocalModel; readonly manifest: ModelManifest } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #hasFailed = false;

  constructor(parts: FollowedModelParts) {
    this.#parts = parts;
  }

  /** Null while there is none. */
  get local(): LocalModel | null {
    return this.#current?.local ?? null;
  }

  get manifest(): ModelManifest | undefined {
    return this.#current?.manifest;
  }

  /** Never rejects: people can decide without a model. */
  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    }, EVERY_SECONDS * 1000).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { settings, models, log } = this.#parts;
    try {
      const { model } = await fetchModelOrLastGood(models, settings);
      if (model.version !== this.#current?.local.version) {
        this.#current = { local: model, manifest: await manifestOf(model) };
        log.info({ model: model.version }, 'messages are explained and scored by this model');
      }
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed)
        log.warn(
          { error: describeError(error) },
          'the active model cannot be read; without one nothing is explained, and it is tried again',
        );
      this.#hasFailed = true;
    }
  }
}
