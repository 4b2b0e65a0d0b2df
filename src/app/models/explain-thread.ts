import { parentPort } from 'node:worker_threads';
import type { CommunityPolicy } from '../../core/decision-policy.ts';
import { describeError } from '../../core/errors.ts';
import type { Explanation } from '../../core/explanation.ts';
import type { MessageExplainer } from '../../explain/message-explainer.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import { openExplainer } from './open-explainer.ts';

/** Entry of the thread that explains scores: one message after the other, by the model that the message names. */

export interface ExplainRequest {
  readonly id: number;
  readonly model: LocalModel;
  readonly message: string;
  readonly policy: CommunityPolicy;
}

export type ExplainReply = { readonly id: number } & (
  | { readonly explanation: Explanation | null }
  | { readonly error: string }
);

let current: { readonly sha256: string; readonly explainer: Promise<MessageExplainer> } | undefined;

function explainerOf(model: LocalModel): Promise<MessageExplainer> {
  if (current?.sha256 !== model.sha256) {
    current = { sha256: model.sha256, explainer: openExplainer(model) };
    current.explainer.catch(() => {
      current = undefined;
    });
  }
  return current.explainer;
}

async function answer({ id, model, message, policy }: ExplainRequest): Promise<ExplainReply> {
  try {
    return { id, explanation: (await explainerOf(model)).explain(message, policy) };
  } catch (error) {
    return { id, error: describeError(error) };
  }
}

parentPort?.on('message', async (request: ExplainRequest) => {
  parentPort?.postMessage(await answer(request));
});
