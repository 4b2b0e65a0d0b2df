import { describe, expect, it } from 'vitest';
import { adapters } from '../../../../src/app/open/adapters.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';

const { settings } = await loadSettings({
  environment: {},
  assignments: [
    'state.path=/state',
    'source.topic=chat',
    'source.group=gate',
    'verdicts.topic=verdicts',
    'metrics.lagIntervalSeconds=15',
    'store.mysql.host=db',
  ],
  baseFolders: { workingDirectory: '/work', packageRoot: '/package' },
});

describe('the table of adapters', () => {
  it('the table of adapters states where each kind of sink and store writes', () => {
    expect(adapters.verdicts.file.destination(settings)).toBe('/state/verdicts.jsonl');
    expect(adapters.verdicts.kafka.destination(settings)).toBe('topic verdicts');
    expect(adapters.deadLetters.file.destination(settings)).toBe('/state/dead-letters.jsonl');
    expect(adapters.deadLetters.kafka.destination(settings)).toBe('topic chat-dlt');
    expect(adapters.traces.file.destination(settings)).toBe('/state/trace.jsonl');
    expect(adapters.traces.kafka.destination(settings)).toBe('topic chat-trace');
    expect(adapters.store.libsql.locationOf(settings.store)).toBe('/state/sluice.db');
    expect(adapters.store.mysql.locationOf(settings.store)).toBe('mysql://db:3306/sluice');
  });

  it('the table of adapters has brokers and a longer lag interval for Kafka, and an inbox for files', () => {
    const { file, kafka } = adapters.source;
    expect([file.broker(settings), file.lookSeconds(settings), file.inbox(settings)]).toEqual([
      undefined,
      0.5,
      '/state/inbox',
    ]);
    expect([kafka.broker(settings), kafka.lookSeconds(settings), kafka.inbox(settings)]).toEqual([
      { dependency: 'kafka', group: 'gate' },
      5,
      undefined,
    ]);
  });

  it('the table of adapters compares labels only with verdicts in a file', () => {
    expect(adapters.verdicts.file.file(settings)).toBe('/state/verdicts.jsonl');
    expect(adapters.verdicts.kafka.file(settings)).toBeUndefined();
  });

  it('the table of adapters replays a message with a line break to a topic, and never to a file', () => {
    const bytes = Buffer.from('{\n}');
    expect(adapters.source.kafka.whyUnsendable(bytes)).toBeUndefined();
    expect(adapters.source.file.whyUnsendable(bytes)).toContain('line break');
    expect(adapters.source.file.whyUnsendable(Buffer.from('{}'))).toBeUndefined();
  });
});
