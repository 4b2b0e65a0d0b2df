import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibsqlStores } from '../../../src/adapters/libsql/open-libsql-stores.ts';
import { CampaignAssigner } from '../../../src/campaigns/campaign-assigner.ts';
import { reviewItem } from '../../contract/suites/decision-fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-statements-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the assignment of campaigns on libsql', () => {
  it('reads no rows but those of its batch, however many others have no campaign', async () => {
    const prepared = new Set<string>();
    const connect = (path: string) => {
      const client = new Database(path);
      const prepare = client.prepare.bind(client);
      client.prepare = (text: string) => {
        prepared.add(text);
        return prepare(text);
      };
      return client;
    };
    const path = join(folder, 'sluice.db');
    const stores = await openLibsqlStores(path, Date.now, {
      connect,
      openLog: (log) => open(log, 'r+'),
    });
    await stores.reviews.add(Array.from({ length: 45 }, (_, row) => reviewItem(`row ${row}`)));
    prepared.clear();
    expect(await new CampaignAssigner({ store: stores.decisions.campaigns, holder: 'a process' }).run()).toBe(
      45,
    );

    const client = new Database(path);
    const plans = [...prepared]
      .filter((text) => /^(select|update|insert)/.test(text))
      .flatMap((text) =>
        (client.prepare(`explain query plan ${text}`).all(nulls(text)) as { detail: string }[]).map(
          ({ detail }) => ({ text, detail }),
        ),
      );
    client.close();
    await Promise.all(Object.values(stores).map((store) => store.close()));
    expect(plans.length).toBeGreaterThan(5);
    for (const { text, detail } of plans) {
      expect(detail, text).not.toMatch(/SCAN review\b/);
      expect(detail, text).not.toContain('(campaign=?)');
    }
  });
});

function nulls(text: string): readonly null[] {
  return [...text.matchAll(/\?/g)].map(() => null);
}
