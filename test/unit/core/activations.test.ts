import { describe, expect, it } from 'vitest';
import {
  type Activations,
  activated,
  activationsOfText,
  knownSha256,
  rolledBack,
  textOfActivations,
} from '../../../src/core/activations.ts';

const model = (day: number) => ({
  version: `202601${String(day).padStart(2, '0')}T000000Z-0123abcd`,
  sha256: String(day % 10).repeat(64),
});

describe('activations', () => {
  it('activations record what was active, and can be rolled back step by step', () => {
    let now: Activations | undefined;
    for (const day of [1, 2, 2, 3]) now = activated(model(day), now);
    expect(now).toEqual({ active: model(3), before: [model(2), model(1)] });
    now = rolledBack(now);
    expect(now).toEqual({ active: model(2), before: [model(1)] });
    expect(rolledBack(rolledBack(now))).toBeUndefined();
    expect(rolledBack(undefined)).toBeUndefined();
  });

  it('activations record at most twenty versions', () => {
    let now: Activations | undefined;
    for (let day = 1; day <= 28; day++) now = activated(model(day), now);
    expect(now?.before).toHaveLength(20);
    expect(now?.before[0]).toEqual(model(27));
  });

  it('activations contain the hashes of activated versions', () => {
    const now = activated(model(2), activated(model(1), undefined));
    expect(knownSha256(model(1).version, now)).toBe(model(1).sha256);
    expect(knownSha256(model(2).version, now)).toBe(model(2).sha256);
    expect(knownSha256(model(3).version, now)).toBeUndefined();
  });

  it('activations are read as they were written, and an invalid record is refused', () => {
    const now = activated({ version: model(2).version }, activated(model(1), undefined));
    expect(activationsOfText(textOfActivations(now), 'place')).toEqual(now);
    for (const text of ['', '{}', '<html>', '{"active":{"version":"../x"},"before":[]}'])
      expect(() => activationsOfText(text, 'place')).toThrow('place');
  });
});
