import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointThread } from '../../../src/adapters/libsql/checkpoint-thread.ts';

let folder: string;
let path: string;
let client: Database.Database;
let thread: CheckpointThread | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-checkpoint-'));
  path = join(folder, 'a.db');
  client = new Database(path);
  client.pragma('journal_mode = wal');
  client.pragma('wal_autocheckpoint = 0');
  client.exec('create table row (id integer primary key, text text)');
});
afterEach(async () => {
  await thread?.close();
  client.close();
  rmSync(folder, { recursive: true, force: true });
});

const size = () => statSync(path).size;
const write = (rows: number) => {
  for (let row = 0; row < rows; row++) client.exec(`insert into row (text) values ('${'x'.repeat(3000)}')`);
};
const rows = () => {
  const other = new Database(path);
  const [found] = other.prepare('select count(*) as rows from row').all() as { rows: number }[];
  other.close();
  return found!.rows;
};

describe('the thread that writes the log back', () => {
  it('writes what another connection committed into the file, again and again, and leaves the connection usable', async () => {
    write(50);
    const before = size();
    thread = new CheckpointThread(path, () => {}, { everyMs: 50 });
    await expect.poll(size, { timeout: 20_000 }).toBeGreaterThan(before + 40 * 3000);
    write(50);
    await expect.poll(size, { timeout: 20_000 }).toBeGreaterThan(before + 90 * 3000);
    expect(rows()).toBe(100);
    await thread.close();
    write(1);
    expect(rows()).toBe(101);
  });

  it('lets a transaction go on that is open, and never makes it wait', async () => {
    write(20);
    client.exec('begin immediate');
    write(5);
    thread = new CheckpointThread(path, () => {}, { everyMs: 50 });
    await expect.poll(size, { timeout: 20_000 }).toBeGreaterThan(15 * 3000);
    write(5);
    client.exec('commit');
    expect(rows()).toBe(30);
  });

  it('leaves a large log to the connection that made it', async () => {
    write(40);
    const before = size();
    thread = new CheckpointThread(path, () => {}, { everyMs: 50, mostBytes: 10 * 3000 });
    const other = join(folder, 'b.db');
    const witness = new Database(other);
    witness.pragma('journal_mode = wal');
    witness.exec('create table row (text text)');
    const second = new CheckpointThread(other, () => {}, { everyMs: 50 });
    // A thread that began later has looked several times.
    for (let look = 0; look < 4; look++) {
      const { size: empty } = statSync(other);
      witness.exec(`insert into row values ('${'x'.repeat(30_000)}')`);
      await expect.poll(() => statSync(other).size, { timeout: 20_000 }).toBeGreaterThan(empty);
    }
    expect(size()).toBe(before);
    await second.close();
    witness.close();
  });

  it('reports once that it ended by itself, so that somebody else writes the log back', async () => {
    const broken = join(folder, 'broken.db');
    writeFileSync(broken, 'no database at all, but long enough to be read as one '.repeat(100));
    writeFileSync(`${broken}-wal`, 'x');
    let lost = 0;
    const count = () => {
      lost++;
    };
    thread = new CheckpointThread(broken, count, { everyMs: 50 });
    await expect.poll(() => lost, { timeout: 20_000 }).toBe(1);
    await thread.close();
    expect(lost).toBe(1);
  });
});
