import {
  type Actor,
  type CampaignItem,
  type Decision,
  type DecisionRequest,
  decisionRequestSchema,
  MAX_DECISION_ITEMS,
  type RelabelRequest,
  type RowItem,
  relabelRequestSchema,
} from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import { hasRole, requireRole } from '../core/require-role.ts';
import { sha256Of } from '../core/sha256.ts';
import type {
  DecisionStore,
  LeasedItems,
  RecordedDecision,
  ReviewFilter,
  ReviewOrder,
} from '../ports/decision-store.ts';
import { coveredRows, requestedCampaigns } from './campaign-members.ts';
import { planDecision } from './plan-decision.ts';
import { planRelabel } from './plan-relabel.ts';
import { planUndo } from './plan-undo.ts';
import { drawn } from './second-opinion.ts';

const MAX_KEY_LENGTH = 100;

/** What people do with the review queue. All errors are `SluiceError`s; each method also throws what the store throws. */
export class ReviewDesk {
  readonly #store: DecisionStore;
  readonly #newId: () => string;
  readonly #share: number;

  constructor(store: DecisionStore, { newId, secondOpinionShare = 0 }: ReviewDeskOptions = {}) {
    this.#store = store;
    this.#newId = newId ?? (() => globalThis.crypto.randomUUID());
    this.#share = secondOpinionShare;
  }

  /** Hands out the next rows, for a minute. Throws `ROLE_REFUSED`, and `USAGE` for an impossible count. */
  async lease(actor: Actor, { count, order = 'uncertainty', filter }: LeaseRequest): Promise<LeasedItems> {
    requireRole(actor, 'moderator', 'leasing review rows');
    if (!Number.isInteger(count) || count < 1 || count > MAX_DECISION_ITEMS)
      throw new SluiceError('USAGE', `a lease takes 1 to ${MAX_DECISION_ITEMS} rows, not ${count}`);
    const id = this.#newId();
    return this.#store.lease({
      ...{ id, holder: actor.name, isLead: hasRole(actor, 'lead'), count, order },
      second: this.#secondOf(count),
      ...(filter === undefined ? {} : { filter }),
    });
  }

  /** Returns the new end, epoch milliseconds. Throws `LEASE_HELD` for the lease of another person, and `LEASE_EXPIRED`. */
  async renew(actor: Actor, lease: string): Promise<number> {
    requireRole(actor, 'moderator', 'renewing a lease');
    const { renewed, until } = await this.#store.renew(lease, actor.name);
    if (renewed > 0) return until;
    await this.#refuseOthers(actor, lease);
    throw new SluiceError('LEASE_EXPIRED', 'the lease has ended; lease the rows again');
  }

  /** Gives the rows back; for a lease that has ended it does nothing. Throws `LEASE_HELD` for the lease of another person. */
  async release(actor: Actor, lease: string): Promise<void> {
    requireRole(actor, 'moderator', 'releasing a lease');
    if ((await this.#store.release(lease, actor.name)) === 0) await this.#refuseOthers(actor, lease);
  }

  /**
   * Decides one or more rows in one transaction: all, or none. Of a campaign, the rows that `coveredRows` returns. `key`: an idempotency key, 100 characters at most; the same request
   * under the same key returns the first decision and changes nothing. Throws what `planDecision` throws, `USAGE`, and `KEY_REUSED`.
   */
  async decide(actor: Actor, request: DecisionRequest, key: string | null = null): Promise<Decision> {
    requireRole(actor, 'moderator', 'deciding review rows');
    const read = decisionRequestSchema.safeParse(request);
    if (!read.success)
      throw new SluiceError('USAGE', `the decision cannot be read: ${read.error.issues[0]?.message}`);
    const digest = digestOf(read.data);
    checkKey(key);
    if (read.data.overrule === true) requireRole(actor, 'lead', 'overruling a decision');
    return this.#store.transact(async (transaction) => {
      const campaigns = await requestedCampaigns(transaction, read.data.items.filter(isCampaign));
      const named = read.data.items.filter(isRow);
      const ids = new Set(named.map((item) => item.review_id));
      for (const campaign of campaigns) for (const id of campaign.ids ?? []) ids.add(id);
      const rows = await transaction.lockRows([...ids]);
      // After the lock: the same request at the same time waits there, and then finds the decision.
      const known = key === null ? undefined : await transaction.decisionByKey(actor.name, key);
      if (known !== undefined) return repeated(known, digest);
      const byId = new Map(rows.map((row) => [row.item.id, row]));
      const { label } = read.data;
      const covered = new Map<number, RowItem>(named.map((item) => [item.review_id, item]));
      for (const campaign of campaigns)
        for (const review_id of coveredRows(campaign, byId, { actor, label }))
          if (!covered.has(review_id)) covered.set(review_id, { review_id });
      const items = [...covered.values()];
      const plan = planDecision({ actor, request: read.data, items, rows, now: transaction.now });
      const decided = campaigns.map(({ item }) => item.campaign_id);
      const { changes } = plan;
      const share = this.#share;
      const asked =
        share === 0
          ? []
          : drawn({
              share,
              changes,
              named: new Set(named.map((item) => item.review_id)),
              key: await transaction.samplingKey(),
            });
      return transaction.write({ ...plan, key, request: digest, campaigns: decided, drawn: asked });
    });
  }

  /**
   * Gives training rows another label: all of them, or none where one is missing. It is a decision as in {@link decide}, with the same
   * idempotency key and undo; see `planRelabel`. Throws `ROLE_REFUSED`, `USAGE`, and `KEY_REUSED`.
   */
  async relabel(actor: Actor, request: RelabelRequest, key: string | null = null): Promise<Relabeling> {
    requireRole(actor, 'lead', 'relabeling training data');
    const read = relabelRequestSchema.safeParse(request);
    if (!read.success)
      throw new SluiceError('USAGE', `the request cannot be read: ${read.error.issues[0]?.message}`);
    checkKey(key);
    const { ids } = read.data;
    const digest = digestOf(read.data);
    return this.#store.transact(async (transaction): Promise<Relabeling> => {
      // In the order of a decision in the queue, which locks review rows first.
      const rows = await transaction.lockRows(await transaction.reviewsOfTraining(ids));
      const training = await transaction.lockTraining(ids);
      const known = key === null ? undefined : await transaction.decisionByKey(actor.name, key);
      if (known !== undefined) return relabeling(repeated(known, digest), ids);
      const there = new Set(training.map(({ id }) => id));
      const missing = ids.filter((id) => !there.has(id));
      if (missing.length > 0) return { decision: null, unchanged: 0, missing };
      const plan = planRelabel({ actor, request: read.data, training, rows, now: transaction.now });
      if (plan === undefined) return { decision: null, unchanged: ids.length, missing };
      return relabeling(await transaction.write({ ...plan, key, request: digest }), ids);
    });
  }

  /**
   * Takes a decision back by another one. Throws `REVIEW_UNKNOWN`, `USAGE`, `KEY_REUSED`, and what
   * `planUndo` throws.
   */
  async undo(actor: Actor, id: number, key: string | null = null): Promise<Decision> {
    requireRole(actor, 'moderator', 'undoing a decision');
    checkKey(key);
    const digest = digestOf({ undoes: id });
    return this.#store.transact(async (transaction) => {
      const first = await transaction.decision(id);
      if (first === undefined) throw new SluiceError('REVIEW_UNKNOWN', `there is no decision ${id}`);
      const rows = await transaction.lockRows(first.changes.map((change) => change.review_id));
      const training = await transaction.lockTraining(first.relabeled.map((change) => change.training_id));
      const known = key === null ? undefined : await transaction.decisionByKey(actor.name, key);
      if (known !== undefined) return repeated(known, digest);
      // Again, since somebody may have undone it before the rows were locked.
      const decision = (await transaction.decision(id)) ?? first;
      const newer = await transaction.newerDecisions(decision.decided_by, id);
      const plan = planUndo({ actor, decision, newer, rows, training, now: transaction.now });
      return transaction.write({ ...plan, key, request: digest });
    });
  }

  /** Twice the share that is drawn, so that what waits is answered; the others of a lease are open rows. */
  #secondOf(count: number): { readonly blind: number; readonly differing: number } {
    const blind = Math.ceil(count * Math.min(0.5, 2 * this.#share));
    return { blind, differing: Math.ceil(count / 4) };
  }

  async #refuseOthers(actor: Actor, lease: string): Promise<void> {
    const holder = await this.#store.leaseHolder(lease);
    if (holder !== undefined && holder !== actor.name)
      throw new SluiceError('LEASE_HELD', `the lease is of ${holder}`);
  }
}

