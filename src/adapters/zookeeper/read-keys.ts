import type { ZooKeeperClient } from './zookeeper-client.ts';

const TRIES = 5;

/** The nodes of a folder by name, with what they hold as text. */
export type Keys = ReadonlyMap<string, string>;

/**
 * Reads all keys below a path as they were at one moment. A watch fires before a read returns the changed value, so keys that
 * changed during the read are read again. `changes`: returns how often a watch has fired. No keys if there is no such path.
 */
export async function readKeys(client: ZooKeeperClient, path: string, changes: () => number): Promise<Keys> {
  for (let turn = 1; ; turn++) {
    // The first call connects, which counts as a change.
    const names = (await client.children(path)) ?? [];
    const before = changes();
    const values = await Promise.all(
      names.map(async (name) => [name, await client.data(`${path}/${name}`)] as const),
    );
    // One that has just been removed has no value.
    const keys = values.filter((each): each is readonly [string, string] => each[1] !== undefined);
    if (changes() === before || turn === TRIES) return new Map(keys.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
