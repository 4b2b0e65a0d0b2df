import { basename, dirname } from 'node:path';

/** How many of the pending changes a power cut leaves, of `pending`. */
export type Survivors = (pending: number) => number;

/** Nothing survives but what was synced: the promise of POSIX. */
export const onlySynced: Survivors = () => 0;
/** Everything happens to be on the disk already. */
export const everything: Survivors = (pending) => pending;

type Change = { readonly write: Buffer } | { readonly truncate: number };

/** A file's content as programs see it, and as the disk holds it. */
export class ModelFile {
  content: Buffer;
  #durable: Buffer;
  /** Since the last sync, in their order. */
  #pending: Change[] = [];
  /** Stretches that a failed sync has lost though programs still see them, as [from, to). */
  #lost: (readonly [number, number])[] = [];

  /** `content`: what is on the disk already. */
  constructor(content: Buffer = Buffer.alloc(0)) {
    this.content = content;
    this.#durable = content;
  }

  append(bytes: Buffer): void {
    this.#change({ write: Buffer.from(bytes) });
  }

  truncate(size: number): void {
    this.#change({ truncate: size });
  }

  /** Takes note of what a sync covers that begins now; the answer is to be called when it has succeeded. */
  beginSync(): () => void {
    const covered = this.#pending.length;
    const content = this.content;
    return () => {
      this.#durable = this.#withoutLost(content);
      this.#pending = this.#pending.slice(covered);
    };
  }

  /** As Linux does it: the error is reported once, the pages count as written and never are. */
  failSync(): void {
    this.#lost.push([this.#durable.length, this.content.length]);
    this.#pending = [];
  }

  /** What the disk holds after a power cut; the change that survives last may do so in part. */
  afterCut(survivors: Survivors): Buffer {
    const bytes = this.#pending.map((change) => ('write' in change ? change.write.length : 1));
    let left = survivors(bytes.reduce((sum, each) => sum + each, 0));
    let content = this.#durable;
    for (const [i, change] of this.#pending.entries()) {
      if (left <= 0) break;
      content = changed(content, 'write' in change ? { write: change.write.subarray(0, left) } : change);
      left -= bytes[i]!;
    }
    return content;
  }

  #change(change: Change): void {
    this.content = changed(this.content, change);
    this.#pending.push(change);
    const { length } = this.content;
    this.#lost = this.#lost
      .map(([from, to]) => [from, Math.min(to, length)] as const)
      .filter(([from, to]) => from < to);
  }

  #withoutLost(content: Buffer): Buffer {
    const written = Buffer.from(content);
    for (const [from, to] of this.#lost) written.fill(0, from, to);
    return written;
  }
}

function changed(content: Buffer, change: Change): Buffer {
  return 'write' in change ? Buffer.concat([content, change.write]) : content.subarray(0, change.truncate);
}

type Node = ModelFile | ModelFolder;
type NameChange = ReadonlyMap<string, Node | undefined>;

/** A folder's names as programs see them, and as the disk holds them. */
class ModelFolder {
  names = new Map<string, Node>();
  #durable = new Map<string, Node>();
  #pending: NameChange[] = [];

  change(change: NameChange): void {
    apply(this.names, change);
    this.#pending.push(change);
  }

  beginSync(): () => void {
    const covered = this.#pending.length;
    const names = new Map(this.names);
    return () => {
      this.#durable = names;
      this.#pending = this.#pending.slice(covered);
    };
  }

  afterCut(survivors: Survivors): Map<string, Node> {
    const names = new Map(this.#durable);
    for (const change of this.#pending.slice(0, survivors(this.#pending.length))) apply(names, change);
    return names;
  }
}

function apply(names: Map<string, Node>, change: NameChange): void {
  for (const [name, node] of change) {
    if (node === undefined) names.delete(name);
    else names.set(name, node);
  }
}

/** An error with the code that the system would give it. */
export function systemError(code: string, what: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}

/**
 * What programs see of a disk, and what of it a power cut leaves: content that was synced, under names whose folder was synced,
 * and of all that came later, as far as chance had it.
 */
export class DiskModel {
  readonly #root = new ModelFolder();

  /** `files`: what is on the disk already, by path. */
  constructor(files: ReadonlyMap<string, Buffer> = new Map()) {
    for (const [path, content] of files) {
      this.makeFolder(dirname(path));
      this.openFile(path, new ModelFile(content));
    }
    for (const folder of this.#folders()) folder.beginSync()();
  }

  /** How long all files together are. */
  get bytes(): number {
    let bytes = 0;
    for (const { names } of this.#folders())
      for (const node of names.values()) if (node instanceof ModelFile) bytes += node.content.length;
    return bytes;
  }

  makeFolder(path: string): void {
    if (path === '/' || this.#find(path) instanceof ModelFolder) return;
    this.makeFolder(dirname(path));
    this.folder(dirname(path)).change(new Map([[basename(path), new ModelFolder()]]));
  }

  /** Throws `ENOENT` or `ENOTDIR`. */
  folder(path: string): ModelFolder {
    const node = this.#find(path);
    if (node === undefined) throw systemError('ENOENT', path);
    if (node instanceof ModelFile) throw systemError('ENOTDIR', path);
    return node;
  }

  /** Throws `ENOENT` or `EISDIR`. */
  file(path: string): ModelFile {
    const node = this.#find(path);
    if (node === undefined) throw systemError('ENOENT', path);
    if (node instanceof ModelFolder) throw systemError('EISDIR', path);
    return node;
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  /** A file of this name, new where there is none. */
  openFile(path: string, file = new ModelFile()): ModelFile {
    if (!this.has(path)) this.folder(dirname(path)).change(new Map([[basename(path), file]]));
    return this.file(path);
  }

  /** Within one folder. */
  rename(from: string, to: string): void {
    const file = this.file(from);
    this.folder(dirname(to)).change(
      new Map<string, Node | undefined>([
        [basename(from), undefined],
        [basename(to), file],
      ]),
    );
  }

  unlink(path: string): void {
    this.file(path);
    this.folder(dirname(path)).change(new Map([[basename(path), undefined]]));
  }

  /** The files that a power cut leaves, by path. */
  afterCut(survivors: Survivors): Map<string, Buffer> {
    const left = new Map<string, Buffer>();
    const walk = (folder: ModelFolder, path: string): void => {
      for (const [name, node] of folder.afterCut(survivors)) {
        if (node instanceof ModelFolder) walk(node, `${path}/${name}`);
        else left.set(`${path}/${name}`, node.afterCut(survivors));
      }
    };
    walk(this.#root, '');
    return left;
  }

  *#folders(from = this.#root): Generator<ModelFolder> {
    yield from;
    for (const node of from.names.values()) if (node instanceof ModelFolder) yield* this.#folders(node);
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of path.split('/').filter((part) => part !== ''))
      node = node instanceof ModelFolder ? node.names.get(name) : undefined;
    return node;
  }
}
