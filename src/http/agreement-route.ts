import { hasRole } from '../core/require-role.ts';
import type { SecondOpinions } from '../ports/second-opinions.ts';
import { agreementOf, byWeek, LEAST_PAIRS, ofPerson, ofTeam, shown } from '../review/agreement.ts';
import { actorOf } from './actor.ts';
import { agreementAnswer, agreementQuery } from './agreement-schemas.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';

const DAY_MS = 86_400_000;

/** `GET /api/v1/review/agreement`: of messages that a second person answered without knowing the first answer. */
export function agreementRoute(
  app: ApiApp,
  { secondOpinions }: { readonly secondOpinions: Pick<SecondOpinions, 'pairs'> },
  now: () => number = Date.now,
): void {
  app.get(
    '/api/v1/review/agreement',
    {
      schema: {
        operationId: 'reviewAgreement',
        summary: 'How well people agree about the same messages.',
        description: 'One’s own for everybody; those of the team, and of each two people, for leads.',
        tags: ['review'],
        querystring: agreementQuery,
        response: { 200: agreementAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const isLead = hasRole(actor, 'lead');
      const since = now() - request.query.days * DAY_MS;
      const pairs = await secondOpinions.pairs({ since, ...(isLead ? {} : { by: actor.name }) });
      const mine = ofPerson(pairs, actor.name);
      const { team, people } = ofTeam(pairs);
      return {
        least_pairs: LEAST_PAIRS,
        mine: shown(agreementOf(mine)),
        weeks: [...byWeek(isLead ? pairs : mine)],
        team: isLead ? team : null,
        people: isLead ? [...people] : null,
      };
    },
  );
}
