import type { ModelManifest } from '../core/model-manifest.ts';

/** The active model. */
export interface InstalledModel {
  readonly version: string;
  readonly manifest: ModelManifest;
}
