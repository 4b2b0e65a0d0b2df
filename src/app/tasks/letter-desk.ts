import type { Actor } from '../../core/decision.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import { requireRole } from '../../core/require-role.ts';
import { sha256Of } from '../../core/sha256.ts';
import type { AccountActivity } from '../../ports/account-store.ts';
import type { FileLock } from '../../ports/file-lock.ts';
import {
  type LetterDesk,
  type LetterFilter,
  type LetterPage,
  type LetterReplay,
  type ListedLetter,
  MOST_REPLAYED,
  type ReplayOutcome,
} from '../../ports/letter-desk.ts';
import type { Log } from '../../ports/log.ts';
import type { BoxEntry, BoxedLetter, LetterBox, Resender, WhyUnsendable } from '../open/kinds.ts';

export interface LetterDeskParts {
  /** A new one for each request. */
  readonly box: () => LetterBox;
  readonly openResender: () => Promise<Resender>;
  readonly whyUnsendable: WhyUnsendable;
  /** Undefined while another replay runs, be it of the command line. */
  readonly lock: () => Promise<FileLock | undefined>;
  /** Adds an entry to the activity log. */
  readonly record: (activity: AccountActivity) => Promise<void>;
  readonly now: () => number;
  readonly log: Log;
}

type Wanted = { readonly ids: readonly string[] } | { readonly filter: LetterFilter };

interface Answered {
  readonly request: string;
  readonly answer: Promise<LetterReplay | undefined>;
}

const MOST_BYTES = 32 * 1024 * 1024;
const SENT_AT_ONCE = 50;
/** Pages that the choice of letters by a filter looks at, at most. */
const MOST_PAGES = 8;
/** Requests whose answers are remembered. What was sent is remembered on the disk, for good. */
const MOST_KEYS = 500;

/** Lists dead letters, and replays those that a person chose, with the marks and the lock of `sluice dead-letters replay`. */
export class BoxedLetterDesk implements LetterDesk {
  readonly #parts: LetterDeskParts;
  readonly #answered = new Map<string, Answered>();

  constructor(parts: LetterDeskParts) {
    this.#parts = parts;
  }

  async list(actor: Actor, query: Parameters<LetterDesk['list']>[1]): Promise<LetterPage> {
    requireRole(actor, 'lead', 'reading dead letters');
    const { box: open, whyUnsendable } = this.#parts;
    const box = open();
    const page = await box.page({ ...query, whyUnsendable });
    const letters = page.entries.flatMap((entry) => (entry.kind === 'letter' ? [entry.letter] : []));
    const replayed = await box.replayed(letters);
    return { ...page, entries: page.entries.map((entry) => listedOf(entry, replayed)) };
  }

