import type { ZooKeeperClient } from './zookeeper-client.ts';

const TRIES = 5;

/** The nodes of a folder by name, with what they hold as text. */
export type Keys = ReadonlyMap<string, string>;

/**
 * All keys below a path, as they stood at one moment: ZooKeeper tells of a change before it answers with what came of it,
 * so what was told of while reading is read again. `changes`: counts what was told. No keys where there is no such path.
 */
export async function readKeys(client: ZooKeeperClient, path: string, changes: () => number): Promise<Keys> {
  for (let turn = 1; ; turn++) {
    // A connection is made by the first call, which tells of it as of a change.
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
