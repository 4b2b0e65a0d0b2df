import { parentPort, workerData } from 'node:worker_threads';
import { PeopleLabelDesk } from '../../labeling/people-label-desk.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { LabelView } from '../../ports/label-desk.ts';
import { createLog } from '../create-log.ts';
import { withLabels } from '../tasks/with-labels.ts';
import {
  type LabelCall,
  type LabelRequest,
  type LabelThreadData,
  type OfThread,
  received,
  type SentError,
  sent,
  type ToThread,
} from './thread-calls.ts';

/** Entry of the thread that chooses what people are asked to label: it reads the table over a connection of its own, and fits the model. */

const EXPIRE_MS = 10_000;

type CallOf<T> = T extends LabelCall ? Omit<T, 'call'> : never;

const port = parentPort!;
const post = (message: OfThread) => port.postMessage(message);
const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let calls = 0;

/** Asks the process, which answers when it has decided or scored. */
function call<T>(wanted: CallOf<LabelCall>): Promise<T> {
  const number = ++calls;
  return new Promise<T>((resolve, reject) => {
    waiting.set(number, { resolve: (value) => resolve(value as T), reject });
    post({ ...wanted, call: number } as LabelCall);
  });
}

function deskOver({ store, leases }: Parameters<Parameters<typeof withLabels>[2]>[0]): PeopleLabelDesk {
  return new PeopleLabelDesk({
    store,
    leases,
    clock: systemClock,
    giveWay: () => new Promise((resolve) => setImmediate(resolve)),
    priorOf: (rows) => call({ kind: 'score', rows }),
    deciderOf: (who) => ({
      decide: (label, ids) => call({ kind: 'decide', who, label, ids }),
      undo: (decision) => call({ kind: 'undo', who, decision }),
    }),
  });
}

async function perform(desk: PeopleLabelDesk, request: LabelRequest): Promise<LabelView | null> {
  const { who } = request;
  switch (request.kind) {
    case 'next':
      return await desk.next(who, request);
    case 'answer':
      return await desk.answer(who, request);
    case 'undo':
      return await desk.undo(who);
    case 'leave':
      await desk.leave(who);
      return null;
  }
}

async function serve(desk: PeopleLabelDesk, request: LabelRequest): Promise<void> {
  const { id } = request;
  try {
    post({ id, view: await perform(desk, request) });
  } catch (error) {
    post({ id, error: sent(error) });
  }
  // When the answer is on its way.
  await desk.learn();
}

function answered(
  reply: { readonly call: number } & ({ readonly value: unknown } | { readonly error: SentError }),
) {
  const caller = waiting.get(reply.call);
  waiting.delete(reply.call);
  if ('error' in reply) caller?.reject(received(reply.error));
  else caller?.resolve(reply.value);
}

async function run(): Promise<void> {
  const { settings } = workerData as LabelThreadData;
  const { level, format } = settings.log;
  const log = createLog({ level: level === 'info' ? 'warn' : level, format, destination: 'stderr' });
  const early: LabelRequest[] = [];
  let desk: PeopleLabelDesk | undefined;
  const ended = new Promise<void>((resolve) => {
    port.on('message', (message: ToThread | 'end') => {
      if (message === 'end') resolve();
      else if ('call' in message) answered(message);
      else if (desk === undefined) early.push(message);
      else void serve(desk, message);
    });
  });
  await withLabels(settings, log, async (parts) => {
    const opened = deskOver(parts);
    desk = opened;
    for (const request of early.splice(0)) void serve(opened, request);
    const timer = setInterval(() => opened.expire().catch(() => undefined), EXPIRE_MS);
    await ended;
    clearInterval(timer);
  });
  port.close();
}

// A store that cannot be opened ends the thread; those who wait for it get the error.
await run();
