import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Verdict } from '../../core/verdict.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import { isDemoCommunity, readDemoLabels } from './demo-inbox.ts';

const PAGE = 1000;

/** How the verdicts compare with known labels. Only the decided messages count for precision. */
export interface LabelReport {
  readonly messages: number;
  readonly spamInAll: number;
  readonly precision: number;
  readonly recall: number;
  readonly sentToReview: number;
}

/** Compares the verdicts on the demo's messages with their labels; null where there is no demo. */
export async function labelReport(
  statePath: string,
  verdictsPath: string,
  reviews: ReviewStore,
): Promise<LabelReport | null> {
  const labels = await readDemoLabels(statePath);
  if (labels === null) return null;
  const spam = await idsOfSpamVerdicts(verdictsPath);
  const inReview = await idsInReview(reviews);
  const published = [...spam].filter((id) => labels.has(id));
  const right = published.filter((id) => labels.get(id) === 'spam').length;
  const spamInAll = [...labels.values()].filter((label) => label === 'spam').length;
  return {
    messages: labels.size,
    spamInAll,
    precision: right / published.length,
    recall: right / spamInAll,
    sentToReview: [...inReview].filter((id) => labels.has(id)).length,
  };
}

async function idsOfSpamVerdicts(path: string): Promise<Set<string>> {
  const ids = new Set<string>();
  try {
    for await (const line of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      if (line === '') continue;
      const { community, message_id, verdict } = JSON.parse(line) as Verdict;
      if (isDemoCommunity(community) && verdict === 'spam') ids.add(message_id);
    }
  } catch (error) {
    // No verdict has been published yet.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return ids;
}

async function idsInReview(reviews: ReviewStore): Promise<Set<string>> {
  const ids = new Set<string>();
  let after = 0;
  for (;;) {
    const page = await reviews.list({ state: 'open', after, limit: PAGE });
    for (const item of page) if (isDemoCommunity(item.community)) ids.add(item.message_id);
    if (page.length < PAGE) return ids;
    after = page.at(-1)!.id;
  }
}
