import type { DecisionLabel } from '../../src/core/decision.ts';
import type { SampledCampaignAnswer } from '../../src/http/campaign-schemas.ts';
import type { QueueItemAnswer } from '../../src/http/console-schemas.ts';

export interface StubMessage {
  readonly message: string;
  readonly sender?: string | null;
  readonly probability?: number | null;
  readonly origin?: QueueItemAnswer['origin'];
  readonly community?: string;
  readonly campaign?: number;
  readonly reasons?: readonly string[];
}

interface StubDecision {
  readonly id: number;
  readonly label: DecisionLabel | null;
  readonly items: readonly number[];
  readonly decided_by: string;
  readonly decided_at: number;
  readonly note: null;
  readonly undoes: number | null;
  undone_by: number | null;
}

interface StubCampaignItem {
  readonly campaign_id: number;
  readonly revision: number;
  readonly exclude?: readonly number[];
}
interface StubRowItem {
  readonly review_id: number;
  readonly version?: string;
}

export class StubProblem extends Error {
  readonly status: number;
  readonly kind: string;

  constructor(status: number, kind: string) {
    super(kind);
    this.status = status;
    this.kind = kind;
  }
}

/** A review queue in memory, with the rules of the real one that the page depends on. */
export class StubDesk {
  readonly rows: QueueItemAnswer[];
  readonly decisions: StubDecision[] = [];
  readonly #revisions = new Map<number, number>();
  readonly #leases = new Map<string, { readonly rows: Set<number>; until: number }>();
  readonly #byKey = new Map<string, { readonly body: string; readonly decision: StubDecision }>();
  /** Requests that changed something, as often as each idempotency key came. */
  readonly keys: string[] = [];

  constructor(messages: readonly StubMessage[]) {
    this.rows = messages.map(
      ({ message, sender, probability, origin, community, campaign, reasons }, index) => ({
        id: index + 1,
        state: 'open',
        origin: origin ?? 'band',
        community: community ?? 'forum',
        message_id: `m${index + 1}`,
        message,
        sender: sender === undefined ? `user ${1000 + index}` : sender,
        probability: probability === undefined ? 0.5 + ((index * 7) % 20) / 100 : probability,
        reasons: [...(reasons ?? [])],
        model: 'stub',
        position: { topic: 'messages', partition: 0, offset: index },
        created_at: Date.now() - (index + 1) * 240_000,
        version: '0-x',
        label: null,
        decided_by: null,
        campaign: campaign ?? null,
        decided_at: null,
        unsure: 0,
        reporters: origin === 'report' ? 3 : 0,
      }),
    );
  }

  row(id: number): QueueItemAnswer {
    const row = this.rows.find((each) => each.id === id);
    if (row === undefined) throw new StubProblem(404, 'not-found');
    return row;
  }

  lease(count: number) {
    const now = Date.now();
    const held = new Set(
      [...this.#leases.values()].flatMap(({ rows, until }) => (until > now ? [...rows] : [])),
    );
    const items = this.rows.filter(({ id, state }) => state === 'open' && !held.has(id)).slice(0, count);
    const id = `lease-${this.#leases.size + 1}`;
    this.#leases.set(id, { rows: new Set(items.map((item) => item.id)), until: now + 60_000 });
    return { id, until: now + 60_000, seconds: 60, items };
  }

  renew(id: string) {
    const lease = this.#leases.get(id);
    if (lease === undefined || lease.until < Date.now()) throw new StubProblem(410, 'lease-expired');
    lease.until = Date.now() + 60_000;
    return { id, until: lease.until, seconds: 60 };
  }

  release(id: string): void {
    this.#leases.delete(id);
  }

  get heldLeases(): number {
    return this.#leases.size;
  }

  decide(
    key: string,
    body: {
      readonly label: DecisionLabel;
      readonly items: readonly (StubRowItem | StubCampaignItem)[];
    },
  ): StubDecision {
    return this.#once(key, body, () => {
      const items = body.items.flatMap((item) => ('review_id' in item ? [item] : this.#covered(item)));
      if (items.length === 0) throw new StubProblem(409, 'already-decided');
      for (const { review_id, version } of items) {
        const row = this.row(review_id);
        if (row.state === 'erased') throw new StubProblem(410, 'erased');
        if (row.state === 'labelled') throw new StubProblem(409, 'already-decided');
        if (version !== undefined && version !== row.version) throw new StubProblem(412, 'stale');
      }
      const ids = items.map(({ review_id }) => review_id);
      for (const id of ids)
        this.#change(
          id,
          body.label === 'unsure'
            ? { unsure: this.row(id).unsure + 1 }
            : { state: 'labelled', label: body.label, decided_by: 'mo', decided_at: Date.now() },
        );
      return this.#record(body.label, ids, null);
    });
  }

