import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseModelsOfStage, type ModelManifest, type ModelStage } from '../../../src/core/model-manifest.ts';
import { Blend } from '../../../src/decide/blend.ts';
import { mayExit } from '../../../src/decide/early-exit.ts';
import { bandOf } from '../../../src/decide/reject-option.ts';

type BlendFacts = Pick<ModelManifest, 'members' | 'stages' | 'blender'>;

/** A model, and one message's base model values and tree sums, drawn at random. */
interface Case {
  readonly facts: BlendFacts;
  /** Per stage: the graph's outputs for a linear or trees stage, the block's tree sum for a forest. */
  readonly outputs: readonly (readonly number[])[];
}

const weight = fc.oneof(fc.double({ min: -8, max: 8, noNaN: true }), fc.constantFrom(0, 1e-9, -1e-9, 3));
const share = fc
  .oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 0.5))
  .map(Math.fround);

/** What training proved a base model's values to lie in. */
const reach = fc
  .oneof(fc.constant({ min: 0, max: 1 }), fc.record({ min: share, max: share }))
  .map(({ min, max }) => ({ min: Math.min(min, max), max: Math.max(min, max) }));

const blocks = fc.array(fc.record({ trees: fc.integer({ min: 1, max: 256 }), value: share }), {
  minLength: 1,
  maxLength: 8,
});

const blended: fc.Arbitrary<Case> = fc
  .record({
    linear: fc.array(fc.array(fc.record({ weight, value: share }), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 3,
    }),
    boosted: fc.array(fc.record({ weight, value: share, reach }), { maxLength: 2 }),
    forests: fc.array(fc.record({ weight, blocks, reach }), { maxLength: 2 }),
    bias: fc.double({ min: -6, max: 6, noNaN: true }),
    scale: fc.double({ min: 0.01, max: 4, noNaN: true }),
    shift: fc.double({ min: -2, max: 2, noNaN: true }),
  })
  .map(({ linear, boosted, forests, bias, scale, shift }) => {
    const members: BlendFacts['members'] = [];
    const stages: ModelStage[] = [];
    const outputs: number[][] = [];
    for (const [s, stage] of linear.entries()) {
      stages.push({
        kind: 'linear',
        name: `linear-${s}`,
        file: 'linear.onnx',
        families: ['words'],
        members: stage.map(
          (m) => members.push({ name: 'm', families: ['words'], min: 0, max: 1, weight: m.weight }) - 1,
        ),
      });
      outputs.push(stage.map((m) => m.value));
    }
    for (const { weight, value, reach } of boosted) {
      const member = members.push({ name: 'boosted', families: ['words', 'grams'], ...reach, weight }) - 1;
      stages.push({
        kind: 'trees',
        name: `trees-${member}`,
        file: `trees-${member}.onnx`,
        families: ['words', 'grams'],
        member,
        columns: {},
      });
      outputs.push([value]);
    }
    for (const { weight, blocks, reach } of forests) {
      const member = members.push({ name: 'forest', families: ['words'], ...reach, weight }) - 1;
      addForest(member, blocks, { stages, outputs });
    }
    return {
      facts: { members, stages, blender: { kind: 'logistic', bias, calibration: { scale, shift } } },
      outputs,
    };
  });

/** One base model whose probability is the model's, whichever kind of stage scores it. */
const passedOn: fc.Arbitrary<Case> = fc
  .record({ kind: fc.constantFrom('linear', 'trees', 'forest'), value: share, blocks, reach })
  .map(({ kind, value, blocks, reach }) => {
    const stages: ModelStage[] = [];
    const outputs: number[][] = [];
    const one = { name: 'one', file: 'one.onnx', families: ['words' as const] };
    if (kind === 'forest') addForest(0, blocks, { stages, outputs });
    else {
      outputs.push([value]);
      stages.push(
        kind === 'linear'
          ? { ...one, kind: 'linear', members: [0] }
          : { ...one, kind: 'trees', member: 0, columns: {} },
      );
    }
    const members = [{ name: 'one', families: ['words' as const], ...reach, weight: 1 }];
    return { facts: { members, stages, blender: { kind: 'identity' } }, outputs };
  });

const cases = fc.oneof({ weight: 4, arbitrary: blended }, { weight: 1, arbitrary: passedOn });

function addForest(
  member: number,
  blocks: readonly { readonly trees: number; readonly value: number }[],
  { stages, outputs }: { stages: ModelStage[]; outputs: number[][] },
): void {
  for (const [b, { trees, value }] of blocks.entries()) {
    const columns = { words: [b] };
    stages.push({
      kind: 'forest',
      name: `f-${b}`,
      file: `forest-${b}.onnx`,
      families: ['words'],
      member,
      trees,
      columns,
    });
    outputs.push([Math.round(trees * value * 2 ** 14) / 2 ** 14]);
  }
}

