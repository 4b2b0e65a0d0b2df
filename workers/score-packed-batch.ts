import type { DecisionPolicy, ExactScores } from '../src/core/decision-policy.ts';
import { ScoreTally } from '../src/core/score-counts.ts';
import type { BatchStatistics, ScoredMessage } from '../src/core/scored-batch.ts';
import type { VerdictName } from '../src/core/verdict.ts';
import type { AuditSample } from '../src/decide/audit-sample.ts';
import { bandOf } from '../src/decide/reject-option.ts';
import { encodeAnswer, type PackedMessages, type ScoreAnswer } from '../src/scoring/score-protocol.ts';
import { auditCandidates, auditFacts } from './audit-rows.ts';
import { reasonsFor, strongestFeatures } from './explain-message.ts';
import type { LoadedModel } from './loaded-model.ts';
import { BLANK } from './onnx-session.ts';
import { type ReadBatch, readBatch } from './read-batch.ts';
import type { ScoredRows } from './scored-rows.ts';

export interface PackedBatchOptions {
  readonly policy: DecisionPolicy;
  readonly exactScores: ExactScores;
  readonly every: boolean;
  readonly explain: boolean;
  /** Share of the messages that are reported in any case; none where it is left out. */
  readonly sample?: number;
  /** Draws the audit sample; null where nothing is drawn. */
  readonly audit?: AuditSample | null;
}

const EXPLAINED_FEATURES = 20;
/** The reason of a verdict on a message of which only the beginning was read. */
const TRUNCATED = 'text:truncated';
/** The reason of a verdict on a message whose deobfuscation was ended at its limit of work. */
const DEOBFUSCATION_LIMIT = 'text:deobfuscation-limit';
/** The reason of a verdict that a part of the message has, and not the whole. */
const WINDOW = 'text:window';

/** Scores one packed batch: read, count features, run the graphs, answer what is not ham. */
export async function scorePackedBatch(
  model: LoadedModel,
  packed: PackedMessages,
  options: PackedBatchOptions,
): Promise<ScoreAnswer> {
  const begin = performance.now();
  const rows = readBatch(packed, options.policy);
  const { audit = null } = options;
  const candidates = auditCandidates(rows, audit);
  const read = performance.now();
  const result = await model.session.evaluate(rows, {
    exactScores: options.exactScores,
    keepBaseModels: options.explain,
    ...(candidates.size === 0 ? {} : { exactRows: candidates }),
  });
  const evaluated = performance.now();

  const tally = { ham: 0, review: 0, spam: 0 };
  const scores = new ScoreTally();
  const settled = new ScoreTally();
  const scored: ScoredMessage[] = [];
  const { sample = 0 } = options;
  const sampled: number[] = [];
  for (let row = 0; row < rows.size; row++) {
    const verdict = verdictOfRow(result, row, rows, options.policy.unknownMessage);
    const probability = result.probability[row]!;
    tally[verdict]++;
    scores.add(probability);
    // Of a message that left early, the bound that settled its verdict; a message without a score has none.
    if (result.unscorable[row] !== 1)
      settled.add(verdict === 'ham' ? result.highest[row]! : result.lowest[row]!);
    const isSampled = rows.isInSample(row, sample);
    if (isSampled) sampled.push(rows.indices[row]!);
    const number = candidates.get(row);
    const drawn =
      audit === null || number === undefined
        ? undefined
        : auditFacts(model, audit, { rows, result, row, number, verdict });
    if (verdict === 'ham' && !options.every && !isSampled && drawn === undefined) continue;
    scored.push({
      index: rows.indices[row]!,
      message: rows.message(row),
      verdict,
      probability: Number.isNaN(probability) ? null : probability,
      probabilityMin: result.lowest[row]!,
      probabilityMax: result.highest[row]!,
      reasons: reasonsOfRow(model, rows, result, row, verdict),
      unscorable: result.unscorable[row] === 1,
      ...(drawn === undefined ? {} : { audit: drawn }),
      ...(options.explain ? explain(model, rows, result, row) : {}),
    });
  }
  const { featurizeSeconds, stageSeconds } = model.session;
  const statistics: BatchStatistics = {
    ...tally,
    unreadable: rows.unreadable.length,
    decodeSeconds: (read - begin) / 1000,
    featurizeSeconds,
    inferSeconds: (evaluated - read) / 1000 - featurizeSeconds,
    ...(options.explain ? { stageSeconds } : {}),
    ...stageCounts(model, result),
    scores: { counts: scores.counts, sum: scores.sum },
    settledScores: settled.counts,
    ...model.session.traffic.statistics,
  };
  return encodeAnswer(model.version, scored, rows.unreadable, statistics, sample > 0 ? sampled : undefined);
}

