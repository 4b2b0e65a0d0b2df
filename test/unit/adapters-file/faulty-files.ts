import type { BigIntStats, PathLike, Stats } from 'node:fs';
import type * as FilePromises from 'node:fs/promises';

export type FaultyOperation =
  | 'open'
  | 'read'
  | 'fstat'
  | 'lstat'
  | 'stat'
  | 'readdir'
  | 'realpath'
  | 'rename'
  | 'datasync';
export type FaultCode = 'EIO' | 'EMFILE' | 'ENOENT';

export interface Fault {
  readonly operation: FaultyOperation;
  /** How many calls of the operation succeed before. */
  readonly after: number;
  /** How many calls fail then. */
  readonly times: number;
  readonly code: FaultCode;
}

interface PlannedFault extends Fault {
  seen: number;
}

/**
 * What the file system does wrong: calls fail by plan. It also gives each change of a file a time of its own, where a real
 * clock may give two changes the same one. Used in place of `node:fs/promises` by {@link withFaults}.
 */
class FaultyFiles {
  #planned: PlannedFault[] = [];
  /** How often each file was changed, by inode; files that are not in it keep their own time. */
  readonly changes = new Map<number, number>();
  /** Calls that failed. */
  failures = 0;
  /** Files that are open. */
  open = 0;
  /** Bytes that were read, by inode. */
  readonly bytesRead = new Map<number, number>();

  plan(faults: readonly Fault[]): void {
    this.#planned = faults.map((fault) => ({ ...fault, seen: 0 }));
  }

  reset(): void {
    this.#planned = [];
    this.changes.clear();
    this.failures = 0;
    this.open = 0;
    this.bytesRead.clear();
  }

  check(operation: FaultyOperation, what: string): void {
    for (const fault of this.#planned) {
      if (fault.operation !== operation) continue;
      const call = fault.seen++;
      if (call < fault.after || call >= fault.after + fault.times) continue;
      this.failures++;
      throw Object.assign(new Error(`${fault.code}: by plan, ${operation} '${what}'`), { code: fault.code });
    }
  }

  timed<Found extends Stats | BigIntStats>(found: Found): Found {
    const changes = this.changes.get(Number(found.ino));
    return changes === undefined ? found : Object.assign(found, { ctimeMs: changes });
  }
}

export const faultyFiles = new FaultyFiles();

type Handle = FilePromises.FileHandle;

/** `node:fs/promises`, as far as the file source uses it, with what {@link faultyFiles} does to it. */
export function withFaults(real: typeof FilePromises): typeof FilePromises {
  const failing =
    <Args extends [PathLike, ...never[]], Result>(
      operation: FaultyOperation,
      call: (...args: Args) => Promise<Result>,
    ) =>
    async (...args: Args): Promise<Result> => {
      faultyFiles.check(operation, String(args[0]));
      return call(...args);
    };
  const timed =
    (operation: 'lstat' | 'stat', call: (path: PathLike) => Promise<Stats>) => async (path: PathLike) => {
      faultyFiles.check(operation, String(path));
      return faultyFiles.timed(await call(path));
    };
  const open = async (...args: Parameters<typeof real.open>) => {
    faultyFiles.check('open', String(args[0]));
    const handle = await real.open(...args);
    faultyFiles.open++;
    return faultyHandle(handle, String(args[0]));
  };
  const replaced = {
    open,
    readdir: failing('readdir', real.readdir as (path: PathLike) => Promise<string[]>),
    realpath: failing('realpath', real.realpath as (path: PathLike) => Promise<string>),
    rename: failing('rename', real.rename as (path: PathLike, to: never) => Promise<void>),
    lstat: timed('lstat', real.lstat as (path: PathLike) => Promise<Stats>),
    stat: timed('stat', real.stat as (path: PathLike) => Promise<Stats>),
  };
  return { ...real, ...replaced, default: { ...real, ...replaced } } as unknown as typeof FilePromises;
}

function faultyHandle(handle: Handle, path: string): Handle {
  let inode = -1;
  const methods = {
    read: async (target: Buffer, offset: number, length: number, at: number) => {
      faultyFiles.check('read', path);
      const result = await handle.read(target, offset, length, at);
      faultyFiles.bytesRead.set(inode, (faultyFiles.bytesRead.get(inode) ?? 0) + result.bytesRead);
      return result;
    },
    stat: async () => {
      faultyFiles.check('fstat', path);
      const found = await handle.stat();
      inode = found.ino;
      return faultyFiles.timed(found);
    },
    datasync: async () => {
      faultyFiles.check('datasync', path);
      return handle.datasync();
    },
    close: async () => {
      faultyFiles.open--;
      return handle.close();
    },
  };
  return new Proxy(handle, {
    get: (target, name) => {
      const own = methods[name as keyof typeof methods];
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
