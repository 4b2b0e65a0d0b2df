import { UnloadableModel } from './model-cache.ts';

/**
 * Ends the thread by an uncaught error, which the main thread sees as the reason of its death. An exception may have left anything
 * half done, in the stages of a model or elsewhere, and a thread is replaced sooner than that is understood. Never resolves.
 */
export function endThread(thrown: unknown): Promise<never> {
  return new Promise(() => {
    setImmediate(() => {
      throw lastWords(thrown);
    });
  });
}

/** Where it was thrown, and not its text, which may quote a message. */
function lastWords(thrown: unknown): Error {
  if (thrown instanceof UnloadableModel) return thrown;
  const { name, stack = '' } = thrown instanceof Error ? thrown : new Error('no error');
  const where = /^\s+at (?:async )?(\S+)/m.exec(stack)?.[1] ?? 'an unknown place';
  const error = new Error(`${name} thrown in ${where}`);
  error.stack = error.message;
  return error;
}
