import { describe, expect, it } from 'vitest';
import { CampaignAssigner } from '../../../src/campaigns/campaign-assigner.ts';
import { CampaignWorker } from '../../../src/campaigns/campaign-worker.ts';
import type { CampaignBatch } from '../../../src/ports/campaign-store.ts';
import { quietLog } from '../../contract/temporary-folder.ts';
import { templates } from '../text/similarity/campaign-messages.ts';

/** A store of rows in memory whose writes can fail or be refused. */
function fakeStore(messages: readonly string[]) {
  const campaignOf = new Map<number, number | null>();
  const centers = new Map<number, CampaignBatch['changed'][number]>();
  const outcomes: ('fails' | 'refused')[] = [];
  let loads = 0;
  return {
    ...{ campaignOf, outcomes, loads: () => loads },
    holdAssignment: async () => 1,
    releaseAssignment: async () => undefined,
    forgetOtherVersions: async () => undefined,
    centers: async () => {
      loads++;
      return { items: [...centers.values()], highest: Math.max(0, ...centers.keys()), next: null };
    },
    unassigned: async (limit: number) =>
      messages
        .map((message, id) => ({ id, message }))
        .filter(({ id }) => !campaignOf.has(id))
        .slice(0, Math.min(limit, 2)),
    assign: async (_holder: string, _epoch: number, batch: CampaignBatch) => {
      const outcome = outcomes.shift();
      if (outcome === 'fails') throw new Error('planted');
      if (outcome === 'refused') return false;
      for (const { review_id, campaign } of batch.rows) campaignOf.set(review_id, campaign);
      for (const change of batch.changed) centers.set(change.id, change);
      return true;
    },
  };
}

const messages = [...templates, ...templates, ...templates];

/** Runs a worker until all rows are assigned; each look takes a second of the thread's time. Returns its pauses, in seconds. */
async function sleepsOf(
  store: ReturnType<typeof fakeStore>,
  { share, others }: { readonly share: number; readonly others: number },
): Promise<readonly number[]> {
  const sleeps: number[] = [];
  let seconds = 0;
  const worker = new CampaignWorker({
    ...{ share, assigner: new CampaignAssigner({ store, holder: 'p' }), log: quietLog },
    busyShare: () => others,
    clock: {
      elapsed: () => seconds++,
      sleep: async (pause) => {
        sleeps.push(pause);
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
  });
  worker.start();
  while (store.campaignOf.size < messages.length) await new Promise((resolve) => setImmediate(resolve));
  await worker.stop();
  return sleeps;
}

describe('the assignment of campaigns', () => {
  it('a batch that could not be stored, or was refused, leaves nothing behind in the index', async () => {
    const smooth = fakeStore(messages);
    expect(await new CampaignAssigner({ store: smooth, holder: 'p' }).run()).toBe(messages.length);
    const rough = fakeStore(messages);
    rough.outcomes.push('refused', 'fails');
    const assigner = new CampaignAssigner({ store: rough, holder: 'p' });
    expect(await assigner.run()).toBe(0);
    await expect(assigner.run()).rejects.toThrow('planted');
    expect(await assigner.run()).toBe(messages.length);
    expect([...rough.campaignOf]).toEqual([...smooth.campaignOf]);
    expect(new Set(rough.campaignOf.values()).size).toBe(templates.length);
    expect([smooth.loads(), rough.loads()]).toEqual([1, 3]);
  });

  it('a worker goes on after a failure, takes no more than its share of the time, and stops when it is asked to', async () => {
    const store = fakeStore(messages);
    store.outcomes.push('fails');
    const sleeps = await sleepsOf(store, { share: 0.1, others: 0 });
    expect(sleeps.slice(0, 2)).toEqual([5, 9]);
  });

  it('a worker rests longer the more the thread is needed by others', async () => {
    const restsBeside = async (others: number) =>
      (await sleepsOf(fakeStore(messages), { share: 0.5, others }))[1]!;
    expect(await restsBeside(0)).toBeCloseTo(1);
    expect(await restsBeside(0.5)).toBeCloseTo(7);
    // It never stands still.
    expect(await restsBeside(1)).toBeCloseTo(99);
  });
});
