import type { Actor } from '../core/decision.ts';
import type { LabelDesk, LabelView } from '../ports/label-desk.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { doneAnswers } from './done-answers.ts';
import {
  type LabelNextAnswer,
  labelAnswerBody,
  labelNextAnswer,
  labelNextBody,
} from './label-next-schemas.ts';

const tags = ['training'];
const response = { 200: labelNextAnswer, ...problemAnswers };

/** Ask which unlabeled message to label next, as `sluice label next` does. For leads; needs `guardRoutes`. */
export function labelNextRoutes(app: ApiApp, labels: LabelDesk<Actor>): void {
  app.post(
    '/api/v1/training/next',
    {
      schema: {
        ...{ operationId: 'labelNext', tags, response, body: labelNextBody },
        summary: 'Show the message whose label teaches a model most.',
        description:
          'The message that you have, or a new one. No two people have the same; near-duplicates are not asked at the same time either.',
      },
    },
    async (request) => answerOf(await labels.next(actorOf(request), { again: request.body?.again === true })),
  );
  app.post(
    '/api/v1/training/next/answers',
    {
      schema: {
        ...{ operationId: 'answerLabel', tags, response, body: labelAnswerBody },
        summary: 'Label the message, and show the next one.',
        description:
          'The answer is a decision on all rows with this text and its near-duplicates that nobody has labeled. The same answer to the same message counts once.',
      },
    },
    async (request) => answerOf(await labels.answer(actorOf(request), request.body)),
  );
  app.post(
    '/api/v1/training/next/undo',
    {
      schema: {
        ...{ operationId: 'undoLabel', tags, response },
        summary: 'Take your last answer back, and show its message again.',
      },
    },
    async (request) => answerOf(await labels.undo(actorOf(request))),
  );
  app.delete(
    '/api/v1/training/next',
    {
      schema: {
        ...{ operationId: 'leaveLabel', tags, response: doneAnswers },
        summary: 'Give the message back, so that others may get it.',
      },
    },
    async (request, reply) => {
      await labels.leave(actorOf(request));
      return reply.code(204).send();
    },
  );
}

function answerOf(view: LabelView): LabelNextAnswer {
  const { phase, rowsRead, texts, question, labeledRows, given, answers, quality, isSettled } = view;
  return {
    ...{ phase, rows_read: rowsRead, texts, labeled_rows: labeledRows, undoable: given, answers },
    question: question === null ? null : { ...question, labeled: { ...question.labeled } },
    quality: quality === null ? null : { ...quality },
    ...{ settled: isSettled, uses_model: view.usesModel },
  };
}
