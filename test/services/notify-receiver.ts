import { type ChildProcess, spawn } from 'node:child_process';

/** Writes each datagram on a line, its own lines with tabs between. Python has the sockets that Node lacks. */
const script = `
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print("bound", flush=True)
while True:
    # What comes with BARRIER=1 is a descriptor; not taking it closes it, which is the answer.
    print(receiver.recv(65536).decode().strip().replace("\\n", "\\t"), flush=True)
`;

/** Stands where systemd would: the socket that NOTIFY_SOCKET names. */
export class NotifyReceiver {
  readonly #child: ChildProcess;
  #text = '';

  private constructor(path: string) {
    this.#child = spawn('python3', ['-c', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString();
    });
  }

  /** Resolves when the socket is there. */
  static async bind(path: string): Promise<NotifyReceiver> {
    const receiver = new NotifyReceiver(path);
    while (!receiver.#text.startsWith('bound\n')) {
      if (receiver.#child.exitCode !== null) throw new Error('the receiver ended');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return receiver;
  }

  /** What was sent, in order: name → value. */
  get heard(): readonly Readonly<Record<string, string>>[] {
    return this.#text
      .split('\n')
      .slice(1, -1)
      .filter((line) => line !== 'BARRIER=1')
      .map((line) => Object.fromEntries(line.split('\t').map((word) => word.split(/=(.*)/s, 2))));
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}
