import { CommitFigures, type Quantiles, quantiles } from './commit-figures.ts';
import { type Finding, Findings } from './findings.ts';
import {
  type Expected,
  faultKinds,
  type Ledger,
  type LedgerEvent,
  type OutcomeLine,
} from './ledger-events.ts';
import { type RebalanceRepeats, rebalanceRepeats } from './rebalance-repeats.ts';
import { Repeatable } from './repeatable.ts';
import { isRestarted } from './service-manager.ts';

export interface LedgerReport {
  readonly ok: boolean;
  readonly lost: number;
  readonly invented: number;
  /** Outcomes of records that had one already. */
  readonly duplicates: number;
  /** How many of these followed each change of the consumer group, or each start where there is no group. */
  readonly repeatedAfterRebalance: RebalanceRepeats;
  /** What was read and not committed when a member died or the group changed, summed over all such times. */
  readonly mayRepeat: number;
  /** Acknowledged ones. */
  readonly messages: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** Of each kind, and how it was done. */
  readonly ways: Readonly<Record<string, number>>;
  /** From the begin of a fault until the line had got over it, by kind and way. */
  readonly overAfterSeconds: Readonly<Record<string, Quantiles>>;
  /** Ends for which a service manager starts a daemon again: a service was away. */
  readonly restarts: number;
  readonly seed: number;
  readonly profile: string;
  /** From kill -9 until an offset of a partition that was assigned to the daemon is committed again, over all such partitions. */
  readonly commitAfterKillSeconds: { readonly partitions: number } & Quantiles;
  readonly findings: readonly Finding[];
}

/** Exit code of a daemon that finds its state folder taken. */
const REFUSED = 78;

type Begin = Extract<LedgerEvent, { kind: 'begin' }>;

/** Compares what was acknowledged with what came out. Pure: the same ledger gives the same report. */
export function checkLedger(ledger: Ledger): LedgerReport {
  const begin = ledger.events.find((event): event is Begin => event.kind === 'begin');
  if (begin === undefined) throw new Error('the event log has no beginning');
  const findings = new Findings();
  const { partitions } = begin;

  // What was sent, by id and by offset.
  const idsSent = new Set<string>();
  let messages = 0;
  let mayRepeat = 0;
  for (const event of ledger.events)
    if (event.kind === 'acknowledged' || event.kind === 'unsure') for (const id of event.ids) idsSent.add(id);
  const sourceIds: string[][] = Array.from({ length: partitions }, () => []);
  const sourceTimes: number[][] = Array.from({ length: partitions }, () => []);
  const recordsOfId = new Map<string, number>();
  const expected = new Map<string, Expected>();
  const repeatable = new Repeatable(ledger.events);
  for (const { partition, offset, at, id, expected: known } of ledger.source) {
    if (known !== undefined) expected.set(id, known);
    sourceIds[partition]![offset] = id;
    sourceTimes[partition]![offset] = at;
    // A send that is tried again may stand in the topic twice; each is a message of its own.
    const again = repeatable.times(partition, offset, at);
    mayRepeat += again;
    recordsOfId.set(id, (recordsOfId.get(id) ?? 0) + 1 + again);
  }

  // Outcomes by offset.
  const firstAt: number[][] = Array.from({ length: partitions }, () => []);
  const times: number[][] = Array.from({ length: partitions }, () => []);
  const outcomesOfId = new Map<string, OutcomeLine[]>();
  const counts: Record<string, number> = {};
  const repeatedAt: number[] = [];
  for (const line of ledger.outcomes) {
    const { partition, offset, id, outcome } = line;
    const location = `${partition}/${offset}`;
    const sent = sourceIds[partition]?.[offset];
    if (sent === undefined || (id !== null && (id !== sent || !idsSent.has(id)))) {
      findings.add('invented', `${id} at ${location}`);
      continue;
    }
    checkOutcome(line, `${sent} at ${location}`, expected.get(sent), findings);
    const before = times[partition]![offset] ?? 0;
    times[partition]![offset] = before + 1;
    if (before > 0) repeatedAt.push(line.at);
    else counts[outcome] = (counts[outcome] ?? 0) + 1;
    firstAt[partition]![offset] = Math.min(firstAt[partition]![offset] ?? Infinity, line.at);
    if (id === null) continue;
    const others = outcomesOfId.get(id);
    if (others === undefined) outcomesOfId.set(id, [line]);
    else {
      if (others.some((other) => other.model === line.model && other.outcome !== outcome))
        findings.add('contradicted', `${id}: ${others[0]!.outcome} and ${outcome}`);
      others.push(line);
    }
  }
  for (let partition = 0; partition < partitions; partition++)
    times[partition]!.forEach((count, offset) => {
      const allowed = 1 + repeatable.times(partition, offset, sourceTimes[partition]![offset]!);
      if (count > allowed)
        findings.add('unexcused', `${partition}/${offset} ${count} times, ${allowed} allowed`);
    });

  for (const event of ledger.events) {
    if (event.kind !== 'acknowledged') continue;
    messages += event.ids.length;
    event.ids.forEach((id, i) => {
      const offset = event.offset + i;
      if (sourceIds[event.partition]![offset] !== id || times[event.partition]![offset] === undefined)
        findings.add('lost', `${id} at ${event.partition}/${offset}`);
    });
  }

  checkVerdicts(ledger, begin, outcomesOfId, recordsOfId, findings);
  checkReviews(ledger, begin, outcomesOfId, findings);
  checkProbabilities(ledger, expected, findings);

  const commits = new CommitFigures(ledger.events, firstAt, sourceIds);
  for (const example of commits.ahead()) findings.add('ahead', example);
  for (const example of commits.uncommitted()) findings.add('uncommitted', example);
  checkModels(ledger, findings);
  for (const event of ledger.events)
    if (event.kind === 'lag' && event.messages !== 0)
      findings.add('lagging', `${event.daemon} reports ${event.messages}`);
  const { faults, restarts, ways, overAfterSeconds } = checkRun(ledger.events, begin, counts, findings);
  if (begin.planned['model-swap'] > 0 && new Set(ledger.outcomes.map(({ model }) => model)).size < 2)
    findings.add('unexercised', 'one model has scored all');

  const acknowledged = ledger.events.filter((event) => event.kind === 'acknowledged');
  const seconds = ((acknowledged.at(-1)?.at ?? 0) - (acknowledged[0]?.at ?? 0)) / 1000;
  return {
    ok: findings.all.length === 0,
    lost: findings.of('lost'),
    invented: findings.of('invented'),
    duplicates: repeatedAt.length,
    repeatedAfterRebalance: rebalanceRepeats(ledger.events, repeatedAt),
    mayRepeat,
    messages,
    perSecond: seconds > 0 ? Math.round(messages / seconds) : 0,
    seconds: Math.round(seconds),
    outcomes: counts,
    faults,
    ways,
    overAfterSeconds,
    restarts,
    seed: begin.seed,
    profile: begin.profile,
    commitAfterKillSeconds: commits.afterKill(),
    findings: findings.all,
  };
}

