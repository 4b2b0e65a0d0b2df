import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { LabelledMessage, LabelledMessages } from '../../ports/labelled-messages.ts';

const conversationsSchema = z.record(
  z.string(),
  z.object({ messages: z.array(z.array(z.object({ text: z.string() }))) }),
);

/**
 * The chitchat data set (PyPI `chitchat-dataset`): chats between two people, English, 2018; ham by assumption. Whole
 * conversations, in the order of a hash of their ids, until `limit` messages are reached; a conversation is a group.
 */
export class ChitchatCorpus implements LabelledMessages {
  readonly name = 'chitchat';
  readonly #path: string;
  readonly #limit: number;

  /** `path`: the package's `dataset.json`. */
  constructor(path: string, limit: number) {
    this.#path = path;
    this.#limit = limit;
  }

  async *read(): AsyncIterable<LabelledMessage> {
    const conversations = await this.#conversations();
    const ordered = Object.keys(conversations)
      .map((id) => ({ id, rank: createHash('sha256').update(id).digest('hex') }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1));
    let count = 0;
    for (const { id } of ordered) {
      let number = 0;
      for (const turn of conversations[id]!.messages) {
        for (const { text } of turn) {
          if (count >= this.#limit) return;
          count++;
          number++;
          if (text.trim() === '') continue;
          yield {
            origin: `chitchat, conversation ${id}, message ${number}`,
            text,
            label: 'ham',
            language: 'en',
            group: `chitchat:${id}`,
          };
        }
      }
    }
  }

  async #conversations(): Promise<z.infer<typeof conversationsSchema>> {
    let json: string;
    try {
      json = await readFile(this.#path, 'utf8');
    } catch (error) {
      throw new SluiceError(
        'DATA_UNREADABLE',
        `The chitchat data set cannot be read (${describeError(error)}).`,
        {
          cause: error,
        },
      );
    }
    try {
      return conversationsSchema.parse(JSON.parse(json));
    } catch (error) {
      throw new SluiceError(
        'DATA_INVALID',
        'The chitchat data set is not in the shape of version 0.9.0. Delete the Python environment and try again.',
        { cause: error },
      );
    }
  }
}
