import { describe, expect, it } from 'vitest';
import { SinkWatch } from '../../../src/pipeline/sink-watch.ts';
import { TurnClock } from './fakes.ts';

describe('SinkWatch', () => {
  it('SinkWatch reports the oldest call of each sink that has not ended, with the error of its last attempt', () => {
    const clock = new TurnClock();
    const watch = new SinkWatch(clock);
    const first = watch.began('reviews');
    first.failed(new Error('refused'));
    clock.seconds += 10;
    const second = watch.began('reviews');
    watch.began('verdicts');
    clock.seconds += 5;
    expect(watch.waits()).toEqual([
      { sink: 'verdicts', seconds: 5, error: undefined },
      { sink: 'reviews', seconds: 15, error: 'refused' },
    ]);
    first.ended();
    expect(watch.waits()[1]).toEqual({ sink: 'reviews', seconds: 5, error: undefined });
    second.ended();
    expect(watch.waits().map(({ sink }) => sink)).toEqual(['verdicts']);
  });

  it('SinkWatch is not affected by a step of the wall clock', () => {
    const clock = new TurnClock();
    const watch = new SinkWatch(clock);
    watch.began('trace');
    clock.wallSeconds -= 3600;
    clock.seconds += 1;
    expect(watch.waits()).toEqual([{ sink: 'trace', seconds: 1, error: undefined }]);
  });
});
