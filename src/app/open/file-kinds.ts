import { AppendLog } from '../../adapters/file/append-log.ts';
import { FileDeadLetterSink } from '../../adapters/file/file-dead-letter-sink.ts';
import { FileSource } from '../../adapters/file/file-source.ts';
import { FileTraceSink } from '../../adapters/file/file-trace-sink.ts';
import { FileVerdictSink } from '../../adapters/file/file-verdict-sink.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { DeadLetterSinkKind, SourceKind, TraceSinkKind, VerdictSinkKind } from './kinds.ts';
import { letterBoxOfFile } from './letter-box-of-file.ts';
import { lettersOfFile } from './letters-of-file.ts';
import { openResenderToInbox, whyNoLine } from './resend-to-inbox.ts';

/** The files of an inbox. */
export const fileSource: SourceKind = {
  open: async ({ settings, log }, { once }) => {
    const { startAt } = settings.source;
    return new FileSource({
      inbox: settings.source.file.inbox,
      stateDir: settings.state.path,
      ownFiles: [
        settings.verdicts.file.path,
        settings.deadLetters.file.path,
        settings.traces.file.path,
        settings.refused.file.path,
        settings.store.libsql.path,
      ],
      maxMessages: settings.batch.maxMessages,
      maxAgeSeconds: settings.batch.maxAgeSeconds,
      maxMessageBytes: settings.messages.maxBytes,
      startAt: startAt === 'latest' ? 'latest' : 'earliest',
      once,
      log: log.child('source'),
      clock: systemClock,
    });
  },
  broker: () => undefined,
  lookSeconds: () => 0.5,
  inbox: ({ source }) => source.file.inbox,
  whyUnsendable: whyNoLine,
  openResender: ({ settings, log }, files) => openResenderToInbox(settings.source.file.inbox, log, files),
};

export const fileVerdicts: VerdictSinkKind = {
  open: async ({ settings, log }) =>
    new FileVerdictSink(await AppendLog.open(settings.verdicts.file.path, log)),
  destination: ({ verdicts }) => verdicts.file.path,
  file: ({ verdicts }) => verdicts.file.path,
};

export const fileDeadLetters: DeadLetterSinkKind = {
  open: async ({ settings, log }) =>
    new FileDeadLetterSink(await AppendLog.open(settings.deadLetters.file.path, log)),
  destination: ({ deadLetters }) => deadLetters.file.path,
  stored: ({ settings, log }, wanted, files) =>
    lettersOfFile(settings.deadLetters.file.path, log, wanted, files),
  box: ({ settings, log }) => letterBoxOfFile(settings.deadLetters.file.path, log),
};

export const fileTraces: TraceSinkKind = {
  open: async ({ settings, log }) => new FileTraceSink(await AppendLog.open(settings.traces.file.path, log)),
  destination: ({ traces }) => traces.file.path,
};
