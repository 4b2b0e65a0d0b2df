import { SluiceError } from '../core/errors.ts';
import { baseModelsOfStage, type ModelManifest, type ModelStage } from '../core/model-manifest.ts';
import {
  type BaseModelShares,
  type FeatureRow,
  meanSlope,
  type StageShares,
  scale,
  sigmoid,
  sizeOf,
  startOf,
} from './base-model-shares.ts';
import type { OnnxFile } from './onnx-file.ts';

type TreeStage = Extract<ModelStage, { readonly kind: 'trees' | 'forest' }>;

/** The trees of one graph, node by node. */
interface Trees {
  readonly roots: readonly number[];
  /** Column that the node tests, -1 for a leaf. */
  readonly columns: Int32Array;
  readonly thresholds: Float64Array;
  /** Nodes for counts below the threshold, and for others. */
  readonly below: Int32Array;
  readonly above: Int32Array;
  readonly values: Float64Array;
  readonly base: number;
}

/**
 * Divides what trees return, by the Shapley values of the game in which a set of features has its counts and the others are zero. One
 * walk over a tree computes them exactly: the interventional TreeSHAP [1] with one reference, the text without features.
 *
 * [1] S. Lundberg et al., "From local explanations to global understanding with explainable AI for trees", Nature Machine Intelligence 2,
 * 2020, with the algorithm for one reference of its supplement.
 */
class TreeWalk {
  readonly #trees: Trees;
  readonly #counts: Float64Array;
  readonly #shareOf: Float64Array;
  /** Columns on the way to a node at which message and empty text part, and whether the message's side was taken. */
  readonly #taken: number[] = [];
  readonly #isMessage: boolean[] = [];
  #ofMessage = 0;

  constructor(trees: Trees, counts: Float64Array, shareOf: Float64Array) {
    this.#trees = trees;
    this.#counts = counts;
    this.#shareOf = shareOf;
  }

  /** Adds the shares of the trees; the result is their sum for the text without features and for the message. */
  walk(): { readonly atEmpty: number; readonly value: number } {
    let atEmpty = 0;
    let value = 0;
    for (const root of this.#trees.roots) {
      this.#visit(root);
      atEmpty += this.#leafOf(root, false);
      value += this.#leafOf(root, true);
    }
    return { atEmpty, value };
  }

  #next(node: number, count: number): number {
    return count < this.#trees.thresholds[node]! ? this.#trees.below[node]! : this.#trees.above[node]!;
  }

  #leafOf(root: number, isMessage: boolean): number {
    const { columns, values } = this.#trees;
    let node = root;
    while (columns[node]! >= 0) node = this.#next(node, isMessage ? this.#counts[columns[node]!]! : 0);
    return values[node]!;
  }

  #visit(node: number): void {
    const column = this.#trees.columns[node]!;
    if (column < 0) {
      this.#addLeaf(this.#trees.values[node]!);
      return;
    }
    const ofMessage = this.#next(node, this.#counts[column]!);
    const ofEmpty = this.#next(node, 0);
    const known = this.#taken.indexOf(column);
    if (ofMessage === ofEmpty) this.#visit(ofMessage);
    else if (known >= 0) this.#visit(this.#isMessage[known]! ? ofMessage : ofEmpty);
    else {
      this.#taken.push(column);
      this.#isMessage.push(true);
      this.#ofMessage++;
      this.#visit(ofMessage);
      this.#isMessage[this.#isMessage.length - 1] = false;
      this.#ofMessage--;
      this.#visit(ofEmpty);
      this.#taken.pop();
      this.#isMessage.pop();
    }
  }

  /** The leaf is reached by the sets that have all features of the message's side and none of the other. */
  #addLeaf(value: number): void {
    const size = this.#taken.length;
    if (size === 0 || value === 0) return;
    const chosen = this.#ofMessage;
    const ways = choose(size, chosen);
    for (let i = 0; i < size; i++)
      this.#shareOf[this.#taken[i]!]! += this.#isMessage[i]!
        ? value / (chosen * ways)
        : -value / ((size - chosen) * ways);
  }
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}

/** The trees of one base model: of one graph, or of the blocks of a forest. */
export class TreeShares implements StageShares {
  readonly #member: number;
  readonly #isForest: boolean;
  readonly #blocks: readonly { readonly stage: TreeStage; readonly trees: Trees }[];
  readonly #treesInAll: number;

