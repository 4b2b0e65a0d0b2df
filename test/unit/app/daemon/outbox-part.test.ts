import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlStores } from '../../../../src/adapters/libsql/open-libsql-stores.ts';
import { outboxPart } from '../../../../src/app/daemon/outbox-part.ts';
import type { Verdict } from '../../../../src/core/verdict.ts';
import type { VerdictSink } from '../../../../src/ports/verdict-sink.ts';
import { ReviewDesk } from '../../../../src/review/review-desk.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { person, reviewItem } from '../../../contract/suites/decision-fixture.ts';
import { RecordingLog } from '../../pipeline/fakes.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-outbox-part-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function part(mode: 'enforce' | 'observe', once: boolean) {
  const { settings } = await loadSettings({
    environment: {},
    assignments: [`state.path=${folder}`, `mode=${mode}`],
    places: { workingDirectory: folder, packageRoot: folder },
  });
  const { reviews, decisions, accounts } = await openLibsqlStores(join(folder, 'sluice.db'));
  await reviews.add([reviewItem('a'), reviewItem('b')]);
  const published: Verdict[] = [];
  const waiting: number[] = [];
  let measured = () => {};
  const looked = new Promise<void>((resolve) => {
    measured = resolve;
  });
  const verdicts: VerdictSink = {
    publish: async (some) => {
      published.push(...some);
      return [];
    },
    flush: async () => {},
    close: async () => {},
  };
  const telemetry = {
    outboxMeasured: ({ rows }: { readonly rows: number }) => {
      waiting.push(rows);
      measured();
    },
  };
  const outbox = outboxPart(
    { settings, once, telemetry, log: new RecordingLog() },
    { opened: { decisions, verdicts } },
  );
  const desk = new ReviewDesk(decisions);
  const decide = (id: number) => desk.decide(person('anna'), { label: 'spam', items: [{ review_id: id }] });
  return {
    ...{ outbox, decide, published, waiting, looked },
    close: async () => {
      await reviews.close();
      await decisions.close();
      await accounts.close();
    },
  };
}

describe('outboxPart', () => {
  it('outboxPart publishes what waits from its start on, and measures the outbox', async () => {
    const { outbox, decide, published, waiting, looked, close } = await part('enforce', false);
    await decide(1);
    await outbox.start();
    await looked;
    expect(published).toMatchObject([{ message_id: 'a', verdict: 'spam', decided_by: 'human' }]);
    expect(waiting).toEqual([0]);
    await outbox.stop();
    await close();
  });

  it('outboxPart of a run with an end publishes at its stop what was decided last', async () => {
    const { outbox, decide, published, looked, close } = await part('enforce', true);
    await outbox.start();
    await looked;
    await decide(2);
    await outbox.stop();
    expect(published).toMatchObject([{ message_id: 'b' }]);
    await close();
  });

  it('outboxPart publishes nothing in mode observe', async () => {
    const { outbox, decide, published, waiting, close } = await part('observe', true);
    await decide(1);
    await outbox.start();
    await outbox.stop();
    expect([published, waiting]).toEqual([[], []]);
    await close();
  });
});
