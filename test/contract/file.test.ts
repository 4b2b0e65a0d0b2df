import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppendLog } from '../../src/adapters/file/append-log.ts';
import { deadLetterOfLine, lineOfDeadLetter } from '../../src/adapters/file/dead-letter-line.ts';
import { FileDeadLetterSink } from '../../src/adapters/file/file-dead-letter-sink.ts';
import { FileRefusedSink } from '../../src/adapters/file/file-refused-sink.ts';
import { FileSource } from '../../src/adapters/file/file-source.ts';
import { FileTraceSink } from '../../src/adapters/file/file-trace-sink.ts';
import { FileVerdictSink } from '../../src/adapters/file/file-verdict-sink.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import type { RefusedRecord } from '../../src/ports/refused-sink.ts';
import type { TraceEntry } from '../../src/ports/trace-sink.ts';
import { describeMessageSource } from './suites/message-source.ts';
import {
  describeDeadLetterSink,
  describeRefusedSink,
  describeTraceSink,
  describeVerdictSink,
} from './suites/sinks.ts';
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
  const folder = await temporaryFolder();
  const path = join(folder.path, 'out', 'lines.jsonl');
  return {
    open: async () => new FileDeadLetterSink(await AppendLog.open(path, quietLog)),
    read: async () =>
      (await readFile(path, 'utf8'))
        .split('\n')
        .slice(0, -1)
        .map((line) => {
          const { recordedAt: _, ...letter } = deadLetterOfLine(line, 'a line');
          return letter;
        }),
    dispose: folder.dispose,
  };
});

describeRefusedSink('FileRefusedSink', async () => {
  const lines = await linesIn<
    Place & { sink: string; reason: string; recorded_at: string; record: object }
  >();
  const recordedAt = '2026-11-29T00:00:00.000Z';
  const clock = { now: () => Date.parse(recordedAt) };
  return {
    open: async () => new FileRefusedSink(await lines.openLog(), clock),
    read: async () => (await lines.read()) as unknown as RefusedRecord[],
    kept: (refused) => {
      const { sink, position, reason, record } = refused;
      const { position: _, ...entry } = { position, ...record };
      const kept = {
        verdicts: () => record,
        // As its own sink writes it, from where it can be read back.
        'dead-letters': () => JSON.parse(lineOfDeadLetter(record as DeadLetter, recordedAt)) as object,
        trace: () => ({ ...position, ...entry }),
      };
      const base64 = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString('base64');
      const headers =
        refused.sink === 'verdicts' ? { headers: { traceparent: base64(refused.headers!.traceparent) } } : {};
      return { sink, ...position, reason, recorded_at: recordedAt, record: kept[sink](), ...headers };
    },
    dispose: lines.dispose,
  };
});