export interface ReviewDeskOptions {
  /** Makes the id of a lease, which nobody can guess. */
  readonly newId?: () => string;
  /** Share of decided messages that somebody else is asked about, 0 to 1; 0 for none. */
  readonly secondOpinionShare?: number;
}

function isRow(item: RowItem | CampaignItem): item is RowItem {
  return 'review_id' in item;
}

function isCampaign(item: RowItem | CampaignItem): item is CampaignItem {
  return !isRow(item);
}

export interface LeaseRequest {
  readonly count: number;
  readonly order?: ReviewOrder;
  readonly filter?: ReviewFilter;
}

/** What became of a request for other labels. */
export interface Relabeling {
  /** Null where nothing was changed. */
  readonly decision: Decision | null;
  /** How many rows had the label already. */
  readonly unchanged: number;
  /** Rows that do not exist; then none was changed. */
  readonly missing: readonly number[];
}

function relabeling(decision: Decision, ids: readonly number[]): Relabeling {
  return { decision, unchanged: ids.length - (decision.training?.length ?? 0), missing: [] };
}

function repeated(
  { request, changes: _, relabeled: __, undone_by: ___, ...decision }: RecordedDecision,
  digest: string,
): Decision {
  if (request !== digest)
    throw new SluiceError(
      'KEY_REUSED',
      `the idempotency key belongs to decision ${decision.id}, of another request; use a new key`,
    );
  return decision;
}

/** Throws `USAGE`. */
function checkKey(key: string | null): void {
  if (key !== null && (key === '' || key.length > MAX_KEY_LENGTH))
    throw new SluiceError('USAGE', `an idempotency key has 1 to ${MAX_KEY_LENGTH} characters`);
}

function digestOf(request: object): string {
  return sha256Of(new TextEncoder().encode(JSON.stringify(request)));
}
