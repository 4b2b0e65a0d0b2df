import fastify from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { afterEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/decision.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { ApiApp } from '../../../src/http/api-app.ts';
import { campaignRoutes } from '../../../src/http/campaign-routes.ts';
import { campaignAnswer, campaignsPage } from '../../../src/http/campaign-schemas.ts';
import { checkFields } from '../../../src/http/field-check.ts';
import { problemOfError } from '../../../src/http/problem-of-error.ts';
import type { SampledCampaign } from '../../../src/ports/campaign-store.ts';

const { sample: _, score_min: __, score_max: ___, ...listed } = campaign();

function campaign(): SampledCampaign {
  const item = {
    ...{
      id: 5,
      state: 'open' as const,
      origin: 'band' as const,
      community: 'c',
      message_id: 'm',
      message: '<b>hello</b>',
    },
    ...{ sender: null, probability: 0.5, reasons: ['word'], model: 'm', created_at: 1 },
    ...{
      position: { topic: 't', partition: 0, offset: 1 },
      version: '0-a',
      label: null,
      decided_by: null,
      reporters: 0,
    },
    ...{ decided_at: null, unsure: 0, campaign: 3 },
  };
  return {
    ...{ id: 3, revision: 4, members: 9, open: 8, senders: 2, without_sender: 1, label: null },
    ...{ probability_min: 0.4, probability_max: null, decided_by: null, decided_at: null },
    ...{ created_at: 1, changed_at: 2, score_min: 9, score_max: 40 },
    sample: [{ item, because: 'foreign_words', score: 9, foreign_words: 12 }],
  };
}

let app: ApiApp;
afterEach(() => app.close());

async function get(url: string, actor: Actor | null = { name: 'anna', role: 'viewer' }) {
  app = fastify() as unknown as ApiApp;
  app.setValidatorCompiler(checkFields);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => {
    const { kind, facts } = problemOfError(error);
    return reply.code(kind === 'internal' ? 500 : 400).send({ kind, ...facts });
  });
  app.decorateRequest('actor', null);
  app.addHook('onRequest', async (request) => {
    request.actor = actor;
  });
  campaignRoutes(app, {
    campaigns: {
      list: async ({ after, limit }) => {
        if (after === 'nonsense') throw new SluiceError('USAGE', 'no cursor');
        return { items: [listed].slice(0, limit), next: after ?? null };
      },
      show: async (id) => (id === 3 || id === 2 ? campaign() : undefined),
    },
  });
  return app.inject({ method: 'GET', url });
}

describe('the routes of campaigns', () => {
  it('GET /api/v1/campaigns lists campaigns with the cursor of the next page', async () => {
    const answer = await get('/api/v1/campaigns?after=abc&limit=1');
    expect(answer.statusCode).toBe(200);
    expect(campaignsPage.strict().parse(answer.json())).toEqual({ items: [listed], next: 'abc' });
  });

  it('GET /api/v1/campaigns/{id} shows size, senders, score range and why each message is in the sample', async () => {
    const answer = await get('/api/v1/campaigns/3');
    expect(answer.statusCode).toBe(200);
    expect(campaignAnswer.strict().parse(answer.json())).toEqual(campaign());
  });

  it('a campaign that became part of another one is answered by that one', async () => {
    expect((await get('/api/v1/campaigns/2')).json()).toMatchObject({ id: 3 });
  });

  it('an unknown campaign, a foreign cursor, a bad id and nobody logged in are problems', async () => {
    expect((await get('/api/v1/campaigns/7')).json()).toMatchObject({ kind: 'not-found' });
    expect((await get('/api/v1/campaigns?after=nonsense')).json()).toMatchObject({ kind: 'invalid-fields' });
    expect((await get('/api/v1/campaigns/0')).json()).toMatchObject({ kind: 'invalid-fields' });
    expect((await get('/api/v1/campaigns?limit=1000')).json()).toMatchObject({ kind: 'invalid-fields' });
    for (const url of ['/api/v1/campaigns', '/api/v1/campaigns/3'])
      expect((await get(url, null)).json()).toMatchObject({ kind: 'unauthorized' });
  });
});
