/** What fills the servers of the measurements: a client that only sends, and data that are the same each time. */
import net from 'node:net';

/** Bytes of commands that are sent at once. */
const CHUNK = 1024 * 1024;

/** Sends commands as fast as the server takes them, without replies. */
export class Client {
  private readonly buffer = Buffer.allocUnsafe(CHUNK + 65536);
  private used = 0;

  private constructor(private readonly socket: net.Socket) {}

  static async connect(path: string): Promise<Client> {
    for (let attempt = 0; ; attempt++) {
      try {
        const socket = await new Promise<net.Socket>((resolve, reject) => {
          const open = net.connect(path, () => resolve(open));
          open.once('error', reject);
        });
        return new Client(socket);
      } catch (error) {
        if (attempt === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** True if it is time to send. */
  get full(): boolean {
    return this.used >= CHUNK;
  }

  /** Adds a command. */
  command(...words: (string | number)[]): void {
    let text = `*${words.length}\r\n`;
    for (const word of words) {
      const plain = String(word);
      text += `$${plain.length}\r\n${plain}\r\n`;
    }
    this.used += this.buffer.write(text, this.used, 'latin1');
  }

  async send(): Promise<void> {
    const bytes = Buffer.from(this.buffer.subarray(0, this.used));
    this.used = 0;
    if (!this.socket.write(bytes)) await new Promise<void>((resolve) => this.socket.once('drain', resolve));
  }

  /** Sends one command and waits for its reply. @returns the first line of it. */
  async ask(...words: string[]): Promise<string> {
    this.command(...words);
    const reply = new Promise<string>((resolve) =>
      this.socket.once('data', (data) => resolve(String(data).split('\r\n')[0])),
    );
    await this.send();
    return reply;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** What names and values are made of. */
export const WORDS =
  'amber birch cobalt delta ember fjord garnet heron iris juniper krill lumen maple nimbus onyx pine quartz raven'.split(
    ' ',
  );

/** Numbers that look random and are the same each time. */
export function sequence(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}
