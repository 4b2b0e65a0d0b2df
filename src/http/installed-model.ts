import type { ModelManifest } from '../core/model-manifest.ts';

/** The model that judges now. */
export interface InstalledModel {
  readonly version: string;
  readonly manifest: ModelManifest;
}
