import { failureOf } from '../logic/decision-queue.ts';
import type { ApiProblem } from '../state/api.ts';
import type { Texts } from '../texts/en.ts';

/** Why training data was not changed, and what to do. */
export function refusalText({ training: { problems } }: Texts, { status, kind, detail }: ApiProblem): string {
  switch (failureOf(status, kind)) {
    case 'again':
      return problems.unreachable;
    case 'log-in':
      return problems.unauthorized;
    case 'refresh':
      return problems.csrf;
    default:
      return (problems as Readonly<Record<string, string>>)[kind] ?? `${problems.other} ${detail}`;
  }
}