  async replay(actor: Actor, wanted: Wanted, key: string | null): Promise<LetterReplay | undefined> {
    requireRole(actor, 'lead', 'replaying dead letters');
    if (key === null) return await this.#replay(actor, wanted);
    const request = sha256Of(new TextEncoder().encode(JSON.stringify(wanted)));
    const name = `${actor.name}\n${key}`;
    const before = this.#answered.get(name);
    if (before !== undefined) {
      if (before.request === request) return await before.answer;
      throw new SluiceError('KEY_REUSED', 'the idempotency key was used for another replay; use a new one');
    }
    const answer = this.#replay(actor, wanted);
    this.#answered.set(name, { request, answer });
    const [oldest] = this.#answered.keys();
    if (this.#answered.size > MOST_KEYS && oldest !== undefined) this.#answered.delete(oldest);
    const forget = () => {
      if (this.#answered.get(name)?.answer === answer) this.#answered.delete(name);
    };
    // Nothing was done then, and the same request may work later.
    answer.then((done) => (done === undefined ? forget() : undefined), forget);
    return await answer;
  }

  async #replay(actor: Actor, wanted: Wanted): Promise<LetterReplay | undefined> {
    const only = await this.#parts.lock();
    if (only === undefined) return undefined;
    try {
      const box = this.#parts.box();
      const { ids, more } =
        'ids' in wanted ? { ids: wanted.ids, more: false } : await this.#chosen(box, wanted);
      const replay = { letters: await this.#send(box, [...new Set(ids)]), more };
      await this.#record(actor, wanted, replay);
      return replay;
    } finally {
      only.release();
    }
  }

  /** Letters of the filter that can be sent and were not. */
  async #chosen(
    box: LetterBox,
    { filter }: { readonly filter: LetterFilter },
  ): Promise<{ readonly ids: readonly string[]; readonly more: boolean }> {
    const { whyUnsendable } = this.#parts;
    const ids: string[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await box.page({ filter, after, limit: MOST_REPLAYED - ids.length, whyUnsendable });
      const letters = page.entries.flatMap((entry) => (entry.kind === 'letter' ? [entry.letter] : []));
      const replayed = await box.replayed(letters);
      for (const { id, mark, unsendable } of letters)
        if (!replayed.has(mark) && (unsendable ?? null) === null) ids.push(id);
      if (page.next === null) return { ids, more: false };
      if (ids.length >= MOST_REPLAYED) break;
      after = page.next;
    }
    return { ids, more: true };
  }

  async #send(box: LetterBox, ids: readonly string[]): Promise<LetterReplay['letters']> {
    const { openResender, whyUnsendable } = this.#parts;
    const { letters, left } = await box.read(ids, MOST_BYTES);
    const replayed = await box.replayed(letters);
    const outcomes = new Map<string, { readonly outcome: ReplayOutcome; readonly detail: string | null }>();
    const note = (id: string, outcome: ReplayOutcome, detail: string | null = null) =>
      outcomes.set(id, { outcome, detail });
    for (const id of left) note(id, 'left');
    const sendable: BoxedLetter[] = [];
    for (const letter of letters) {
      const why = whyUnsendable(letter);
      if (why !== undefined) note(letter.id, 'cannot-be-sent', why);
      else if (replayed.has(letter.mark)) note(letter.id, 'already-replayed');
      else sendable.push(letter);
    }
    const resender = sendable.length === 0 ? undefined : await openResender();
    try {
      for (let at = 0; at < sendable.length; at += SENT_AT_ONCE) {
        const slice = sendable.slice(at, at + SENT_AT_ONCE);
        const refusals = (await resender?.send(slice)) ?? [];
        // Those that are refused for good are marked too, as the command line does: sending them again would change nothing.
        await box.mark(slice);
        for (const { id } of slice) note(id, 'replayed');
        for (const { index, reason } of refusals) note(slice[index]!.id, 'cannot-be-sent', reason);
      }
    } finally {
      await resender?.close();
    }
    return ids.map((id) => ({ id, ...(outcomes.get(id) ?? { outcome: 'gone', detail: null }) }));
  }

  /** Sent is sent: a log that does not answer must not make somebody send it again. */
  async #record({ name: who }: Actor, wanted: Wanted, { letters }: LetterReplay): Promise<void> {
    const { record, now, log } = this.#parts;
    const counts: Partial<Record<ReplayOutcome, number>> = {};
    for (const { outcome } of letters) counts[outcome] = (counts[outcome] ?? 0) + 1;
    const asked = 'ids' in wanted ? { chosen: wanted.ids.length } : { filter: wanted.filter };
    log.info({ by: who, ...counts }, 'dead letters were replayed in the console');
    const after = { ...asked, ...counts };
    await record({ ...{ who, what: 'dead letters replayed', before: null, after, when: now() } }).catch(
      (error: unknown) =>
        log.error({ error: describeError(error), by: who, ...counts }, 'the replay could not be recorded'),
    );
  }
}

function listedOf(entry: BoxEntry, replayed: ReadonlySet<string>): ListedLetter {
  if (entry.kind !== 'letter') return entry;
  const { id, reason, detail, position, recordedAt, bytes, cutFromBytes, unsendable, mark } = entry.letter;
  return {
    ...{ kind: 'letter', id, reason, detail, position, bytes, storedAt: recordedAt },
    size: cutFromBytes ?? bytes.byteLength,
    isReplayed: replayed.has(mark),
    unsendable: unsendable ?? null,
  };
}
