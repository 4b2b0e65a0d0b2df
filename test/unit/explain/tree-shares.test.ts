import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureRow } from '../../../src/explain/base-model-shares.ts';
import type { OnnxFile } from '../../../src/explain/onnx-file.ts';
import { TreeShares } from '../../../src/explain/tree-shares.ts';

const FEATURES = 5;
type Tree =
  | { readonly leaf: number }
  | { readonly column: number; readonly cut: number; readonly below: Tree; readonly above: Tree };

const leaf = fc.integer({ min: -8, max: 8 }).map((value) => ({ leaf: value / 8 }));
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.record({
      column: fc.nat(FEATURES - 1),
      cut: fc.constantFrom(0.5, 1.5),
      below: tie('tree'),
      above: tie('tree'),
    }),
  ),
}));
const counts = fc.array(fc.nat(2), { minLength: FEATURES, maxLength: FEATURES });

function treeValue(node: Tree, given: readonly number[]): number {
  if ('leaf' in node) return node.leaf;
  return treeValue(given[node.column]! < node.cut ? node.below : node.above, given);
}

/** As the trainer writes trees, node by node. */
function fileOf(trees: readonly Tree[], base: number): OnnxFile {
  const numbers = new Map<string, number[]>();
  const push = (name: string, value: number) => numbers.set(name, [...(numbers.get(name) ?? []), value]);
  const modes: string[] = [];
  for (const [number, root] of trees.entries()) {
    const queue: Tree[] = [root];
    for (let id = 0; id < queue.length; id++) {
      const node = queue[id]!;
      const isLeaf = 'leaf' in node;
      push('nodes_treeids', number);
      push('nodes_nodeids', id);
      push('nodes_featureids', isLeaf ? 0 : node.column);
      push('nodes_values', isLeaf ? 0 : node.cut);
      push('nodes_truenodeids', isLeaf ? 0 : queue.length);
      push('nodes_falsenodeids', isLeaf ? 0 : queue.length + 1);
      modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ');
      if (!isLeaf) queue.push(node.below, node.above);
      else {
        push('target_treeids', number);
        push('target_nodeids', id);
        push('target_weights', node.leaf);
      }
    }
  }
  numbers.set('base_values', [base]);
  const node = {
    operator: 'TreeEnsembleRegressor',
    inputs: ['columns'],
    outputs: ['sum'],
    numbers,
    strings: new Map([['nodes_modes', modes]]),
  };
  return { nodes: [node], tensors: new Map() };
}

const columns = { words: Array.from({ length: FEATURES }, (_, i) => 10 + i) };
const none = { size: 0, ids: new Int32Array(0), counts: new Float32Array(0) };

function rowOf(given: readonly number[]): FeatureRow {
  const present = given.flatMap((count, i) => (count > 0 ? [i] : []));
  return {
    words: {
      size: present.length,
      ids: Int32Array.from(present, (i) => 10 + i),
      counts: Float32Array.from(present, (i) => given[i]!),
    },
    grams: none,
  };
}

/** Shapley values by their definition, over all sets of features. */
function shapley(trees: readonly Tree[], given: readonly number[]): number[] {
  const valueOfSet = (set: number) =>
    trees.reduce(
      (sum, each) =>
        sum +
        treeValue(
          each,
          given.map((count, i) => ((set >> i) & 1 ? count : 0)),
        ),
      0,
    );
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return given.map((_, feature) => {
    let share = 0;
    for (let set = 0; set < 1 << FEATURES; set++) {
      if ((set >> feature) & 1) continue;
      const size = set.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(FEATURES - size - 1)) / factorial(FEATURES);
      share += weight * (valueOfSet(set | (1 << feature)) - valueOfSet(set));
    }
    return share;
  });
}

describe('TreeShares', () => {
  it('TreeShares gives each feature its Shapley value in a forest', () => {
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 4 }), counts, (trees, given) => {
        const stage = {
          kind: 'forest',
          name: 'forest-001',
          file: 'forest-001.onnx',
          families: ['words'],
          member: 0,
          trees: trees.length,
          columns,
        } as const;
        const [found] = new TreeShares([
          { stage: { ...stage, families: ['words'] }, file: fileOf(trees, 0) },
        ]).of(rowOf(given));
        const expected = shapley(trees, given).filter((_, i) => given[i]! > 0);
        expect(found!.shares).toHaveLength(expected.length);
        for (const [i, share] of expected.entries())
          expect(found!.shares[i]).toBeCloseTo(share / trees.length, 9);
        const sum = found!.shares.reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(found!.value - found!.atEmpty, 9);
      }),
    );
  });

  it('TreeShares adds the blocks of a forest, and divides the sigmoid of boosted trees in proportion', () => {
    const one: Tree = { column: 0, cut: 0.5, below: { leaf: 0 }, above: { leaf: 0.5 } };
    const two: Tree = { column: 1, cut: 0.5, below: { leaf: 0.25 }, above: { leaf: -0.5 } };
    const block = { name: 'f', file: 'f', families: ['words' as const], member: 3, columns };
    const row = rowOf([1, 1, 0, 0, 0]);
    const forest = new TreeShares(
      [one, two].map((each) => ({
        stage: { kind: 'forest' as const, trees: 1, ...block, families: ['words'] },
        file: fileOf([each], 0),
      })),
    ).of(row)[0]!;
    expect([forest.member, forest.atEmpty, forest.value, ...forest.shares]).toEqual([
      3, 0.125, 0, 0.25, -0.375,
    ]);
    const boosted = new TreeShares([
      { stage: { kind: 'trees' as const, ...block, families: ['words'] }, file: fileOf([one, two], 1) },
    ]).of(row)[0]!;
    expect(boosted.atEmpty).toBeCloseTo(1 / (1 + Math.exp(-1.25)), 12);
    expect(boosted.value).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(boosted.shares[0]! / boosted.shares[1]!).toBeCloseTo(0.5 / -0.75, 12);
    expect(boosted.shares[0]! + boosted.shares[1]!).toBeCloseTo(boosted.value - boosted.atEmpty, 12);
  });

  it('TreeShares refuses a graph without trees as a corrupt model', () => {
    const stage = {
      kind: 'trees' as const,
      name: 't',
      file: 't.onnx',
      families: ['words' as const],
      member: 0,
      columns,
    };
    expect(
      () =>
        new TreeShares([
          { stage: { ...stage, families: ['words'] }, file: { nodes: [], tensors: new Map() } },
        ]),
    ).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }));
  });
});