function verdictOfRow(
  result: ScoredRows,
  row: number,
  rows: ReadBatch,
  unknownMessage: DecisionPolicy['unknownMessage'] = 'prior',
): VerdictName {
  if (result.unscorable[row] === 1) return 'review';
  if (result.endedAt[row] === BLANK && unknownMessage !== 'prior')
    return unreadParts(result, row).length > 0 ? 'review' : unknownMessage;
  // Both bounds lie in the same band, or the probability is exact and both are it.
  const band = bandOf(result.highest[row]!, rows.thresholdsOf(row));
  return band === 'ham' && unreadParts(result, row).length > 0 ? 'review' : band;
}

const none: readonly string[] = [];

/** Why a part of the text was not read, or not as it is meant: nobody may take the message for harmless because of the rest. */
function unreadParts(result: ScoredRows, row: number): readonly string[] {
  const prepared = result.prepared[row];
  if (prepared === undefined || !(prepared.isTruncated || prepared.isExhausted)) return none;
  return [
    ...(prepared.isTruncated ? [TRUNCATED] : []),
    ...(prepared.isExhausted ? [DEOBFUSCATION_LIMIT] : []),
  ];
}

function reasonsOfRow(
  model: LoadedModel,
  rows: ReadBatch,
  result: ScoredRows,
  row: number,
  verdict: VerdictName,
): readonly string[] {
  if (result.unscorable[row] === 1) return ['unscorable: a score was not finite'];
  const unread = unreadParts(result, row);
  if (result.endedAt[row] === BLANK) return [...unread, 'no known feature: the prior'];
  if (verdict === 'ham') return [];
  const prepared = () => model.session.prepared(row, rows, result);
  const window = result.window[row]!;
  if (window >= 0) {
    const counted = result.windowFeatures?.words.of(window);
    return [...unread, WINDOW, ...reasonsFor(model, counted, prepared)];
  }
  return [...unread, ...reasonsFor(model, result.features.words.of(row), prepared)];
}

function explain(
  model: LoadedModel,
  rows: ReadBatch,
  result: ScoredRows,
  row: number,
): Pick<ScoredMessage, 'members' | 'features'> {
  const count = model.manifest.members.length;
  const members = Array.from(result.members.subarray(row * count, (row + 1) * count));
  return {
    members: members.map((value) => (Number.isFinite(value) ? value : null)),
    features: strongestFeatures(model, model.session.prepared(row, rows, result), EXPLAINED_FEATURES),
  };
}

function stageCounts(
  model: LoadedModel,
  result: ScoredRows,
): Pick<BatchStatistics, 'endedAtStage' | 'treesEvaluated' | 'treesInAll'> {
  const { stages } = model.manifest;
  const endedAtStage = stages.map(() => 0);
  const treesUpTo: number[] = [];
  let trees = 0;
  for (const stage of stages) {
    if (stage.kind === 'forest') trees += stage.trees;
    treesUpTo.push(trees);
  }
  let treesEvaluated = 0;
  for (const stage of result.endedAt) {
    if (stage < 0) continue;
    endedAtStage[stage]!++;
    treesEvaluated += treesUpTo[stage]!;
  }
  return { endedAtStage, treesEvaluated, treesInAll: trees * result.size };
}
