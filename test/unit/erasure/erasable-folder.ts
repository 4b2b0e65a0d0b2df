import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { lineOfDeadLetter } from '../../../src/adapters/file/dead-letter-line.ts';
import { FileSource } from '../../../src/adapters/file/file-source.ts';
import { ReviewSpool } from '../../../src/adapters/file/review-spool.ts';
import { openLibsqlReviewStore } from '../../../src/adapters/libsql/libsql-review-store.ts';
import { loadSettings } from '../../../src/settings/load-settings.ts';
import type { Settings } from '../../../src/settings/settings-schema.ts';
import { quietLog, type TemporaryFolder, temporaryFolder } from '../../contract/temporary-folder.ts';
import { JumpingClock } from '../adapters-file/temporary-inbox.ts';

export const kinds = [
  ...(['review', 'messages', 'training', 'letter', 'unreadable', 'refused', 'spool', 'inbox'] as const),
] as const;
export type Kind = (typeof kinds)[number];

export interface TestMessage {
  readonly sender: string;
  readonly id: string;
  readonly text: string;
  readonly in: readonly Kind[];
}

const position = { topic: 'in.jsonl', partition: 0, offset: 0 };
const ascii = (json: string) =>
  json.replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );

/** A folder with every store that a daemon without servers has. */
export class ErasableFolder {
  readonly #folder: TemporaryFolder;
  readonly settings: Settings;

  private constructor(folder: TemporaryFolder, settings: Settings) {
    this.#folder = folder;
    this.settings = settings;
  }

  static async make(...assignments: readonly string[]): Promise<ErasableFolder> {
    const folder = await temporaryFolder();
    const baseFolders = { workingDirectory: folder.path, packageRoot: folder.path };
    const { settings } = await loadSettings({
      ...{ environment: {}, baseFolders },
      assignments: ['state.path=state', 'model.localPath=models', ...assignments],
    });
    await mkdir(settings.source.file.inbox, { recursive: true });
    return new ErasableFolder(folder, settings);
  }

  get path(): string {
    return this.#folder.path;
  }

  dispose(): Promise<void> {
    return this.#folder.dispose();
  }

