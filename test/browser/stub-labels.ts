import type { FastifyInstance } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Actor, RowLabel } from '../../src/core/decision.ts';
import type { ApiApp } from '../../src/http/api-app.ts';
import { checkFields } from '../../src/http/field-check.ts';
import { labelNextRoutes } from '../../src/http/label-next-routes.ts';
import { PeopleLabelDesk } from '../../src/labeling/people-label-desk.ts';
import type { LabelDesk } from '../../src/ports/label-desk.ts';
import { MemoryTable, sentences } from '../unit/labeling/own-sentences.ts';

/** An unlabeled table in memory, and the real choice of what to ask. */
export class StubLabels {
  readonly table = new MemoryTable();
  /** As they were made; those that were taken back are undone. */
  readonly decisions: { readonly label: RowLabel; readonly ids: readonly number[]; isUndone: boolean }[] = [];
  readonly desk: PeopleLabelDesk;

  constructor() {
    for (const message of [...sentences('spam', 40), ...sentences('ham', 40)]) this.table.add(message);
    this.desk = new PeopleLabelDesk({
      store: this.table,
      clock: { elapsed: () => performance.now() / 1000 },
      deciderOf: (who) => ({
        decide: async (label, ids) => {
          for (const id of ids) this.table.label(id, label, who);
          return this.decisions.push({ label, ids, isUndone: false });
        },
        undo: async (decision) => {
          const made = this.decisions[decision - 1]!;
          for (const id of made.ids) this.table.label(id, null, null);
          made.isUndone = true;
        },
      }),
    });
  }
}

/** The real routes; `who` is logged in. `refuse` throws where the server is to be out of order. */
export function labelRoutes(app: FastifyInstance, labels: StubLabels, refuse: () => void): void {
  const { desk } = labels;
  const checked =
    <A extends readonly unknown[], T>(work: (name: string, ...given: A) => Promise<T>) =>
    async ({ name }: Actor, ...given: A): Promise<T> => {
      refuse();
      const answer = await work(name, ...given);
      await desk.learn();
      return answer;
    };
  const ofPeople: LabelDesk<Actor> = {
    next: checked((name, options?: { readonly again?: boolean }) => desk.next(name, options)),
    answer: checked((name, answer: Parameters<PeopleLabelDesk['answer']>[1]) => desk.answer(name, answer)),
    undo: checked((name) => desk.undo(name)),
    leave: checked((name) => desk.leave(name)),
  };
  void app.register((scope, _options, done) => {
    const typed = scope as unknown as ApiApp;
    typed.setValidatorCompiler(checkFields);
    typed.setSerializerCompiler(serializerCompiler);
    typed.decorateRequest('actor', null);
    typed.addHook('onRequest', async (request) => {
      request.actor = { name: 'mo', role: 'lead' };
    });
    labelNextRoutes(typed, ofPeople);
    done();
  });
}
