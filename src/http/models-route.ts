import type { ApiApp } from './api-app.ts';
import { modelsAnswer, problemAnswers } from './api-schemas.ts';
import type { InstalledModel } from './installed-model.ts';

/** `GET /api/v1/models`: the active model and what its manifest says of it. */
export function modelsRoute(app: ApiApp, model: () => InstalledModel | undefined): void {
  app.get(
    '/api/v1/models',
    {
      schema: {
        operationId: 'listModels',
        summary: 'Show the active model.',
        tags: ['models'],
        response: { 200: modelsAnswer, ...problemAnswers },
      },
    },
    async () => {
      const active = model();
      return { models: active === undefined ? [] : [facts(active)] };
    },
  );
}

function facts({ version, manifest }: InstalledModel) {
  return {
    version,
    status: 'active' as const,
    feature_set: manifest.feature_set,
    languages: manifest.languages,
    vocabulary: manifest.vocabulary.sizes,
    members: manifest.members.map(({ name, families, weight }) => ({ name, families, weight })),
    stages: manifest.stages.length,
    trees: manifest.stages.reduce((sum, stage) => sum + (stage.kind === 'forest' ? stage.trees : 0), 0),
    prior: manifest.prior,
    thresholds: manifest.thresholds,
    data: manifest.data,
    bytes: Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0),
  };
}
