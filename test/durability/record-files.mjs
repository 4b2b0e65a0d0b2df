// Preloaded into a daemon by NODE_OPTIONS: writes each operation on a file below RECORDED_FOLDER that changes something or
// makes it durable to the file FILE_RECORD, one line of JSON each (`RecordedOperation` of recorded-disk.ts), when it has succeeded.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const { RECORDED_FOLDER: folder, FILE_RECORD: recordPath } = process.env;
if (isMainThread && folder !== undefined && recordPath !== undefined) record(folder, recordPath);

function record(folder, recordPath) {
  const output = fs.openSync(recordPath, 'a');
  let count = 0;
  const say = (operation) => fs.writeSync(output, `${JSON.stringify(operation)}\n`);
  const isRecorded = (path) => typeof path === 'string' && path.startsWith(folder);
  const { promises } = fs;

  const open = promises.open;
  promises.open = async (path, flags = 'r', ...rest) => {
    const handle = await open(path, flags, ...rest);
    if (!isRecorded(path)) return handle;
    const isFolder = fs.fstatSync(handle.fd).isDirectory();
    const file = isFolder ? path : `${process.pid}-${++count}`;
    if (!isFolder) say({ operation: 'open', file, path, replace: String(flags).startsWith('w') });
    const { write, truncate } = handle;
    handle.write = async (...all) => {
      const result = await write.apply(handle, all);
      const [bytes, offset = 0] = all;
      const written = Buffer.from(bytes).subarray(offset, offset + result.bytesWritten);
      say({ operation: 'append', file, bytes: written.toString('base64') });
      return result;
    };
    for (const other of ['writeFile', 'appendFile', 'writev', 'createWriteStream'])
      handle[other] = () => {
        throw new Error(`record-files.mjs does not record ${other} yet`);
      };
    handle.truncate = async (size = 0) => {
      await truncate.call(handle, size);
      say({ operation: 'truncate', file, size });
    };
    for (const name of ['sync', 'datasync']) {
      const sync = handle[name];
      handle[name] = async () => {
        const number = ++count;
        say({ operation: 'begin-sync', file, isFolder, number });
        await sync.call(handle);
        say({ operation: 'end-sync', number });
      };
    }
    return handle;
  };
  // Their names may be on the disk from the beginning on.
  const { rename, unlink, mkdir } = promises;
  promises.rename = (from, to) => {
    if (isRecorded(to)) say({ operation: 'rename', from, to });
    return rename(from, to);
  };
  promises.unlink = (path) => {
    if (isRecorded(path)) say({ operation: 'unlink', path });
    return unlink(path);
  };
  promises.mkdir = (path, ...rest) => {
    if (isRecorded(path)) say({ operation: 'mkdir', path });
    return mkdir(path, ...rest);
  };
  syncBuiltinESMExports();
}
