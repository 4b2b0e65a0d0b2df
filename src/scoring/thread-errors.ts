import { describeError, SluiceError } from '../core/errors.ts';
import { type UnloadableCode, unloadableCodes } from './score-protocol.ts';

/** What a batch is rejected with whose thread ended; of a model that cannot be loaded, no message is to blame. */
export function threadError(cause: unknown): SluiceError {
  const code = unloadableCodeOf(cause);
  if (code !== undefined)
    return new SluiceError(
      code,
      `a scoring thread ended because it could not load the model: ${describeError(cause)}`,
      { retriable: true, cause },
    );
  return new SluiceError(
    'SCORER_THREAD_LOST',
    `a scoring thread failed under a batch (${describeError(cause)}); the batch is to be sent again`,
    { retriable: true, cause },
  );
}

/** What a batch is rejected with that no thread has begun with. `failure`: why the last thread ended. */
export function unavailable(failure: SluiceError | undefined): SluiceError {
  const why = failure === undefined ? 'each ended while it started' : failure.message;
  return new SluiceError(
    unloadableCodeOf(failure) ?? 'SCORER_UNAVAILABLE',
    `no scoring thread is left (${why}); new ones are started again and again, and the batch is to be sent again`,
    { retriable: true, cause: failure },
  );
}

/** The code of an error that says that a model could not be loaded, also of one that came from a thread. */
export function unloadableCodeOf(thrown: unknown): UnloadableCode | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return unloadableCodes.find((each) => each === code);
}