  /** Throws `MODEL_CORRUPT` for graphs that are not of the trainer's form. */
  constructor(blocks: readonly { readonly stage: TreeStage; readonly file: OnnxFile }[]) {
    this.#member = blocks[0]!.stage.member;
    this.#isForest = blocks[0]!.stage.kind === 'forest';
    this.#blocks = blocks.map(({ stage, file }) => ({ stage, trees: treesOf(stage, file) }));
    this.#treesInAll = blocks.reduce(
      (sum, { stage }) => sum + (stage.kind === 'forest' ? stage.trees : 0),
      0,
    );
  }

  of(row: FeatureRow): readonly BaseModelShares[] {
    const shares = new Float64Array(sizeOf(row));
    let atEmpty = 0;
    let value = 0;
    for (const { stage, trees } of this.#blocks) {
      const { counts, features } = columnsOf(stage, row);
      const shareOf = new Float64Array(counts.length);
      const sums = new TreeWalk(trees, counts, shareOf).walk();
      atEmpty += trees.base + sums.atEmpty;
      value += trees.base + sums.value;
      for (let column = 0; column < features.length; column++)
        if (features[column]! >= 0) shares[features[column]!]! += shareOf[column]!;
    }
    if (this.#isForest) {
      scale(shares, 1 / this.#treesInAll);
      return [
        {
          member: this.#member,
          atEmpty: atEmpty / this.#treesInAll,
          value: value / this.#treesInAll,
          shares,
        },
      ];
    }
    scale(shares, meanSlope(atEmpty, value));
    return [{ member: this.#member, atEmpty: sigmoid(atEmpty), value: sigmoid(value), shares }];
  }
}

/** The counts of a stage's columns, and which feature of the row each is, -1 for one that the text lacks. */
function columnsOf(
  stage: TreeStage,
  row: FeatureRow,
): { readonly counts: Float64Array; readonly features: Int32Array } {
  const columns = stage.families.map((family) => stage.columns[family] ?? []);
  const width = columns.reduce((sum, { length }) => sum + length, 0);
  const counts = new Float64Array(Math.max(1, width));
  const features = new Int32Array(Math.max(1, width)).fill(-1);
  let first = 0;
  for (const [f, family] of stage.families.entries()) {
    const { size, ids, counts: counted } = row[family];
    const start = startOf(family, row);
    for (let i = 0; i < size; i++) {
      const column = indexOf(columns[f]!, ids[i]!);
      if (column < 0) continue;
      counts[first + column] = counted[i]!;
      features[first + column] = start + i;
    }
    first += columns[f]!.length;
  }
  return { counts, features };
}

/** `ids` ascend. */
function indexOf(ids: readonly number[], id: number): number {
  let from = 0;
  let to = ids.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ids[middle]! < id) from = middle + 1;
    else to = middle;
  }
  return ids[from] === id ? from : -1;
}

function treesOf({ file: name }: TreeStage, file: OnnxFile): Trees {
  const node = file.nodes.find(({ operator }) => operator === 'TreeEnsembleRegressor');
  const list = (attribute: string) => node?.numbers.get(attribute) ?? [];
  const treeIds = list('nodes_treeids');
  const nodeIds = list('nodes_nodeids');
  const modes = node?.strings.get('nodes_modes') ?? [];
  if (node === undefined || modes.length !== nodeIds.length || nodeIds.length === 0)
    throw new SluiceError(
      'MODEL_CORRUPT',
      `${name} has no trees where training writes them, so its scores cannot be explained; train the model again.`,
    );
  const indexes = new Map(nodeIds.map((id, i) => [`${treeIds[i]} ${id}`, i]));
  const indexIn = (tree: number, id: number) => indexes.get(`${tree} ${id}`) ?? 0;
  const isLeaf = (i: number) => modes[i] === 'LEAF';
  const child = (attribute: string) =>
    Int32Array.from(list(attribute), (id, i) => (isLeaf(i) ? -1 : indexIn(treeIds[i]!, id)));
  const values = new Float64Array(nodeIds.length);
  const [targetTrees, targetNodes] = [list('target_treeids'), list('target_nodeids')];
  for (const [i, weight] of list('target_weights').entries())
    values[indexIn(targetTrees[i]!, targetNodes[i]!)]! += weight;
  return {
    roots: nodeIds.flatMap((id, i) => (id === 0 ? [i] : [])),
    columns: Int32Array.from(list('nodes_featureids'), (column, i) => (isLeaf(i) ? -1 : column)),
    // Thresholds are k + 1/2 and counts are whole, so that "below" is the same for both kinds of branch.
    thresholds: Float64Array.from(list('nodes_values')),
    below: child('nodes_truenodeids'),
    above: child('nodes_falsenodeids'),
    values,
    base: list('base_values')[0] ?? 0,
  };
}

/** One for each base model, in the order of the manifest's stages. */
export function treeSharesOf(
  manifest: Pick<ModelManifest, 'stages'>,
  files: readonly OnnxFile[],
): readonly TreeShares[] {
  const blocks = new Map<number, { stage: TreeStage; file: OnnxFile }[]>();
  for (const [i, stage] of manifest.stages.entries()) {
    if (stage.kind === 'linear') continue;
    const [member = 0] = baseModelsOfStage(stage);
    blocks.set(member, [...(blocks.get(member) ?? []), { stage, file: files[i]! }]);
  }
  return [...blocks.values()].map((each) => new TreeShares(each));
}
