import { nodeFileOperations } from '../../adapters/file/file-operations.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import type { LetterDesk } from '../../ports/letter-desk.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';
import { lockReplay, whyUnsendable } from './dead-letters.ts';
import { BoxedLetterDesk } from './letter-desk.ts';

/** The dead letters that the settings name, for people. Nothing is opened before it is asked. */
export function openLetterDesk(
  settings: Settings,
  accounts: Pick<AccountStore, 'transact'>,
  log: Log,
): LetterDesk {
  const source = adapters.source[settings.source.kind];
  // A context of its own: it shares no client with the pipeline.
  const context = { settings, log };
  return new BoxedLetterDesk({
    box: () => adapters.deadLetters[settings.deadLetters.kind].box(context),
    openResender: () => source.openResender(context, nodeFileOperations),
    whyUnsendable: (letter) => whyUnsendable(letter, source),
    lock: () => lockReplay(settings),
    record: (activity) => accounts.transact((transaction) => transaction.record(activity)),
    now: Date.now,
    log,
  });
}