  undo(key: string, id: number): StubDecision {
    return this.#once(key, { id }, () => {
      const decision = this.decisions.find((each) => each.id === id);
      if (decision === undefined) throw new StubProblem(404, 'not-found');
      if (decision.undone_by !== null) throw new StubProblem(409, 'undo-refused');
      for (const row of decision.items)
        this.#change(row, { state: 'open', label: null, decided_by: null, decided_at: null });
      const undo = this.#record(null, decision.items, id);
      decision.undone_by = undo.id;
      return undo;
    });
  }

  /** Every message of it is at revision 7. */
  campaign(id: number): SampledCampaignAnswer {
    const open = this.rows.filter(({ campaign, state }) => campaign === id && state === 'open');
    const first = this.rows.find(({ campaign }) => campaign === id);
    if (first === undefined) throw new StubProblem(404, 'not-found');
    const scores = open.map(({ probability }) => probability ?? 0.5);
    const because = ['foreign_words', 'least_like', 'lowest_probability', 'newest'] as const;
    const before = this.rows.find(({ campaign, label }) => campaign === id && label !== null);
    return {
      ...{ id, revision: 7, members: open.length + 3, open: open.length, senders: open.length },
      ...{ without_sender: 0, created_at: first.created_at, changed_at: first.created_at },
      probability_min: open.length === 0 ? null : Math.min(...scores),
      probability_max: open.length === 0 ? null : Math.max(...scores),
      label: before?.label ?? null,
      decided_by: before?.decided_by ?? null,
      decided_at: before?.decided_at ?? null,
      sample: open.slice(-4).map((item, index) => ({
        ...{ item, because: because[index]!, score: 12 - index, foreign_words: index === 0 ? 9 : 0 },
      })),
      score_min: 9,
      score_max: 14,
    };
  }

  #covered({ campaign_id, revision, exclude = [] }: StubCampaignItem): readonly StubRowItem[] {
    if (revision !== 7) throw new StubProblem(412, 'stale');
    return this.rows
      .filter(
        ({ id, campaign, state }) => campaign === campaign_id && state === 'open' && !exclude.includes(id),
      )
      .map(({ id }) => ({ review_id: id }));
  }

  /** As an edited message, or one that somebody else decided. */
  change(id: number, changes: Partial<QueueItemAnswer>): void {
    this.#change(id, changes);
  }

  #once(key: string, body: unknown, work: () => StubDecision): StubDecision {
    this.keys.push(key);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      if (known.body !== JSON.stringify(body)) throw new StubProblem(422, 'key-reused');
      return known.decision;
    }
    const decision = work();
    this.#byKey.set(key, { body: JSON.stringify(body), decision });
    return decision;
  }

  #record(label: DecisionLabel | null, items: readonly number[], undoes: number | null): StubDecision {
    const id = this.decisions.length + 1;
    const decision: StubDecision = {
      ...{ id, label, items, undoes, decided_by: 'mo', decided_at: Date.now(), note: null },
      undone_by: null,
    };
    this.decisions.push(decision);
    return decision;
  }

  #change(id: number, changes: Partial<QueueItemAnswer>): void {
    const revision = (this.#revisions.get(id) ?? 0) + 1;
    this.#revisions.set(id, revision);
    Object.assign(this.row(id), changes, { version: `${revision}-x` });
  }
}