/** Runs all stages; returns the exact probability and the bounds after each stage but the last. */
function evaluate({ facts, outputs }: Case): {
  probability: number;
  bounds: { lowest: number; highest: number }[];
} {
  const blend = new Blend(facts);
  const bounds: { lowest: number; highest: number }[] = [];
  let logOdds = blend.start;
  let treeSum = 0;
  for (const [stage, plan] of blend.stages.entries()) {
    if (plan.kind !== 'forest') {
      logOdds = blend.addBaseModels(stage, logOdds, Float32Array.from(outputs[stage]!), 0);
    } else {
      treeSum += outputs[stage]![0]!;
      if (blend.closesForest(stage)) {
        logOdds = blend.addForest(stage, logOdds, treeSum);
        treeSum = 0;
      }
    }
    if (stage < blend.stages.length - 1)
      bounds.push({
        lowest: blend.bound(stage, logOdds, treeSum, 'lowest'),
        highest: blend.bound(stage, logOdds, treeSum, 'highest'),
      });
  }
  return { probability: blend.probability(logOdds), bounds };
}

/** Limits at random, and limits that sit exactly on, or one float beside, the probability or a bound: the near-ties. */
function limitsAround(values: readonly number[], rejectMin: number, rejectMax: number) {
  const ties = values.flatMap((v) => [v, v + Number.EPSILON * v, v - Number.EPSILON * v]);
  const points = [rejectMin, rejectMax, ...ties].filter((p) => p >= 0 && p <= 1);
  return points.flatMap((a) => points.filter((b) => b >= a).map((b) => ({ rejectMin: a, rejectMax: b })));
}

