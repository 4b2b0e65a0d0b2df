import { createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { describeError, SluiceError } from '../../core/errors.ts';
import { dataFolder } from '../../learning/data-folder.ts';
import type { HeldOutMessage } from '../../learning/held-out.ts';
import type { LabelledMessages } from '../../ports/labelled-messages.ts';
import { isForTesting } from '../../training/testing-part.ts';
import { openData } from '../open/open-data.ts';

const heldOutLine = z.object({
  text: z.string(),
  label: z.enum(['spam', 'ham']),
  part: z.enum(['old', 'new']),
  source: z.string(),
  community: z.string(),
  language: z.string().optional(),
  at: z.number().optional(),
});

export interface HeldOutData {
  /** Folders of assembled data sets, and what `--data` of `sluice evaluate` takes. */
  readonly data: readonly string[];
  /** Of files and corpora, also the messages that training may have seen. */
  readonly everything?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The messages of one source after the other, as a stream. All messages of files and corpora count as old ones. Throws
 * `DATA_UNREADABLE`, or `DATA_INVALID` with the file and line; of a source that is not there before the first message.
 */
export async function openHeldOut({
  data,
  everything = false,
  signal,
}: HeldOutData): Promise<AsyncIterable<HeldOutMessage>> {
  const opened: AsyncIterable<HeldOutMessage>[] = [];
  for (const spec of data) {
    if (await isFolder(spec)) {
      await checkFolder(spec);
      opened.push(messagesOfFolder(spec));
    } else {
      const [set] = await openData([spec], signal);
      opened.push(messagesOfSet(set!, everything));
    }
  }
  return (async function* () {
    for (const messages of opened) yield* messages;
  })();
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The facts are written last. */
async function checkFolder(folder: string): Promise<void> {
  for (const name of [dataFolder.heldOut, dataFolder.facts])
    await access(join(folder, name)).catch((cause: unknown) => {
      throw new SluiceError(
        'DATA_UNREADABLE',
        `${folder} has no ${name}: it is not a whole data set. Assemble it again with "sluice dataset assemble".`,
        { cause },
      );
    });
}

async function* messagesOfFolder(folder: string): AsyncGenerator<HeldOutMessage> {
  const path = join(folder, dataFolder.heldOut);
  const input = createReadStream(path, 'utf8');
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (line.trim() !== '') yield messageOf(line, `${path}:${number}`);
    }
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new SluiceError('DATA_UNREADABLE', `${path} cannot be read: ${describeError(cause)}`, { cause });
  } finally {
    input.destroy();
  }
}

function messageOf(line: string, place: string): HeldOutMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid(place, describeError(cause), cause);
  }
  const { success, data, error } = heldOutLine.safeParse(value);
  if (success) return data as HeldOutMessage;
  const [issue] = error.issues;
  throw invalid(place, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a message'}`, error);
}

function invalid(place: string, what: string, cause: unknown): SluiceError {
  return new SluiceError(
    'DATA_INVALID',
    `${place}: ${what}. Assemble the data set again with "sluice dataset assemble".`,
    { cause },
  );
}

async function* messagesOfSet(set: LabelledMessages, everything: boolean): AsyncGenerator<HeldOutMessage> {
  for await (const message of set.read()) {
    if (!everything && !isForTesting(message)) continue;
    const { text, label, language, community = '', at } = message;
    yield {
      ...{ text, label, part: 'old', source: set.name, community },
      ...(language === undefined ? {} : { language }),
      ...(at === undefined ? {} : { at }),
    };
  }
}
