import type { Daemon } from '../app/daemon/start-daemon.ts';

/** What came of the messages so far; the keys of `run --json`. */
export interface RunSummary {
  readonly model: string;
  readonly read: number;
  readonly ham: number;
  readonly review: number;
  readonly spam: number;
  readonly dead_letters: number;
  /** Null where the true labels are not known. */
  readonly labels: {
    readonly messages: number;
    readonly spam: number;
    readonly precision: number;
    readonly recall: number;
    readonly in_review: number;
  } | null;
  readonly places: { readonly verdicts: string; readonly reviews: string; readonly dead_letters: string };
  readonly addresses: Daemon['addresses'];
}

export async function summarise(daemon: Daemon): Promise<RunSummary> {
  const { model, read, ham, review, spam, deadLetters } = daemon.progress();
  const labels = await daemon.labelReport();
  const { verdicts, reviews, deadLetters: deadLettersAt } = daemon.destinations;
  return {
    model,
    read,
    ham,
    review,
    spam,
    dead_letters: deadLetters,
    labels: labels && {
      messages: labels.messages,
      spam: labels.spamInAll,
      precision: labels.precision,
      recall: labels.recall,
      in_review: labels.sentToReview,
    },
    places: { verdicts, reviews, dead_letters: deadLettersAt },
    addresses: daemon.addresses,
  };
}

const counted = new Intl.NumberFormat('en');

function percent(part: number): string {
  return Number.isFinite(part) ? `${(100 * part).toFixed(1)} %` : 'unknown';
}

/** The summary for people, ending in a line break. */
export function summaryText(summary: RunSummary): string {
  const { read, ham, review, spam, dead_letters, labels, places, addresses } = summary;
  const share = (count: number) =>
    `${counted.format(count).padStart(9)}  ${percent(count / Math.max(1, read)).padStart(7)}`;
  const rows: (readonly [string, string])[] = [
    ['messages', counted.format(read).padStart(9)],
    ['ham', share(ham)],
    ['review', share(review)],
    ['spam', share(spam)],
    ['dead letters', share(dead_letters)],
  ];
  if (labels !== null) {
    rows.push(['precision', `${percent(labels.precision)} of the verdicts "spam" are right`]);
    rows.push([
      'recall',
      `${percent(labels.recall)} of the ${counted.format(labels.spam)} spam messages were caught`,
    ]);
    rows.push([
      '',
      `by the known labels of ${counted.format(labels.messages)} messages, ${counted.format(labels.in_review)} of them in review`,
    ]);
  }
  rows.push(
    ['verdicts', places.verdicts],
    ['review rows', places.reviews],
    ['dead letters', places.dead_letters],
  );
  if (addresses.api !== null) rows.push(['API', addresses.api]);
  if (addresses.ops !== null) rows.push(['metrics', addresses.ops]);
  rows.push(['model', summary.model]);
  return rows.map(([name, value]) => `  ${name.padEnd(14)}${value}\n`).join('');
}