/** Holds an outcome to what must come of its message; without a score made beforehand, any but a dead letter is right. */
function checkOutcome(
  { outcome, letter }: OutcomeLine,
  message: string,
  expected: Expected | undefined,
  findings: Findings,
): void {
  if (expected?.outcome !== 'dead-letter') {
    if (outcome === 'dead-letter') findings.add('deadLettered', message);
    else if (expected !== undefined && expected.outcome !== outcome)
      findings.add('wrongScore', `${message}: ${outcome}, but ${expected.outcome} before the run`);
    return;
  }
  const { reason, bytes, sha256 } = expected.letter;
  if (outcome !== 'dead-letter') findings.add('wrongScore', `${message}: ${outcome}, but it is unreadable`);
  else if (letter?.reason !== reason || letter.bytes !== bytes || letter.sha256 !== sha256)
    findings.add(
      'deadLettered',
      `${message}: ${letter?.reason} of ${letter?.bytes} bytes, but its line is ${reason} of ${bytes} bytes`,
    );
}

function checkProbabilities(
  { verdicts, reviews }: Ledger,
  expected: ReadonlyMap<string, Expected>,
  findings: Findings,
): void {
  for (const line of [...verdicts, ...reviews]) {
    const { id, probability } = line;
    const known = expected.get(id);
    // What is drawn for the audit gets an exact probability, also where it would have none.
    const isDrawn = 'drawn' in line && line.drawn !== null;
    if (isDrawn && known !== undefined && known.outcome !== 'dead-letter' && known.probability === null)
      continue;
    if (known !== undefined && (known.outcome === 'dead-letter' || known.probability !== probability))
      findings.add('wrongScore', `${id}: published with ${probability}`);
  }
}

function checkVerdicts(
  { verdicts }: Ledger,
  { rejectMax }: Begin,
  outcomesOfId: ReadonlyMap<string, readonly OutcomeLine[]>,
  recordsOfId: ReadonlyMap<string, number>,
  findings: Findings,
): void {
  const published = new Map<string, { verdict: string; probability: number | null; times: number }>();
  const timesOfId = new Map<string, number>();
  for (const { id, verdict, probability, model } of verdicts) {
    const records = recordsOfId.get(id);
    if (records === undefined) {
      findings.add('invented', `verdict on ${id}`);
      continue;
    }
    const count = (timesOfId.get(id) ?? 0) + 1;
    timesOfId.set(id, count);
    if (count === records + 1) findings.add('unexcused', `verdict on ${id}, more than ${records} times`);
    if (verdict !== 'spam' || (probability !== null && probability <= rejectMax))
      findings.add('wrongBand', `${id}: verdict ${verdict} at ${probability}`);
    const outcomes = outcomesOfId.get(id)?.filter((line) => line.model === model) ?? [];
    if (outcomes.some(({ outcome }) => outcome !== 'spam'))
      findings.add('wrongBand', `${id}: verdict, but its outcome is ${outcomes[0]!.outcome}`);
    const before = published.get(`${id} ${model}`);
    if (before === undefined) published.set(`${id} ${model}`, { verdict, probability, times: 1 });
    else if (before.verdict !== verdict || before.probability !== probability)
      findings.add('contradicted', `${id}: ${before.probability} and ${probability} by ${model}`);
  }
  for (const [id, lines] of outcomesOfId)
    for (const { outcome, model } of lines)
      if (outcome === 'spam' && !published.has(`${id} ${model}`)) findings.add('untold', id);
}

