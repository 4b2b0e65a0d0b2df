import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { ProblemError } from './problem.ts';
import { type SettingsAnswer, settingsAnswer } from './settings-schemas.ts';

/** `GET /api/v1/settings`: what this process is configured with at this moment. Undefined where it was not started from settings. */
export function settingsRoute(app: ApiApp, settings: (() => SettingsAnswer) | undefined): void {
  app.get(
    '/api/v1/settings',
    {
      schema: {
        operationId: 'listSettings',
        summary: 'List the effective settings and where each comes from.',
        description: 'As `sluice config explain` does, but of the running process. Secrets are never sent.',
        tags: ['overview'],
        response: { 200: settingsAnswer, ...problemAnswers },
      },
    },
    async () => {
      if (settings === undefined)
        throw new ProblemError('not-found', { detail: 'This process was not started from settings.' });
      return settings();
    },
  );
}
