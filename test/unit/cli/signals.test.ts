import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onStopSignals } from '../../../src/cli/signals.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function listening(reload?: () => void) {
  const signals = new EventEmitter();
  const stop = vi.fn<(giveUp: AbortSignal) => void>();
  const kill = vi.fn();
  const say = vi.fn();
  const takeOff = onStopSignals({ stop, kill, say, signals, reload, deadlineSeconds: 20 });
  return { signals, stop, kill, say, takeOff };
}

describe('stop signals', () => {
  it.each(['SIGTERM', 'SIGINT'])(
    'a stop signal %s stops gracefully the first time, and at once the second time',
    (signal) => {
      const { signals, stop, kill } = listening();
      signals.emit(signal);
      expect(stop).toHaveBeenCalledTimes(1);
      expect(kill).not.toHaveBeenCalled();
      signals.emit(signal);
      expect(stop).toHaveBeenCalledTimes(1);
      expect(kill).toHaveBeenCalledTimes(1);
    },
  );

  it('stop signals are counted together: the second may be a different signal', () => {
    const { signals, kill } = listening();
    signals.emit('SIGINT');
    signals.emit('SIGTERM');
    expect(kill).toHaveBeenCalledTimes(1);
  });

  it('SIGHUP reloads settings, however often, and stops nothing', () => {
    const reload = vi.fn();
    const { signals, stop, kill } = listening(reload);
    signals.emit('SIGHUP');
    signals.emit('SIGHUP');
    expect(reload).toHaveBeenCalledTimes(2);
    expect(stop).not.toHaveBeenCalled();
    expect(kill).not.toHaveBeenCalled();
  });

  it('SIGHUP stops the process if it means that the terminal was closed', () => {
    const { signals, stop } = listening();
    signals.emit('SIGHUP');
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('stop signals end the process at the deadline, with a report, and not before', () => {
    const { signals, kill, say } = listening();
    signals.emit('SIGTERM');
    vi.advanceTimersByTime(19_999);
    expect(kill).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(kill).toHaveBeenCalledTimes(1);
    expect(say.mock.lastCall?.[0]).toContain('DRAIN_TIMEOUT');
  });

  it('stop signals give up waiting for sinks some seconds before the deadline, so that the end is orderly', () => {
    const { signals, stop, kill } = listening();
    signals.emit('SIGTERM');
    const [giveUp] = stop.mock.lastCall!;
    vi.advanceTimersByTime(11_999);
    expect(giveUp.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect([giveUp.aborted, kill.mock.calls.length]).toEqual([true, 0]);
  });

  it('stop signals set no deadline unless one is requested', () => {
    const { kill } = listening();
    vi.advanceTimersByTime(3_600_000);
    expect(kill).not.toHaveBeenCalled();
  });

  it('stop signals have their default effect after the listeners are removed', () => {
    const { signals, stop, takeOff } = listening();
    takeOff();
    expect(signals.eventNames()).toEqual([]);
    expect(stop).not.toHaveBeenCalled();
  });
});
