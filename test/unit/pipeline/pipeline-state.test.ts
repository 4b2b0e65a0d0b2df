import { describe, expect, it } from 'vitest';
import {
  type PipelineState,
  PipelineStateHolder,
  pipelineStates,
} from '../../../src/pipeline/pipeline-state.ts';
import { RecordingLog, recordingTelemetry } from './fakes.ts';

function holderIn(...states: readonly PipelineState[]) {
  const { telemetry, calls } = recordingTelemetry();
  const log = new RecordingLog();
  const holder = new PipelineStateHolder(log, telemetry);
  for (const state of states) holder.enter(state);
  return { holder, log, calls };
}

/** A way to each state. */
const ways: Readonly<Record<PipelineState, readonly PipelineState[]>> = {
  starting: [],
  running: ['running'],
  draining: ['running', 'draining'],
  stopped: ['draining', 'stopped'],
  failed: ['failed'],
};

describe('the state of a run', () => {
  it('the state of a pipeline goes from starting to running, draining and its end, and may become failed anywhere before that', () => {
    const allowed = pipelineStates.flatMap((from) =>
      pipelineStates.flatMap((to) => {
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

  it('the state of a pipeline does not change if another transition is refused', () => {
    const { holder } = holderIn('failed');
    expect(() => holder.enter('running')).toThrow('from failed to running');
    expect(holder.current).toBe('failed');
  });

  it('the state of a pipeline is reported from the beginning, and logged at each change', () => {
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
