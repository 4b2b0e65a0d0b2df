import { expect, it } from 'vitest';
import { CampaignAssigner } from '../../../src/campaigns/campaign-assigner.ts';
import { CampaignDesk } from '../../../src/campaigns/campaign-desk.ts';
import type { DecisionRequest } from '../../../src/core/decision.ts';
import { anna, ben, type DecisionFixture, lead, reviewItem } from './decision-fixture.ts';

const words = 'blue river table seven window garden yesterday paper station orange'.split(' ');

/** Messages of one template: three words differ. */
function reward(number: number): string {
  const word = (at: number) => `${words[(number * 7 + at * 3) % words.length]}${(number + at) % 13}`;
  return `Dear ${word(1)} your account was chosen for the ${word(2)} winter reward, send the word CLAIM and your birthday to our agent ${word(3)}`;
}

/** What one decision on a campaign covers, and how rows come into campaigns. */
export function describeCampaigns(name: string, f: DecisionFixture): void {
  const add = async (from: number, count: number) => {
    await f.reviews.add(
      Array.from({ length: count }, (_, i) =>
        reviewItem(`reward-${from + i}`, { message: reward(from + i), sender: `sender-${(from + i) % 3}` }),
      ),
    );
    f.now += 61_000;
    await new CampaignAssigner({ store: f.store.campaigns, holder: `process-${from}` }).run();
  };
  const onlyCampaign = async () => {
    const { items } = await f.store.campaigns.list({ limit: 10 });
    expect(items).toHaveLength(1);
    return items[0]!;
  };
  const decide = (
    campaign_id: number,
    rest: { readonly revision?: number; readonly exclude?: number[] } = {},
    label: DecisionRequest['label'] = 'spam',
    key: string | null = null,
  ) => f.desk.decide(anna, { label, items: [{ campaign_id, ...rest }] }, key);

  it(`${name} as a CampaignStore groups the rows of a template, and those that a later process adds join them`, async () => {
    await f.reviews.add([
      reviewItem('a', {
        message: 'Ist noch jemand am Sonntag beim Flohmarkt dabei, wir haben einen Tisch frei',
      }),
      reviewItem('b', { message: 'ok' }),
    ]);
    await add(0, 6);
    const first = await onlyCampaign();
    expect(first).toMatchObject({ members: 6, open: 6, senders: 3, without_sender: 0, label: null });
    await f.reopen();
    await add(6, 3);
    const later = await onlyCampaign();
    expect(later).toMatchObject({ id: first.id, members: 9, open: 9 });
    expect(later.revision).toBeGreaterThan(first.revision);
    expect(await f.store.campaigns.unassigned(10)).toEqual([]);
    const { items } = await f.store.list({ state: 'open', order: 'age', limit: 20 });
    const own = items.map(({ message_id, campaign }) => [message_id, campaign === first.id]);
    expect(own.filter(([, isOwn]) => isOwn)).toHaveLength(9);
    expect(items.find(({ message_id }) => message_id === 'b')?.campaign).toBeNull();
  });

  it(`${name} as a DecisionStore decides a campaign as somebody saw it, and takes all of it back by one undo`, async () => {
    await add(0, 6);
    const seen = await onlyCampaign();
    await add(6, 2);
    const [excluded, ...others] = (await f.openIds()).slice(0, 6);
    const decision = await decide(seen.id, { revision: seen.revision, exclude: [excluded!] });
    expect(decision.items).toEqual(others);
    expect(await f.reviews.count()).toMatchObject({ open: 3, labelled: 5 });
    expect(await f.training()).toHaveLength(5);
    expect((await f.published()).map(({ verdict }) => verdict)).toEqual(others.map(() => 'spam'));
    expect(await onlyCampaign()).toMatchObject({ id: seen.id, open: 3, label: 'spam', decided_by: 'anna' });
    const { items } = await f.store.activity({ limit: 1 });
    expect(items[0]).toMatchObject({ what: 'decision', after: { campaigns: [seen.id] } });

    const undo = await f.desk.undo(anna, decision.id);
    expect([...undo.items].sort((a, b) => a - b)).toEqual(others);
    expect(await f.reviews.count()).toMatchObject({ open: 8, labelled: 0 });
    expect(await f.training()).toEqual([]);
    expect(await onlyCampaign()).toMatchObject({ open: 8, label: null, decided_by: null });
  });

  it(`${name} as a DecisionStore shows later rows of a decided campaign as such and decides none of them`, async () => {
    await add(0, 5);
    await decide((await onlyCampaign()).id);
    await add(5, 2);
    expect(await f.reviews.count()).toMatchObject({ open: 2, labelled: 5 });
    expect(await onlyCampaign()).toMatchObject({ members: 7, open: 2, label: 'spam' });
  });

  it(`${name} as a DecisionStore leaves rows of a campaign to those who hold them`, async () => {
    await add(0, 6);
    const { id } = await onlyCampaign();
    const { items: held } = await f.desk.lease(ben, { count: 2, order: 'age' });
    await f.desk.lease(anna, { count: 1, order: 'age' });
    const decision = await decide(id);
    expect(decision.items).toHaveLength(4);
    expect(decision.items).not.toContain(held[0]!.id);
    await expect(decide(id)).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await f.decide(
      ben,
      'ham',
      held.map((item) => item.id),
    );
    await expect(decide(id)).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
    await expect(decide(id + 1000)).rejects.toMatchObject({ code: 'REVIEW_UNKNOWN' });
  });

  it(`${name} as a DecisionStore decides a campaign once for one idempotency key`, async () => {
    await add(0, 4);
    const { id } = await onlyCampaign();
    const decision = await decide(id, {}, 'ham', 'key');
    expect(await decide(id, {}, 'ham', 'key')).toEqual(decision);
    await expect(decide(id, {}, 'spam', 'key')).rejects.toMatchObject({ code: 'KEY_REUSED' });
  });

  it(`${name} as a DecisionStore leaves rows with three unsure answers to a lead`, async () => {
    await add(0, 4);
    const { id } = await onlyCampaign();
    for (const who of ['x', 'y', 'z'])
      await f.decide({ name: who, role: 'moderator' }, 'unsure', (await f.openIds()).slice(0, 1));
    expect((await decide(id)).items).toHaveLength(3);
    const rest = await f.desk.decide(lead, { label: 'spam', items: [{ campaign_id: id }] });
    expect(rest.items).toHaveLength(1);
  });

  it(`${name} as a DecisionStore decides a campaign of more rows than one request may name`, async () => {
    const count = 1100;
    await f.reviews.add(
      Array.from({ length: count }, (_, i) => reviewItem(`r-${i}`, { message: `text ${i}` })),
    );
    const rows = await f.store.campaigns.unassigned(count);
    const epoch = await f.store.campaigns.holdAssignment('p');
    await f.store.campaigns.assign('p', epoch!, {
      version: 'v',
      rows: rows.map(({ id, message }) => ({ review_id: id, message, campaign: 1, score: 9, foreignRun: 0 })),
      changed: [{ id: 1, revision: 1, members: count, before: 0, text: '' }],
      merged: [],
    });
    const decision = await decide(1, { revision: 1 });
    expect(decision.items).toHaveLength(count);
    expect(await f.reviews.count()).toMatchObject({ open: 0, labelled: count });
    expect((await f.desk.undo(anna, decision.id)).items).toHaveLength(count);
    expect(await f.reviews.count()).toMatchObject({ open: count, labelled: 0 });
  });

  it(`${name} as a CampaignStore takes an edited message out of its campaign`, async () => {
    await add(0, 4);
    const seen = await onlyCampaign();
    const message = 'Kann mir jemand sagen, wann morgen der erste Bus zum Bahnhof fährt';
    const position = { topic: 'chat-messages', partition: 2, offset: 8 };
    await f.reviews.add([reviewItem('reward-1', { message, position })]);
    expect((await decide(seen.id)).items).toHaveLength(3);
    await new CampaignAssigner({ store: f.store.campaigns, holder: 'process-0' }).run();
    const { items } = await f.store.list({ state: 'open', order: 'age', limit: 10 });
    expect(items.map((item) => [item.message, item.campaign === seen.id])).toEqual([[message, false]]);
  });

  it(`${name} as a CampaignStore leaves a row that was edited while it was placed to a later batch`, async () => {
    const { campaigns } = f.store;
    const [a, b] = await f.add('a', 'b');
    const epoch = await campaigns.holdAssignment('p');
    const row = (review_id: number, message: string) => ({
      ...{ review_id, message, campaign: null, score: 0, foreignRun: 0 },
    });
    await campaigns.assign('p', epoch!, {
      ...{ version: 'v', changed: [], merged: [] },
      rows: [row(a!, 'text of a'), row(b!, 'an earlier text of b')],
    });
    expect((await campaigns.unassigned(10)).map(({ id }) => id)).toEqual([b]);
  });

  it(`${name} as a CampaignStore has one process assign at a time, and another one after a minute`, async () => {
    const { campaigns } = f.store;
    const first = await campaigns.holdAssignment('one');
    expect(await campaigns.holdAssignment('two')).toBeUndefined();
    expect(await campaigns.holdAssignment('one')).toBe(first);
    f.now += 60_001;
    const second = await campaigns.holdAssignment('two');
    expect(second).not.toBe(first);
    const batch = { version: 'v', rows: [], changed: [], merged: [] };
    expect(await campaigns.assign('one', first!, batch)).toBe(false);
    expect(await campaigns.assign('two', second!, batch)).toBe(true);
    await campaigns.releaseAssignment('two');
    expect(await campaigns.holdAssignment('one')).not.toBeUndefined();
  });

  it(`${name} as a CampaignStore moves the rows of a merged campaign, which nobody saw there, and its decisions`, async () => {
    const { campaigns } = f.store;
    const [a, b, c] = await f.add('a', 'b', 'c');
    const epoch = await campaigns.holdAssignment('p');
    const row = (review_id: number, id: string, campaign: number) => ({
      ...{ review_id, message: `text of ${id}`, campaign, score: 9, foreignRun: 0 },
    });
    const change = (id: number, revision: number, members: number) => ({
      ...{ id, revision, members, before: members - 1, text: 'AAAAAA==' },
    });
    await campaigns.assign('p', epoch!, {
      ...{ version: 'v', rows: [row(a!, 'a', 1), row(b!, 'b', 2), row(c!, 'c', 2)], merged: [] },
      changed: [change(1, 1, 1), change(2, 1, 2)],
    });
    await f.desk.decide(anna, { label: 'spam', items: [{ campaign_id: 1, revision: 1 }] });
    await campaigns.assign('p', epoch!, {
      ...{ version: 'v', rows: [], merged: [[2, 1]], changed: [change(1, 2, 3)] },
    });
    expect(await campaigns.get(2)).toMatchObject({ id: 1, open: 2, label: 'spam', revision: 2 });
    await expect(decide(1, { revision: 1 })).rejects.toMatchObject({ code: 'REVIEW_DECIDED' });
    await expect(decide(2)).rejects.toMatchObject({ code: 'REVIEW_UNKNOWN' });
    expect((await decide(1, { revision: 2 })).items).toEqual([b, c]);
  });

  it(`${name} as a CampaignStore assigns open rows again where the version changed`, async () => {
    await add(0, 3);
    await f.store.campaigns.forgetOtherVersions('another');
    expect(await f.store.campaigns.unassigned(10)).toHaveLength(3);
    expect((await f.store.campaigns.list({ limit: 10 })).items).toEqual([]);
  });

  it(`${name} as a DecisionStore lists larger campaigns first where that is the order, page by page`, async () => {
    await f.reviews.add([
      reviewItem('alone', { message: 'Hat jemand meinen grünen Schal in der Umkleide gesehen' }),
    ]);
    await add(0, 5);
    const all: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await f.store.list({
        ...{ state: 'open' as const, order: 'campaign' as const, limit: 2 },
        ...(after === undefined ? {} : { after }),
      });
      all.push(...page.items.map(({ message_id }) => message_id));
      if (page.next === null) break;
      after = page.next;
    }
    expect(all).toEqual([...[0, 1, 2, 3, 4].map((i) => `reward-${i}`), 'alone']);
    const { items } = await f.desk.lease(anna, { count: 1, order: 'campaign' });
    expect(items[0]?.message_id).toBe('reward-0');
    const { id } = await onlyCampaign();
    const some = await f.store.list({ state: 'open', order: 'age', limit: 9, filter: { campaign: id } });
    expect(some.items).toHaveLength(4);
  });

  it(`${name} as a CampaignStore shows a harmless message on the same template in the sample`, async () => {
    const warning = `My neighbor got this yesterday and nearly fell for it, please warn your parents: ${reward(3)}`;
    await f.reviews.add([reviewItem('warning', { message: warning, probability: 0.5 })]);
    await add(10, 60);
    const { id } = await onlyCampaign();
    const shown = await new CampaignDesk(f.store.campaigns).show(id);
    expect(shown).toMatchObject({ open: 61, probability_min: 0.5, probability_max: 0.6 });
    expect(shown!.sample[0]).toMatchObject({ item: { message_id: 'warning' }, because: 'foreign_words' });
    expect(new Set(shown!.sample.map(({ item }) => item.id)).size).toBe(shown!.sample.length);
    expect(shown!.score_max).toBeGreaterThan(shown!.score_min!);
  });
}
