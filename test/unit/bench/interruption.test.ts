import { describe, expect, it } from 'vitest';
import { Interrupted, interruptible } from '../../../bench/harness/interruption.ts';

describe('interruptible', () => {
  it('interruptible aborts on a signal, waits for the cleanup, and then stops listening', async () => {
    const before = process.listenerCount('SIGINT');
    const said: string[] = [];
    let tidied = false;
    const ended = interruptible(
      (text) => said.push(text),
      async (signal) => {
        try {
          await new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(new Error('broken off'))),
          );
        } finally {
          await new Promise((resolve) => setTimeout(resolve, 5));
          tidied = true;
        }
      },
    );
    process.emit('SIGINT');
    await expect(ended).rejects.toBeInstanceOf(Interrupted);
    expect(tidied).toBe(true);
    expect(said).toHaveLength(1);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('interruptible passes on results and errors', async () => {
    expect(
      await interruptible(
        () => {},
        async () => 3,
      ),
    ).toBe(3);
    const broken = interruptible(
      () => {},
      async () => {
        throw new RangeError('mine');
      },
    );
    await expect(broken).rejects.toBeInstanceOf(RangeError);
  });
});
