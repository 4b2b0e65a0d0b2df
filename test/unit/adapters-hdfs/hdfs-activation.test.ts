import { describe, expect, it } from 'vitest';
import { HdfsActivation } from '../../../src/adapters/hdfs/hdfs-activation.ts';
import { type Activations, textOfActivations } from '../../../src/core/activations.ts';

const FOLDER = '/models';
const FILE = `${FOLDER}/active.json`;

/** HDFS as its NameNode behaves; `before` is called before each operation, and may throw as a kill would end it. */
class FakeHdfs {
  readonly endpoint = 'hdfs:';
  readonly files = new Map<string, { readonly bytes: Buffer; readonly modificationTime: number }>();
  before: (operation: string) => void = () => {};
  now = 1;

  async read(path: string): Promise<Buffer | undefined> {
    this.before('read');
    return this.files.get(path)?.bytes;
  }
  async readdir() {
    this.before('readdir');
    return [...this.files].map(([path, { bytes, modificationTime }]) => ({
      ...{ pathSuffix: path.slice(FOLDER.length + 1), type: 'FILE' as const },
      ...{ length: bytes.length, modificationTime },
    }));
  }
  async mkdir(): Promise<void> {
    this.before('mkdir');
  }
  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.before('write');
    this.files.set(path, { bytes: Buffer.from(bytes), modificationTime: this.now++ });
  }
  async remove(path: string): Promise<void> {
    this.before('remove');
    this.files.delete(path);
  }
  /** Onto a file that is there it does nothing, and says nothing. */
  async rename(from: string, to: string): Promise<void> {
    this.before('rename');
    const file = this.files.get(from);
    if (file === undefined || this.files.has(to)) return;
    this.files.delete(from);
    this.files.set(to, file);
  }
}

const activationOf = (day: string): Activations => ({
  active: { version: `202601${day}T000000Z-0123abcd` },
  before: [],
});
const [first, second, third] = ['01', '02', '03'].map(activationOf) as [
  Activations,
  Activations,
  Activations,
];
const killed = new Error('killed');

describe('HdfsActivation', () => {
  it('HdfsActivation reads the last written activation, and undefined if there is none', async () => {
    const hdfs = new FakeHdfs();
    const activation = new HdfsActivation(hdfs, FOLDER);
    expect(await activation.read()).toBeUndefined();
    for (const each of [first, second]) {
      await activation.write(each);
      expect(await activation.read()).toEqual(each);
    }
    expect([...hdfs.files.keys()]).toEqual([FILE]);
  });

  it('HdfsActivation reads either the previous activation or the new one if the writer was killed, at any moment', async () => {
    for (let survives = 0; ; survives++) {
      const hdfs = new FakeHdfs();
      await new HdfsActivation(hdfs, FOLDER).write(first);
      let left = survives;
      let ended = false;
      hdfs.before = () => {
        // Of a process that was killed nothing comes any more.
        if (ended || left-- === 0) {
          ended = true;
          throw killed;
        }
      };
      const writing = new HdfsActivation(hdfs, FOLDER).write(second).then(
        () => 'written',
        () => 'killed',
      );
      const outcome = await writing;
      hdfs.before = () => {};
      const found = await new HdfsActivation(hdfs, FOLDER).read();
      expect([first, second], `killed before operation ${survives}`).toContainEqual(found);
      // The next activation is not disturbed by what was left.
      await new HdfsActivation(hdfs, FOLDER).write(third);
      expect(await new HdfsActivation(hdfs, FOLDER).read()).toEqual(third);
      if (outcome === 'written' && !ended) break;
    }
  });

  it('HdfsActivation reads an activation that a killed writer of an earlier version has left, and no incomplete file', async () => {
    const hdfs = new FakeHdfs();
    await hdfs.write(`${FOLDER}/.active.00000001.part`, Buffer.from(textOfActivations(first)));
    await hdfs.write(`${FOLDER}/.active.00000002.part`, Buffer.from(textOfActivations(second)));
    await hdfs.write(
      `${FOLDER}/.active.00000003.part`,
      Buffer.from(textOfActivations(third)).subarray(0, 30),
    );
    await hdfs.write(`${FOLDER}/.20260101T000000Z-0123abcd.00000004.part`, Buffer.from('a model'));
    expect(await new HdfsActivation(hdfs, FOLDER).read()).toEqual(second);
  });

  it('HdfsActivation reads one of two activations while another process writes, however their operations interleave', async () => {
    for (let at = 0; at < 12; at++) {
      const hdfs = new FakeHdfs();
      await new HdfsActivation(hdfs, FOLDER).write(first);
      let operations = 0;
      let reading: Promise<Activations | undefined> | undefined;
      hdfs.before = () => {
        if (operations++ === at) reading ??= new HdfsActivation(hdfs, FOLDER).read();
      };
      await new HdfsActivation(hdfs, FOLDER).write(second);
      if (reading !== undefined)
        expect([first, second], `read before operation ${at}`).toContainEqual(await reading);
    }
  });

  it('HdfsActivation fails if another process activates at the same time, and that activation stays', async () => {
    const hdfs = new FakeHdfs();
    hdfs.before = (operation) => {
      if (operation !== 'rename') return;
      hdfs.before = () => {};
      hdfs.files.set(FILE, { bytes: Buffer.from(textOfActivations(second)), modificationTime: hdfs.now++ });
    };
    const activation = new HdfsActivation(hdfs, FOLDER);
    await expect(activation.write(first)).rejects.toMatchObject({
      code: 'MODEL_STORE_FAILED',
      retriable: true,
    });
    expect(await activation.read()).toEqual(second);
  });

  it('HdfsActivation keeps the previous activation, and removes its own file, if what it wrote cannot be read back', async () => {
    const hdfs = new FakeHdfs();
    const activation = new HdfsActivation(hdfs, FOLDER);
    await activation.write(first);
    hdfs.before = (operation) => {
      if (operation === 'read') throw new Error('unavailable');
    };
    await expect(activation.write(second)).rejects.toThrow('unavailable');
    hdfs.before = () => {};
    expect([...hdfs.files.keys()]).toEqual([FILE]);
    expect(await activation.read()).toEqual(first);
  });

  it('HdfsActivation removes files that were left an hour ago, and none that may be in use', async () => {
    const hdfs = new FakeHdfs();
    const part = (name: string) => `${FOLDER}/.active.${name}.part`;
    await hdfs.write(part('00000001'), Buffer.from('left'));
    hdfs.now += 2 * 60 * 60 * 1000;
    await hdfs.write(part('00000002'), Buffer.from('under way'));
    await new HdfsActivation(hdfs, FOLDER).write(first);
    expect([...hdfs.files.keys()].toSorted()).toEqual([part('00000002'), FILE].toSorted());
  });
});
