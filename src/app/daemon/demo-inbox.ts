import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { findSpamAssassin, SpamAssassinCorpus } from '../../adapters/corpora/spam-assassin.ts';
import type { Label } from '../../ports/labelled-messages.ts';
import type { Log } from '../../ports/log.ts';
import { isForTesting } from '../../training/testing-part.ts';
import { packageRoot } from '../package-root.ts';

const COMMUNITY = 'demo';
const LABELS_FILE = 'demo-labels.json';

export type KnownLabels = ReadonlyMap<string, Label>;

/**
 * Writes the testing part of the SpamAssassin corpus into an inbox that has no file yet, and keeps its labels beside the
 * state, where no scoring looks. The message file appears last and whole, so that an interrupted start leaves no half demo.
 */
export async function writeDemoInbox(inbox: string, statePath: string, log: Log): Promise<void> {
  await mkdir(inbox, { recursive: true });
  await mkdir(statePath, { recursive: true });
  if ((await readdir(inbox)).some((name) => name.endsWith('.jsonl'))) return;
  log.info(
    { inbox },
    'laying the testing part of the SpamAssassin corpus into the inbox; some seconds, once',
  );
  const corpus = new SpamAssassinCorpus(findSpamAssassin(join(packageRoot(), 'package.json')));
  const labels: Record<string, Label> = {};
  const lines: string[] = [];
  for await (const { origin, text, label } of corpus.read()) {
    if (!isForTesting({ text })) continue;
    const message_id = origin.replace(/^spam-assassin /, '').replace(/\.txt$/, '');
    labels[message_id] = label;
    lines.push(`${JSON.stringify({ message: text, message_id, community: COMMUNITY })}\n`);
  }
  await writeWhole(join(statePath, LABELS_FILE), JSON.stringify(labels));
  await writeWhole(join(inbox, 'spam-assassin.jsonl'), shuffled(lines).join(''));
  log.info({ inbox, messages: lines.length }, 'wrote the test set of the SpamAssassin corpus to the inbox');
}

/** Labels of the demo's messages by message id; null where there is no demo. */
export async function readDemoLabels(statePath: string): Promise<KnownLabels | null> {
  try {
    const labels = JSON.parse(await readFile(join(statePath, LABELS_FILE), 'utf8')) as Record<string, Label>;
    return new Map(Object.entries(labels));
  } catch {
    return null;
  }
}

export function isDemoCommunity(community: string): boolean {
  return community === COMMUNITY;
}

async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  await file.writeFile(text);
  await file.sync();
  await file.close();
  await rename(beside, path);
}

/** In an order that is the same each time, spam among ham: the corpus has one after the other. */
function shuffled(lines: readonly string[]): string[] {
  const result = [...lines];
  let state = 20_261_122;
  for (let i = result.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = state % (i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
