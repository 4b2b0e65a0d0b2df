import {
  faultCounts,
  type Ledger,
  type LedgerEvent,
  type OutcomeLine,
  type ReviewLine,
  type SourceLine,
  type VerdictLine,
} from '../../ledger/ledger-events.ts';

const PARTITIONS = 2;
const RECORDS = 200;
const EVERY_MS = 50;
const MODEL = 'one';
/** The daemon of partition 0 is killed at this record; so many before it were scored and not committed. */
const KILLED_AT = 100;
const UNCOMMITTED = 10;
const RETURN_MS = 3000;

const planned = faultCounts({ kill: 1 });

export const idOf = (partition: number, offset: number) => `1-${offset * PARTITIONS + partition}`;
const outcomeOf = (offset: number) => (offset % 10 === 3 ? 'spam' : offset % 10 === 7 ? 'review' : 'ham');

/** A run in which all went well: 400 messages on two partitions, one kill -9, ten messages scored twice. */
export function goodLedger(): Ledger {
  const source: SourceLine[] = [];
  const outcomes: OutcomeLine[] = [];
  const verdicts: VerdictLine[] = [];
  const reviews: ReviewLine[] = [];
  const events: LedgerEvent[] = [
    {
      at: 0,
      kind: 'begin',
      seed: 1,
      profile: 'test',
      partitions: PARTITIONS,
      rejectMin: 0.5,
      rejectMax: 0.7,
      planned,
    },
    { at: 1, kind: 'started', daemon: 'first' },
    { at: 1, kind: 'started', daemon: 'second' },
    { at: 500, kind: 'joined', daemon: 'first' },
    { at: 510, kind: 'joined', daemon: 'second' },
  ];
  const begin = 3000;
  const killedAt = begin + KILLED_AT * EVERY_MS;
  const back = killedAt + RETURN_MS;
  const score = (partition: number, offset: number, at: number, again = false) => {
    const id = idOf(partition, offset);
    const outcome = outcomeOf(offset);
    outcomes.push({ partition, offset, at, id, outcome, model: MODEL });
    if (outcome === 'spam') verdicts.push({ id, verdict: 'spam', probability: 0.9, model: MODEL });
    if (outcome === 'review' && !again) reviews.push({ id, probability: 0.6, model: MODEL, drawn: null });
  };
  for (let offset = 0; offset < RECORDS; offset++) {
    const at = begin + offset * EVERY_MS;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      source.push({ partition, offset, at, id: idOf(partition, offset) });
      events.push({
        at: at + 1,
        kind: 'acknowledged',
        partition,
        offset,
        ids: [idOf(partition, offset)],
      });
    }
    score(1, offset, at + 10);
    if (offset < KILLED_AT) score(0, offset, at + 10);
  }
  const uncommitted = KILLED_AT - UNCOMMITTED;
  for (let offset = uncommitted; offset < RECORDS; offset++)
    score(0, offset, Math.max(back + 100, begin + offset * EVERY_MS + 10), offset < KILLED_AT);

  // A look twice a second: each commit is ten records behind.
  for (let at = begin + 200; at <= begin + RECORDS * EVERY_MS; at += 500) {
    const seen = Math.min(RECORDS, Math.max(0, Math.floor((at - begin) / EVERY_MS) - UNCOMMITTED));
    const lost = at > killedAt - 300 && at < back + 200;
    events.push({ at, kind: 'committed', offsets: [lost ? uncommitted : seen, seen] });
  }
  const end = begin + RECORDS * EVERY_MS + 2000;
  events.push(
    {
      at: killedAt,
      kind: 'killed',
      daemon: 'first',
      assigned: [0],
      committed: [uncommitted, uncommitted],
      ends: [KILLED_AT, KILLED_AT],
    },
    { at: killedAt, kind: 'exited', daemon: 'first', code: null, signal: 'SIGKILL', wanted: 'SIGKILL' },
    { at: killedAt + 10, kind: 'started', daemon: 'first' },
    { at: back, kind: 'joined', daemon: 'first' },
    { at: back + 5, kind: 'joined', daemon: 'second' },
    { at: back + 500, kind: 'fault', fault: 'kill', how: 'first', seconds: 3.5 },
    { at: end, kind: 'exited', daemon: 'first', code: 0, signal: null, wanted: 'SIGTERM' },
    { at: end, kind: 'exited', daemon: 'second', code: 0, signal: null, wanted: 'SIGTERM' },
    { at: end, kind: 'committed', offsets: [RECORDS, RECORDS] },
    { at: end, kind: 'end' },
  );
  return { events, source, outcomes, verdicts, reviews };
}