function checkReviews(
  { reviews }: Ledger,
  { rejectMin, rejectMax }: Begin,
  outcomesOfId: ReadonlyMap<string, readonly OutcomeLine[]>,
  findings: Findings,
): void {
  const listed = new Set<string>();
  for (const { id, probability, drawn } of reviews) {
    const outcomes = outcomesOfId.get(id);
    // A row of the audit sample has the verdict that the message had, whatever that is.
    const verdict = drawn ?? 'review';
    if (outcomes === undefined) findings.add('invented', `row of ${id}`);
    else if (!outcomes.some(({ outcome }) => outcome === verdict))
      findings.add('wrongBand', `${id}: row of ${verdict}, but its outcome is ${outcomes[0]!.outcome}`);
    if (probability !== null && bandAt(probability, rejectMin, rejectMax) !== verdict)
      findings.add('wrongBand', `${id}: row at ${probability}`);
    if (listed.has(id)) findings.add('contradicted', `${id}: two rows`);
    listed.add(id);
  }
  for (const [id, lines] of outcomesOfId)
    if (lines.some(({ outcome }) => outcome === 'review') && !listed.has(id)) findings.add('unlisted', id);
}

/** The rule of its own, so that a fault in that of the daemon is seen. */
function bandAt(probability: number, rejectMin: number, rejectMax: number): 'ham' | 'review' | 'spam' {
  if (probability <= rejectMin) return 'ham';
  return probability <= rejectMax ? 'review' : 'spam';
}

/** Where models change, each scores only from when it was whole and activated. */
function checkModels({ events, outcomes }: Ledger, findings: Findings): void {
  const activatedAt = new Map<string, number>();
  for (const event of events) {
    if (event.kind === 'half-model')
      findings.add('brokenModel', `half of ${event.model} is stored on ${event.location}`);
    if (event.kind === 'activated' && !activatedAt.has(event.model)) activatedAt.set(event.model, event.at);
  }
  if (activatedAt.size === 0) return;
  for (const { at, model, partition, offset } of outcomes)
    if (model !== '' && !(at >= (activatedAt.get(model) ?? Number.POSITIVE_INFINITY)))
      findings.add('brokenModel', `${model} scored ${partition}/${offset}`);
}

/** What the run itself must have done, or else it shows nothing. Answers the faults done by kind, and restarts. */
function checkRun(
  events: readonly LedgerEvent[],
  { planned, selfContained = false }: Begin,
  counts: Readonly<Record<string, number>>,
  findings: Findings,
): Pick<LedgerReport, 'faults' | 'ways' | 'overAfterSeconds' | 'restarts'> {
  const done: Record<string, number> = {};
  const ways: Record<string, number> = {};
  const seconds = new Map<string, number[]>();
  let restarts = 0;
  for (const event of events) {
    if (event.kind === 'fault') {
      const { fault, how } = event;
      done[fault] = (done[fault] ?? 0) + 1;
      const way = `${fault}: ${how}`;
      ways[way] = (ways[way] ?? 0) + 1;
      seconds.set(way, [...(seconds.get(way) ?? []), event.seconds]);
    }
    if (event.kind === 'cut-short') findings.add('unexercised', `cut short: ${event.reason}`);
    if (event.kind !== 'exited') continue;
    const { daemon, code, signal, wanted, ready = true, lastLines = [] } = event;
    // A daemon without other services may find no room on its disk at a start; once it is ready, it waits for room.
    if (wanted === null && isRestarted(code) && !(selfContained && ready)) restarts++;
    else if (
      wanted === null ||
      (wanted === 'SIGTERM' && code !== 0) ||
      (wanted === 'refusal' && code !== REFUSED)
    )
      findings.add(
        'badExits',
        `${daemon}: ${signal ?? code} after ${wanted ?? 'nothing'}; its log ends:\n${lastLines.join('\n')}`,
      );
  }
  for (const fault of faultKinds)
    if ((done[fault] ?? 0) < planned[fault])
      findings.add('unexercised', `${done[fault] ?? 0} of ${planned[fault]} ${fault}`);
  for (const outcome of ['ham', 'review', 'spam'])
    if (counts[outcome] === undefined) findings.add('unexercised', `no ${outcome}`);
  if (!events.some(({ kind }) => kind === 'end'))
    findings.add('unexercised', 'the run did not reach its end');
  const overAfterSeconds = Object.fromEntries([...seconds].map(([way, list]) => [way, quantiles(list)]));
  return { faults: done, ways, overAfterSeconds, restarts };
}