  /** Writes each message to the stores that it names, and has the inbox read and committed. */
  async write(messages: readonly TestMessage[]): Promise<void> {
    const { settings } = this;
    const of = (kind: Kind) => messages.filter((message) => message.in.includes(kind));
    const items = (kind: Kind) =>
      of(kind).map(({ sender, id, text }) => ({
        ...{ community: 'forum', message_id: id, message: text, sender, probability: 0.5, reasons: [] },
        ...{ model: 'm', position, origin: 'band' as const },
      }));
    const reviews = await openLibsqlReviewStore(settings.store.libsql.path);
    await reviews.add(items('review'));
    await reviews.close();
    this.sql((client) => {
      for (const { id, text } of of('messages'))
        client
          .prepare(`insert into messages (spam, body, community, message_id) values (1, ?, 'forum', ?)`)
          .run(text, id);
      for (const { text } of of('training'))
        client.prepare(`insert into training (class, message, community) values (1, ?, 'forum')`).run(text);
    });
    const spool = await ReviewSpool.open({ folder: settings.store.spool.path, maxBytes: 1e9, log: quietLog });
    await spool.append(items('spool'));
    await spool.close();
    const letters = [
      ...of('letter').map((each) => ascii(messageJson(each))),
      // Cut in its middle: the sender comes first, the text is not closed.
      ...of('unreadable').map((each) => messageJson(each).slice(0, -2)),
    ].map((raw) => this.#letter(raw));
    await writeFile(settings.deadLetters.file.path, letters.join(''));
    const marks = letters.map(() => `${'0'.repeat(32)}\n`);
    await writeFile(`${settings.deadLetters.file.path}.replayed`, marks.join(''));
    const refused = of('refused').map((each) => {
      const record = JSON.parse(this.#letter(messageJson(each))) as object;
      return `${JSON.stringify({ sink: 'dead-letters', ...position, reason: 'too large', recorded_at: '', record })}\n`;
    });
    await writeFile(settings.refused.file.path, refused.join(''));
    const lines = of('inbox').map((each, index) =>
      index % 2 === 0 ? messageJson(each) : ascii(messageJson(each)),
    );
    await writeFile(join(settings.source.file.inbox, 'in.jsonl'), lines.map((line) => `${line}\n`).join(''), {
      flag: 'a',
    });
    await this.readInbox();
  }

  /** What a daemon reads of the inbox now, committed. */
  async readInbox(): Promise<readonly string[]> {
    const { settings } = this;
    const source = new FileSource({
      ...{ inbox: settings.source.file.inbox, stateDir: settings.state.path, maxMessages: 1000 },
      ...{ maxAgeSeconds: 1, maxMessageBytes: 65536, startAt: 'earliest', once: true, log: quietLog },
      clock: new JumpingClock(),
    });
    const read: string[] = [];
    await source.open({ revoked: () => {} });
    const never = new AbortController().signal;
    for (let batch = await source.pull(never); batch !== undefined; batch = await source.pull(never)) {
      read.push(...batch.messages.map(({ bytes }) => Buffer.from(bytes).toString()));
      await source.commit([batch]);
    }
    await source.close();
    return read;
  }

  sql<T>(use: (client: Database.Database) => T): T {
    const client = new Database(this.settings.store.libsql.path);
    try {
      return use(client);
    } finally {
      client.close();
    }
  }

  /** Lines of each file of lines that are not empty, and rows of each table that belong to others, by `isOthers`. */
  async snapshot(): Promise<Readonly<Record<string, readonly string[]>>> {
    const found: Record<string, readonly string[]> = {};
    for (const path of await this.files())
      if (path.endsWith('.jsonl'))
        found[path] = (await readFile(path, 'latin1')).split('\n').filter((line) => line !== '');
    this.sql((client) => {
      for (const table of ['review', 'messages', 'training']) {
        const columns = (
          client.prepare(`select name from pragma_table_info('${table}')`).all() as { name: string }[]
        )
          .map(({ name }) => `hex(${name})`)
          .join(` || '|' || `);
        found[table] = (
          client.prepare(`select ${columns} as row from ${table}`).all() as { row: string }[]
        ).map(({ row }) => row);
      }
    });
    return found;
  }

  async files(): Promise<readonly string[]> {
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }

  /** Files whose bytes hold a token of ASCII letters: in UTF-8, in UTF-16, or in base64 at any of its three alignments. */
  async filesWith(token: string): Promise<readonly string[]> {
    const base64 = [0, 1, 2].map((shift) => {
      const encoded = Buffer.from(`${'x'.repeat(shift)}${token}`)
        .toString('base64')
        .replace(/=+$/, '');
      return encoded.slice(shift === 0 ? 0 : shift + 1, -2);
    });
    const needles = [token, ...base64].map((each) => Buffer.from(each));
    needles.push(Buffer.from(token, 'utf16le'), Buffer.from(token, 'utf16le').swap16());
    const found: string[] = [];
    for (const path of await this.files()) {
      // A closed database removes its log when it is collected.
      const bytes = await readFile(path).catch(() => Buffer.alloc(0));
      if (needles.some((needle) => bytes.includes(needle))) found.push(path);
    }
    return found;
  }

  #letter(raw: string): string {
    const letter = { position, reason: 'not-json' as const, detail: 'of a test', bytes: Buffer.from(raw) };
    return `${lineOfDeadLetter(letter, '2026-11-25T00:00:00.000Z')}\n`;
  }
}

function messageJson({ sender, id, text }: TestMessage): string {
  return JSON.stringify({ sender, community: 'forum', message_id: id, message: text });
}
