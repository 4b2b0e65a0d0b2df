import { describe, expect, it } from 'vitest';
import { kafkaPeerNames, peersAskedFor } from '../../../bench/peers/kafka-peers.ts';

describe('peersAskedFor', () => {
  it('peersAskedFor returns no peer by default', () => {
    expect(peersAskedFor([])).toEqual([]);
    expect(peersAskedFor(['none'])).toEqual([]);
  });

  it('peersAskedFor returns each peer once, in the order in which they run', () => {
    expect(peersAskedFor(['java', 'confluent-kafka', 'java'])).toEqual(['confluent-kafka', 'java']);
    expect(peersAskedFor(['all'])).toEqual(kafkaPeerNames);
    expect(peersAskedFor([...kafkaPeerNames])).toEqual(kafkaPeerNames);
  });

  it('peersAskedFor refuses an unknown name, and lists the known ones', () => {
    expect(() => peersAskedFor(['flink'])).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('pyspark') }),
    );
    expect(() => peersAskedFor([''])).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('peersAskedFor refuses all and none together with others', () => {
    expect(() => peersAskedFor(['none', 'java'])).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => peersAskedFor(['java', 'all'])).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
