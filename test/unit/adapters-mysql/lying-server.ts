import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** The rounds of a plugin that may end with the password being sent. */
export type PasswordPlugin =
  | 'caching_sha2_password'
  | 'sha256_password'
  | 'mysql_clear_password'
  | 'mysql_old_password'
  | 'dialog';
/** Takes any password, and answers the first statement by asking for this file of the client (`LOAD DATA LOCAL`). */
export interface FileRequest {
  readonly file: string;
}

const SCRAMBLE = Buffer.from('0123456789abcdefghij');
/** CLIENT_PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH, CONNECT_WITH_DB and LOCAL_FILES. */
const CAPABILITIES = 0x0008_828a;
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

/** Pretends to be a MySQL server, to learn the password of the client that connects to it. */
export class LyingServer {
  readonly publicKey: string;
  /** What clients have sent in answer to its questions, after the first. */
  readonly received: Buffer[] = [];
  readonly #privateKey: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(lie: PasswordPlugin | FileRequest) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    this.publicKey = publicKey;
    this.#privateKey = privateKey;
    this.#server = createServer((socket) => this.#talk(socket, lie));
  }

  static async start(lie: PasswordPlugin | FileRequest): Promise<LyingServer> {
    const server = new LyingServer(lie);
    await new Promise<void>((resolve) => server.#server.listen(0, '0.0.0.0', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The password, where one of the clients has let it know. */
  get learned(): string | undefined {
    for (const bytes of this.received) {
      if (bytes.at(-1) === 0 && bytes.length > 1) return bytes.subarray(0, -1).toString();
      try {
        const { key, padding } = { key: this.#privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING };
        const hidden = privateDecrypt({ key, padding, oaepHash: 'sha1' }, bytes);
        return Buffer.from(hidden.map((byte, i) => byte ^ SCRAMBLE[i % SCRAMBLE.length]!))
          .subarray(0, -1)
          .toString();
      } catch {
        // Not encrypted for this key.
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #talk(socket: Socket, lie: PasswordPlugin | FileRequest): void {
    const plugin = typeof lie === 'string' ? lie : 'mysql_native_password';
    this.#sockets.add(socket);
    socket.on('error', () => {});
    let sequence = 0;
    const send = (payload: Buffer) => {
      const header = Buffer.from([payload.length & 0xff, payload.length >> 8, 0, sequence++]);
      socket.write(Buffer.concat([header, payload]));
    };
    const capabilities = Buffer.alloc(4);
    capabilities.writeUInt32LE(CAPABILITIES);
    send(
      Buffer.concat([
        ...[Buffer.from([10]), word('8.0.99'), Buffer.from([1, 0, 0, 0]), SCRAMBLE.subarray(0, 8)],
        ...[Buffer.alloc(1), capabilities.subarray(0, 2), Buffer.from([45, 2, 0]), capabilities.subarray(2)],
        ...[Buffer.from([21]), Buffer.alloc(10), SCRAMBLE.subarray(8), Buffer.alloc(1), word(plugin)],
      ]),
    );
    const questions = this.#questions(lie);
    let rest = Buffer.alloc(0);
    let rounds = 0;
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (;;) {
        const length = rest.length < 4 ? Number.POSITIVE_INFINITY : rest.readUIntLE(0, 3);
        if (rest.length < 4 + length) return;
        sequence = rest[3]! + 1;
        if (rounds++ > 0) this.received.push(Buffer.from(rest.subarray(4, 4 + length)));
        rest = rest.subarray(4 + length);
        const question = questions.shift();
        if (question === undefined) socket.end();
        else send(question);
      }
    });
  }

  #questions(lie: PasswordPlugin | FileRequest): Buffer[] {
    if (typeof lie !== 'string') return [OK, Buffer.concat([Buffer.from([0xfb]), Buffer.from(lie.file)])];
    return [
      // Another plugin, which the client has not begun with.
      Buffer.concat([Buffer.from([0xfe]), word(lie), SCRAMBLE, Buffer.alloc(1)]),
      // "I do not know this password yet: send all of it."
      ...(lie === 'caching_sha2_password' ? [Buffer.from([1, 4])] : []),
      Buffer.concat([Buffer.from([1]), Buffer.from(this.publicKey)]),
    ];
  }
}

function word(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}
