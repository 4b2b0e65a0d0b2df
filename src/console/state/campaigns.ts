import type { RowLabel } from '../../core/decision.ts';
import type { SampledCampaignAnswer } from '../../http/campaign-schemas.ts';
import type { DecisionAnswer, DecisionBody, QueueItemAnswer } from '../../http/console-schemas.ts';
import {
  campaignDecision,
  countToDecide,
  type Excluded,
  isShown,
  type SampledMessageAnswer,
  toggled,
} from '../logic/campaign.ts';
import { failureOf } from '../logic/decision-queue.ts';
import { type Api, ApiProblem, problemOf } from './api.ts';
import { randomId } from './decision-sender.ts';
import { Observable } from './observable.ts';
import type { ReviewPage } from './review-page.ts';

/** What is seen before a campaign is decided. */
export interface CampaignPreview {
  readonly phase: 'loading' | 'choosing' | 'sending';
  readonly id: number;
  /** The message beside which it was opened. */
  readonly shown: QueueItemAnswer;
  readonly campaign: SampledCampaignAnswer | undefined;
  readonly excluded: Excluded;
  /** Of the last request. */
  readonly problem: ApiProblem | undefined;
}

interface Known {
  readonly campaign: SampledCampaignAnswer;
  /** Epoch milliseconds; 0 where something was decided since. */
  readonly at: number;
}

const FRESH_SECONDS = 15;
const MOST = 100;
const WAIT_SECONDS = 10;

/** Campaigns beside the messages, and the preview of the one that is to be decided. */
export class Campaigns {
  readonly known = new Observable<ReadonlyMap<number, Known>>(new Map());
  readonly preview = new Observable<CampaignPreview | undefined>(undefined);
  readonly #api: Api;
  readonly #page: ReviewPage;
  readonly #loading = new Set<number>();
  /** A decision whose answer was lost: sent again, it has the same key. */
  #unanswered: { readonly key: string; readonly body: string } | undefined;

  constructor(api: Api, page: ReviewPage) {
    this.#api = api;
    this.#page = page;
    page.changes.follow(() => this.#expire());
  }

  /** The campaign of a message, if it has others that wait. */
  of(item: QueueItemAnswer): SampledCampaignAnswer | undefined {
    const found = item.campaign === null ? undefined : this.known.value.get(item.campaign)?.campaign;
    return isShown(found) ? found : undefined;
  }

  /** Loads what is not known, or not fresh. A failure leaves out the card: the message can be decided without it. */
  load(id: number): void {
    const known = this.known.value.get(id);
    if (this.#loading.has(id) || (known !== undefined && Date.now() - known.at < FRESH_SECONDS * 1000))
      return;
    this.#loading.add(id);
    this.#fetch(id)
      .catch(() => undefined)
      .finally(() => this.#loading.delete(id));
  }

  /** Opens the preview with the campaign as it is now. */
  open(shown: QueueItemAnswer): void {
    if (shown.campaign === null || this.of(shown) === undefined || !this.#page.mayDecide) return;
    this.preview.value = {
      ...{ phase: 'loading', id: shown.campaign, shown, campaign: undefined },
      ...{ excluded: new Map(), problem: undefined },
    };
    void this.reload();
  }

  /** What was excluded stays so. */
  async reload(): Promise<void> {
    const { preview } = this;
    const id = preview.value?.id;
    if (id === undefined) return;
    this.#set({ phase: 'loading', problem: undefined });
    try {
      const campaign = await this.#fetch(id);
      if (preview.value?.id === id) this.#set({ phase: 'choosing', campaign });
    } catch (error) {
      if (preview.value?.id === id) this.#failed(problemOf(error));
    }
  }

  toggle(message: SampledMessageAnswer): void {
    const { value } = this.preview;
    if (value?.phase === 'choosing') this.#set({ excluded: toggled(value.excluded, message) });
  }

  /** Nothing is decided. After a lost answer that is not certain, so the queue is loaded again. */
  close(): void {
    if (this.preview.value === undefined || this.preview.value.phase === 'sending') return;
    this.preview.value = undefined;
    if (this.#unanswered !== undefined) this.#page.recheck();
    this.#unanswered = undefined;
  }

  /** Waits for the server: what one key press does to thousands of messages is shown when it is done. */
  async decide(label: RowLabel): Promise<void> {
    const { value } = this.preview;
    if (value?.phase !== 'choosing' || value.campaign === undefined) return;
    if (countToDecide(value.campaign, value.excluded) === 0) return;
    this.#set({ phase: 'sending', problem: undefined });
    const body = campaignDecision(label, value.campaign, value.excluded);
    try {
      await this.#earlierDecisions();
      const decision = await this.#post(body);
      this.#unanswered = undefined;
      this.preview.value = undefined;
      this.#page.settled(decision, label, value.shown);
    } catch (error) {
      this.#failed(problemOf(error));
    }
  }

  /** The person decided some of these messages before: those answers go first. */
  #earlierDecisions(): Promise<void> {
    const { queue } = this.#page.sender;
    const isEmpty = () => queue.value.waiting.length === 0;
    if (isEmpty()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        unfollow();
        reject(new ApiProblem(0, 'earlier-wait', ''));
      }, WAIT_SECONDS * 1000);
      const unfollow = queue.follow(() => {
        if (!isEmpty()) return;
        clearTimeout(timer);
        unfollow();
        resolve();
      });
      this.#page.sender.send();
    });
  }

  #post(decision: DecisionBody): Promise<DecisionAnswer> {
    const body = JSON.stringify(decision);
    if (this.#unanswered?.body !== body) this.#unanswered = { key: randomId(), body };
    const { key } = this.#unanswered;
    return this.#api.call('/api/v1/decisions', { method: 'POST', body: decision, key });
  }

  #failed(problem: ApiProblem): void {
    const failure = failureOf(problem.status, problem.kind);
    if (failure === 'refused') this.#unanswered = undefined;
    if (failure === 'refresh') void this.#api.session().catch(() => undefined);
    this.#set({ phase: 'choosing', problem });
    if (failure === 'log-in') this.#page.sender.connection.value = 'logged-out';
  }

  async #fetch(id: number): Promise<SampledCampaignAnswer> {
    const campaign = await this.#api.call<SampledCampaignAnswer>(`/api/v1/campaigns/${id}`);
    const all = new Map(this.known.value);
    all.delete(id);
    all.set(id, { campaign, at: Date.now() });
    for (const [oldest] of all) {
      if (all.size <= MOST) break;
      all.delete(oldest);
    }
    this.known.value = all;
    return campaign;
  }

  /** Those with a card are loaded again. Messages that are alone in theirs are most of a queue, and would cost a request each time. */
  #expire(): void {
    this.known.value = new Map(
      [...this.known.value].map(([id, known]) => [id, isShown(known.campaign) ? { ...known, at: 0 } : known]),
    );
  }

  #set(changes: Partial<CampaignPreview>): void {
    if (this.preview.value !== undefined) this.preview.value = { ...this.preview.value, ...changes };
  }
}
