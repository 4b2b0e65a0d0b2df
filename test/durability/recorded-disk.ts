import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiskModel, type ModelFile } from './disk-model.ts';

/** A line that `record-files.mjs` writes. */
export type RecordedOperation =
  | { readonly operation: 'open'; readonly file: string; readonly path: string; readonly replace: boolean }
  | { readonly operation: 'append'; readonly file: string; readonly bytes: string }
  | { readonly operation: 'truncate'; readonly file: string; readonly size: number }
  | {
      readonly operation: 'begin-sync';
      readonly file: string;
      readonly isFolder: boolean;
      readonly number: number;
    }
  | { readonly operation: 'end-sync'; readonly number: number }
  | { readonly operation: 'rename'; readonly from: string; readonly to: string }
  | { readonly operation: 'unlink' | 'mkdir'; readonly path: string };

/** What a daemon in a process of its own did with its files, to be done again on a disk that can lose its power. */
export class RecordedDisk {
  readonly model: DiskModel;
  readonly #files = new Map<string, ModelFile>();
  readonly #syncs = new Map<number, () => void>();

  /** `folder`: on the disk before the recording began. */
  constructor(folder: string) {
    this.model = new DiskModel(new Map([[join(folder, 'before'), Buffer.alloc(0)]]));
  }

  /** The operations of a record, in the order in which they succeeded. */
  static read(path: string): RecordedOperation[] {
    return readFileSync(path, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as RecordedOperation);
  }

  apply(done: RecordedOperation): void {
    switch (done.operation) {
      case 'open': {
        const file = this.model.openFile(done.path);
        if (done.replace) file.truncate(0);
        this.#files.set(done.file, file);
        break;
      }
      case 'append':
        this.#files.get(done.file)!.append(Buffer.from(done.bytes, 'base64'));
        break;
      case 'truncate':
        this.#files.get(done.file)!.truncate(done.size);
        break;
      case 'begin-sync': {
        const node = done.isFolder ? this.model.folder(done.file) : this.#files.get(done.file)!;
        this.#syncs.set(done.number, node.beginSync());
        break;
      }
      case 'end-sync':
        this.#syncs.get(done.number)!();
        break;
      case 'rename':
        this.model.rename(done.from, done.to);
        break;
      case 'unlink':
        this.model.unlink(done.path);
        break;
      case 'mkdir':
        this.model.makeFolder(done.path);
    }
  }
}
