import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { threadError, unavailable, unloadableCodeOf } from '../../../src/scoring/thread-errors.ts';

/** As one that was thrown in a thread comes over: an Error with a code, of no class of ours. */
const fromThread = (code: string) => Object.assign(new Error('its hash is wrong'), { code });

describe('what a batch is rejected with whose thread ended', () => {
  it('a batch whose thread ended is rejected as retriable, with the error of the thread', () => {
    const cause = new RangeError('out of memory');
    const error = threadError(cause);
    expect(error).toMatchObject({ code: 'SCORER_THREAD_LOST', retriable: true, cause });
    expect(error.message).toContain('out of memory');
    expect(threadError(fromThread('ENOENT')).code).toBe('SCORER_THREAD_LOST');
  });

  it.each(['MODEL_CORRUPT', 'MODEL_REFUSED'] as const)(
    'a batch whose thread ended is rejected with the code %s of a model that could not be loaded, so that no message is blamed',
    (code) => {
      const error = threadError(fromThread(code));
      expect(error).toMatchObject({ code, retriable: true });
      expect(error.message).toContain('its hash is wrong');
      expect(unloadableCodeOf(error)).toBe(code);
    },
  );
});

describe('what a batch is rejected with that no thread has begun with', () => {
  it('a batch that no thread has begun is rejected as retriable, with the reason why the last thread ended, if it is known', () => {
    const failure = threadError(new Error('killed'));
    expect(unavailable(failure)).toMatchObject({
      code: 'SCORER_UNAVAILABLE',
      retriable: true,
      cause: failure,
    });
    expect(unavailable(failure).message).toContain('killed');
    expect(unavailable(undefined)).toMatchObject({ code: 'SCORER_UNAVAILABLE', retriable: true });
  });

  it('a batch that no thread has begun is rejected with the code of a model that could not be loaded', () => {
    const failure = new SluiceError('MODEL_CORRUPT', 'its hash is wrong');
    expect(unavailable(failure)).toMatchObject({ code: 'MODEL_CORRUPT', retriable: true });
  });
});

describe('the code of a model that could not be loaded', () => {
  it('the code of a model that could not be loaded is read from an error, and from nothing else', () => {
    const codes = [
      fromThread('MODEL_REFUSED'),
      new Error('x'),
      { code: 'MODEL_REFUSED' },
      'a text',
      undefined,
    ];
    expect(codes.map(unloadableCodeOf)).toEqual(['MODEL_REFUSED', ...Array(4).fill(undefined)]);
  });
});
