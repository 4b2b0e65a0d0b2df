import { appendFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pullForAWhile, TemporaryInbox, textsOf } from './temporary-inbox.ts';

let place: TemporaryInbox;
beforeEach(async () => {
  place = await TemporaryInbox.make();
});
afterEach(() => place.dispose());

describe('the identity of a file of the inbox', () => {
  it('the identity of an inbox file covers bytes that were read later: a file rewritten with the same first line is read from its beginning', async () => {
    const path = place.path('a.jsonl');
    await writeFile(path, 'a header\n');
    const first = await place.open();
    await pullForAWhile(first, place.clock);
    await appendFile(path, 'old one\nold two\n');
    const batch = (await pullForAWhile(first, place.clock)).at(-1)!;
    await first.commit([{ topic: 'a.jsonl', partition: 0, nextOffset: batch.nextOffset }]);
    await first.close();

    // In place: the inode is the same, and so is all that the first batch read.
    await writeFile(path, 'a header\nnew one\nnew two\n');
    const second = await place.open();
    expect(textsOf(await pullForAWhile(second, place.clock))).toEqual(['a header', 'new one', 'new two']);
    expect(place.warnings).toHaveLength(1);
  });

  it('the identity of an inbox file covers its first kibibyte, in however many batches it was read: a rewritten line in the middle is noticed', async () => {
    const path = place.path('a.jsonl');
    const rest = Array.from({ length: 10 }, (_, i) => `line ${i} ${'x'.repeat(40)}\n`).join('');
    await writeFile(path, 'a header\n');
    const first = await place.open();
    await pullForAWhile(first, place.clock);
    for (const more of ['old\n', rest]) {
      await appendFile(path, more);
      const batch = (await pullForAWhile(first, place.clock)).at(-1)!;
      await first.commit([{ topic: 'a.jsonl', partition: 0, nextOffset: batch.nextOffset }]);
    }
    await first.close();

    await writeFile(path, `a header\nnew\n${rest}`);
    const second = await place.open();
    expect(textsOf(await pullForAWhile(second, place.clock)).slice(0, 2)).toEqual(['a header', 'new']);
  });

  it('the identity of an inbox file does not change when lines are appended, so reading continues at the commit', async () => {
    const path = place.path('a.jsonl');
    await writeFile(path, 'one\n');
    const first = await place.open();
    const [batch] = await pullForAWhile(first, place.clock);
    await first.commit([{ topic: 'a.jsonl', partition: 0, nextOffset: batch!.nextOffset }]);
    await first.close();
    await appendFile(path, 'two\n');
    const second = await place.open();
    expect(textsOf(await pullForAWhile(second, place.clock))).toEqual(['two']);
    expect(place.warnings).toEqual([]);
  });
});