describe('the blend’s bounds', () => {
  it('the bounds of the blend contain the probability of full evaluation after each stage, to the last bit', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { probability, bounds } = evaluate(drawn);
        for (const { lowest, highest } of bounds) {
          expect(lowest).toBeLessThanOrEqual(probability);
          expect(highest).toBeGreaterThanOrEqual(probability);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('the bounds of the blend are reached, to the last bit, if all remaining values are at their extremes', () => {
    fc.assert(
      fc.property(cases, fc.nat(), fc.boolean(), (drawn, at, highest) => {
        const stage = at % drawn.outputs.length;
        const { members, stages } = drawn.facts;
        const extreme = (member: number) => (members[member]!.weight >= 0 === highest ? 1 : 0);
        const outputs = drawn.outputs.map((values, s) => {
          const plan = stages[s]!;
          if (s <= stage) return values;
          return plan.kind === 'forest'
            ? [plan.trees * extreme(plan.member)]
            : baseModelsOfStage(plan).map(extreme);
        });
        const { probability, bounds } = evaluate({ facts: drawn.facts, outputs });
        if (stage < bounds.length) expect(bounds[stage]![highest ? 'highest' : 'lowest']).toBe(probability);
      }),
      { numRuns: 2000 },
    );
  });

  it('the bounds of the blend only get tighter from stage to stage', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { bounds } = evaluate(drawn);
        for (let i = 1; i < bounds.length; i++) {
          expect(bounds[i]!.lowest).toBeGreaterThanOrEqual(bounds[i - 1]!.lowest);
          expect(bounds[i]!.highest).toBeLessThanOrEqual(bounds[i - 1]!.highest);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('the bounds of the blend never let an early exit change the band, near-ties included', () => {
    fc.assert(
      fc.property(cases, share, share, (drawn, one, other) => {
        const { probability, bounds } = evaluate(drawn);
        const near = [probability, ...bounds.flatMap((b) => [b.lowest, b.highest])].slice(0, 5);
        const wrong = limitsAround(near, Math.min(one, other), Math.max(one, other)).filter((limits) =>
          bounds.some(({ lowest, highest }) =>
            (['none', 'notHam'] as const).some(
              (mode) =>
                mayExit(lowest, highest, limits, mode) &&
                bandOf(highest, limits) !== bandOf(probability, limits),
            ),
          ),
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('the bounds of the blend equal the value of the only base model, to the last bit, once it is known, under the blender identity', () => {
    fc.assert(
      fc.property(passedOn, (drawn) => {
        const { probability } = evaluate(drawn);
        const { min, max } = drawn.facts.members[0]!;
        const trees = drawn.facts.stages.reduce((sum, s) => sum + (s.kind === 'forest' ? s.trees : 0), 0);
        const sum = drawn.outputs.reduce((total, [value]) => total + value!, 0);
        const value = trees === 0 ? sum : sum / trees;
        expect(probability).toBe(Math.max(min, Math.min(value, max)));
      }),
    );
  });

  it('the bounds of the blend let only ham exit early if all others need exact probabilities', () => {
    expect(mayExit(0.9, 1, { rejectMin: 0.5, rejectMax: 0.7 }, 'notHam')).toBe(false);
    expect(mayExit(0, 0.5, { rejectMin: 0.5, rejectMax: 0.7 }, 'notHam')).toBe(true);
    expect(mayExit(0, 0.1, { rejectMin: 0.5, rejectMax: 0.7 }, 'all')).toBe(false);
  });

  it('the bounds of the blend let exactly the messages with a certain band exit early if none needs an exact probability', () => {
    const limits = { rejectMin: 0.5, rejectMax: 0.7 };
    expect(mayExit(0.1, 0.5, limits, 'none')).toBe(true);
    expect(mayExit(0.6, 0.7, limits, 'none')).toBe(true);
    expect(mayExit(0.8, 0.9, limits, 'none')).toBe(true);
    expect(mayExit(0.4, 0.6, limits, 'none')).toBe(false);
    expect(mayExit(0.6, 0.8, limits, 'none')).toBe(false);
  });

  it('the bounds of the blend keep a value that is not a number, so that it is noticed', () => {
    const facts: BlendFacts = {
      members: [{ name: 'm', families: ['words'], min: 0, max: 1, weight: 2 }],
      stages: [{ kind: 'linear', name: 'l', file: 'l.onnx', families: ['words'], members: [0] }],
      blender: { kind: 'logistic', bias: 0, calibration: { scale: 1, shift: 0 } },
    };
    expect(new Blend(facts).addBaseModels(0, 0, Float32Array.of(Number.NaN), 0)).toBeNaN();
  });
});

/** A linear stage of one base model, a forest of two blocks that is another, and a blender in which every number counts. */
const small: BlendFacts = {
  members: [
    { name: 'words', families: ['words'], min: 0, max: 1, weight: 3 },
    { name: 'forest', families: ['words'], min: 0, max: 1, weight: -2 },
  ],
  stages: [
    { kind: 'linear', name: 'l', file: 'l.onnx', families: ['words'], members: [0] },
    { kind: 'forest', name: 'f-0', file: 'f-0.onnx', families: ['words'], member: 1, trees: 6, columns: {} },
    { kind: 'forest', name: 'f-1', file: 'f-1.onnx', families: ['words'], member: 1, trees: 2, columns: {} },
  ],
  blender: { kind: 'logistic', bias: 0.5, calibration: { scale: 1.5, shift: -0.25 } },
};

describe('a stage', () => {
  it('a stage is the last of a forest only if it belongs to a forest and no block of it follows', () => {
    const blend = new Blend(small);
    expect([0, 1, 2].map((stage) => blend.closesForest(stage))).toEqual([false, false, true]);
  });

  it('a stage throws if it has no value of the requested kind', () => {
    const blend = new Blend(small);
    expect(() => blend.addBaseModels(1, 0, Float32Array.of(1), 0)).toThrow(
      'stage 1 has no complete base model',
    );
    expect(() => blend.addForest(0, 0, 1)).toThrow('stage 0 is not a forest');
    expect(() => blend.forestValue(0, 1)).toThrow('stage 0 is not a forest');
  });
});

describe('the calibrated probability', () => {
  it('the calibrated probability is the sigmoid of the scaled and shifted log-odds, which are the bias plus each weight times its value', () => {
    const logOdds = 0.5 + 3 * 0.75 - 2 * (5 / 8);
    const { probability } = evaluate({ facts: small, outputs: [[0.75], [4], [1]] });
    expect(probability).toBeCloseTo(1 / (1 + Math.exp(-(1.5 * logOdds - 0.25))), 12);
  });

  it('the calibrated probability never falls as the log-odds rise, from one float to the next', () => {
    const facts: BlendFacts = {
      members: [],
      stages: [],
      blender: { kind: 'logistic', bias: 0, calibration: { scale: 1.3, shift: -0.2 } },
    };
    const blend = new Blend(facts);
    fc.assert(
      fc.property(
        fc.double({ min: -40, max: 40, noNaN: true }),
        fc.integer({ min: 1, max: 50 }),
        (z, steps) => {
          const above = z + steps * Number.EPSILON * Math.max(Math.abs(z), 2 ** -20);
          expect(blend.probability(above)).toBeGreaterThanOrEqual(blend.probability(z));
        },
      ),
      { numRuns: 20_000 },
    );
  });
});
