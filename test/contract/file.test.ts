import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppendLog } from '../../src/adapters/file/append-log.ts';
import { FileDeadLetterSink } from '../../src/adapters/file/file-dead-letter-sink.ts';
import { FileSource } from '../../src/adapters/file/file-source.ts';
import { FileTraceSink } from '../../src/adapters/file/file-trace-sink.ts';
import { FileVerdictSink } from '../../src/adapters/file/file-verdict-sink.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import type { TraceEntry } from '../../src/ports/trace-sink.ts';
import { describeMessageSource } from './suites/message-source.ts';
import { describeDeadLetterSink, describeTraceSink, describeVerdictSink } from './suites/sinks.ts';
import { quietLog, temporaryFolder } from './temporary-folder.ts';

describeMessageSource('FileSource', async () => {
  const folder = await temporaryFolder();
  const inbox = join(folder.path, 'inbox');
  await mkdir(inbox);
  return {
    source: ({ maxMessages = 100, maxAgeSeconds = 0.05, startAt = 'earliest' }) =>
      new FileSource({
        inbox,
        stateDir: join(folder.path, 'state'),
        maxMessages,
        maxAgeSeconds,
        maxMessageBytes: 65_536,
        startAt,
        once: false,
        log: quietLog,
        clock: systemClock,
      }),
    put: (partition, texts) =>
      appendFile(join(inbox, `p${partition}.jsonl`), texts.map((text) => `${text}\n`).join('')),
    dispose: folder.dispose,
  };
});

/** Opens a log in a folder of its own and reads its lines back. */
async function linesIn<Line>() {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'out', 'lines.jsonl');
  return {
    openLog: () => AppendLog.open(path, quietLog),
    read: async (): Promise<Line[]> => {
      const text = await readFile(path, 'utf8');
      return text === ''
        ? []
        : text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as Line);
    },
    dispose: folder.dispose,
  };
}

describeVerdictSink('FileVerdictSink', async () => {
  const lines = await linesIn<Verdict>();
  return { ...lines, open: async () => new FileVerdictSink(await lines.openLog()) };
});

type Place = { topic: string; partition: number; offset: number };

describeTraceSink('FileTraceSink', async () => {
  const lines = await linesIn<Place & Omit<TraceEntry, 'position'>>();
  return {
    ...lines,
    open: async () => new FileTraceSink(await lines.openLog()),
    read: async () =>
      (await lines.read()).map(({ topic, partition, offset, ...rest }) => ({
        position: { topic, partition, offset },
        ...rest,
      })),
  };
});

describeDeadLetterSink('FileDeadLetterSink', async () => {
  type Line = Place &
    Pick<DeadLetter, 'reason' | 'detail'> & { raw: string; headers?: Record<string, string> };
  const lines = await linesIn<Line>();
  const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
  return {
    ...lines,
    open: async () => new FileDeadLetterSink(await lines.openLog()),
    read: async () =>
      (await lines.read()).map(({ topic, partition, offset, reason, detail, raw, headers }) => ({
        position: { topic, partition, offset },
        reason,
        detail,
        bytes: bytesOf(raw),
        ...(headers && {
          headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, bytesOf(value)])),
        }),
      })),
  };
});
