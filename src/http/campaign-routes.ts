import { SluiceError } from '../core/errors.ts';
import type { CampaignViews } from '../ports/campaign-store.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { campaignAnswer, campaignPath, campaignsPage, campaignsQuery } from './campaign-schemas.ts';
import { FieldsError } from './field-check.ts';
import { ProblemError } from './problem.ts';
import { shownItem } from './review-route.ts';

/** Campaigns of the review queue, to read. They are decided by `POST /api/v1/decisions`. */
export function campaignRoutes(app: ApiApp, { campaigns }: { readonly campaigns: CampaignViews }): void {
  app.get(
    '/api/v1/campaigns',
    {
      schema: {
        operationId: 'listCampaigns',
        summary: 'List campaigns that have open messages.',
        tags: ['review'],
        querystring: campaignsQuery,
        response: { 200: campaignsPage, ...problemAnswers },
      },
    },
    async (request) => {
      actorOf(request);
      const { after, limit } = request.query;
      try {
        const { items, next } = await campaigns.list({ limit, ...(after === undefined ? {} : { after }) });
        return { items: [...items], next };
      } catch (error) {
        if (!(error instanceof SluiceError) || error.code !== 'USAGE') throw error;
        throw new FieldsError([{ parameter: 'after', detail: 'Is not `next` of a page of this list.' }]);
      }
    },
  );
  app.get(
    '/api/v1/campaigns/:id',
    {
      schema: {
        operationId: 'showCampaign',
        summary: 'Show a campaign with a sample of its messages.',
        description:
          'A campaign that became part of another one is answered by that one: decide it by the id and the revision of the answer.',
        tags: ['review'],
        params: campaignPath,
        response: { 200: campaignAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      actorOf(request);
      const { id } = request.params;
      const found = await campaigns.show(id);
      if (found === undefined) throw new ProblemError('not-found', { detail: `There is no campaign ${id}.` });
      const sample = found.sample.map(({ item, ...rest }) => ({ ...rest, item: shownItem(item) }));
      return { ...found, sample };
    },
  );
}
