import { describe, expect, it } from 'vitest';
import { Closers } from '../../../src/app/closers.ts';
import { RecordingLog, TurnClock } from '../pipeline/fakes.ts';

function closersOf(names: readonly string[], failing: readonly string[] = []) {
  const log = new RecordingLog();
  const clock = new TurnClock();
  const closers = new Closers(log, clock);
  const closed: string[] = [];
  for (const name of names)
    closers.add(name, async () => {
      closed.push(name);
      if (failing.includes(name)) throw new Error(`${name} failed`);
    });
  return { closers, closed, log, clock };
}

describe('Closers', () => {
  it('Closers closes what was opened in reverse order, each once', async () => {
    const { closers, closed } = closersOf(['one', 'two', 'three']);
    await closers.closeAll();
    await closers.closeAll();
    expect(closed).toEqual(['three', 'two', 'one']);
  });

  it('Closers closes all others when some fail, logs each failure by name, and throws the first', async () => {
    const { closers, closed, log } = closersOf(['one', 'two', 'three', 'four'], ['three', 'one']);
    await expect(closers.closeAll()).rejects.toThrow('three failed');
    expect(closed).toEqual(['four', 'three', 'two', 'one']);
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['error', { part: 'three', error: 'three failed' }],
      ['error', { part: 'one', error: 'one failed' }],
    ]);
  });

  it('Closers continues after one that throws before its first await', async () => {
    const { closers, closed } = closersOf(['one']);
    closers.add('two', () => {
      throw new Error('at once');
    });
    await expect(closers.closeAll()).rejects.toThrow('at once');
    expect(closed).toEqual(['one']);
  });

  it('Closers does not replace an error that is already being thrown', async () => {
    const { closers, log } = closersOf(['one'], ['one']);
    const run = async () => {
      try {
        throw new Error('the cause');
      } catch (error) {
        await closers.closeAfterFailure();
        throw error;
      }
    };
    await expect(run()).rejects.toThrow('the cause');
    expect(log.lines).toHaveLength(1);
  });

  it('Closers waits for a slow one if there is no time limit', async () => {
    const { closers, closed, clock } = closersOf(['one']);
    closers.add('slow', async () => {
      await clock.sleep(1000);
      closed.push('slow');
    });
    await closers.closeAll();
    expect(closed).toEqual(['slow', 'one']);
  });

  it('Closers continues after one that never ends, once the time limit of all is over, and names it', async () => {
    const { closers, closed, log } = closersOf(['one', 'two']);
    closers.add('stuck', () => new Promise(() => {}));
    closers.add('three', async () => void closed.push('three'));
    await closers.closeAll({ withinSeconds: 2 });
    expect(closed).toEqual(['three', 'two', 'one']);
    expect(log.lines.some(({ fields }) => fields.part === 'stuck')).toBe(true);
  });

  it('Closers logs nothing if all end in time', async () => {
    const { closers, log } = closersOf(['one', 'two']);
    await closers.closeAll({ withinSeconds: 2 });
    expect(log.lines).toEqual([]);
  });
});
