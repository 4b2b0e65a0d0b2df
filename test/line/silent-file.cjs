// Loaded by `node --require` into a daemon under test: while the file at the path in SILENT_FILE_SWITCH exists, a write to a
// file whose path ends with SILENT_FILE_NAME is not answered, as with a disk that hangs; it is made once that file is gone.
const { existsSync, readlinkSync } = require('node:fs');
const { open } = require('node:fs/promises');

const { SILENT_FILE_SWITCH, SILENT_FILE_NAME } = process.env;

void (async () => {
  const own = await open(__filename);
  const prototype = Object.getPrototypeOf(own);
  await own.close();
  const { write } = prototype;
  prototype.write = async function (...given) {
    if (existsSync(SILENT_FILE_SWITCH) && readlinkSync(`/proc/self/fd/${this.fd}`).endsWith(SILENT_FILE_NAME))
      while (existsSync(SILENT_FILE_SWITCH)) await new Promise((resolve) => setTimeout(resolve, 20).unref());
    return await write.apply(this, given);
  };
})();
