import { describe, expect, it } from 'vitest';
import { type LineState, LineStateHolder, lineStates } from '../../../src/pipeline/line-state.ts';
import { KeptLog, keptTelemetry } from './fake-line.ts';

function holderIn(...states: readonly LineState[]) {
  const { telemetry, calls } = keptTelemetry();
  const log = new KeptLog();
  const holder = new LineStateHolder(log, telemetry);
  for (const state of states) holder.enter(state);
  return { holder, log, calls };
}

/** A way to each state. */
const ways: Readonly<Record<LineState, readonly LineState[]>> = {
  starting: [],
  running: ['running'],
  draining: ['running', 'draining'],
  stopped: ['draining', 'stopped'],
  failed: ['failed'],
};

describe('the state of a run', () => {
  it('goes from starting over running and draining to its end, and may fail anywhere before that', () => {
    const allowed = lineStates.flatMap((from) =>
      lineStates.flatMap((to) => {
        try {
          holderIn(...ways[from]).holder.enter(to);
          return [`${from} ${to}`];
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'INTERNAL' });
          return [];
        }
      }),
    );
    expect(allowed).toEqual([
      'starting running',
      'starting draining',
      'starting failed',
      'running draining',
      'running failed',
      'draining stopped',
      'draining failed',
    ]);
  });

  it('stays what it was where another is refused', () => {
    const { holder } = holderIn('failed');
    expect(() => holder.enter('running')).toThrow('from failed to running');
    expect(holder.current).toBe('failed');
  });

  it('is reported from its beginning, and logged at each step', () => {
    const { log, calls } = holderIn('running', 'draining');
    expect(calls).toEqual([
      ['stateEntered', 'starting'],
      ['stateEntered', 'running'],
      ['stateEntered', 'draining'],
    ]);
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['debug', { from: 'starting', to: 'running' }],
      ['debug', { from: 'running', to: 'draining' }],
    ]);
  });
});
