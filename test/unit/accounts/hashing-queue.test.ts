import { expect, it } from 'vitest';
import { HashingQueue } from '../../../src/accounts/hashing-queue.ts';

function slow() {
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => ends.push(resolve));
    running--;
    return 'hash';
  };
  return {
    work,
    most: () => most,
    endAll: async () => {
      for (let turn = 0; turn < 200; turn++) {
        ends.shift()?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

it('one hash is made at a time, in order, also after one that failed', async () => {
  const queue = new HashingQueue();
  const { work, most, endAll } = slow();
  const failing = queue.run('a', async () => {
    throw new Error('no memory');
  });
  const three = [queue.run('a', work), queue.run('b', work), queue.run('c', work)];
  await expect(failing).rejects.toThrow('no memory');
  await endAll();
  expect(await Promise.all(three)).toEqual([{ result: 'hash' }, { result: 'hash' }, { result: 'hash' }]);
  expect(most()).toBe(1);
});

it('one client has three places and all together 32; what is over is turned away without any work', async () => {
  const queue = new HashingQueue();
  const { work, endAll } = slow();
  const all = Array.from({ length: 60 }, (_, index) => queue.run(`client ${Math.floor(index / 5)}`, work));
  await endAll();
  const done = await Promise.all(all);
  const places = Array.from(
    { length: 12 },
    (_, client) => done.slice(client * 5, client * 5 + 5).filter(Boolean).length,
  );
  expect(places).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 0]);
  expect((await Promise.all([queue.run('client 11', async () => 1)]))[0]).toEqual({ result: 1 });
});
