/** A server of our own for a moment: it listens on a Unix socket in a private folder, and reads no configuration but ours. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { latin1 } from '../../../decoder/bytes.js';
import { type Connection, errorText } from '../../../server/connection.js';
import { ServerError } from '../../../server/errors.js';
import { parseInfo } from '../../../server/facts.js';
import { connectTo } from '../../../server/node/connect.js';
import { JobError, JobStopped } from './job-host.js';

/** A program that was found. */
export interface ServerProgram {
  readonly path: string;
  /** `redis 7.0.15` */
  readonly version: string;
  /** Its commands that are taken from it, as far as it knows them: major and minor as one number, 702 for 7.2. */
  readonly level: number;
  readonly make: string;
}

/** What a private server loads and writes, in its folder. */
export interface PrivateFiles {
  readonly aof: string;
  readonly dump: string;
  readonly databases: number;
}

const NAMES = ['redis-server', 'valkey-server', 'keydb-server'];
const SOCKET = 's';
/** Seconds for a reply: saving takes its time. */
const SAVE_SECONDS = 24 * 3600;
const POLL_MS = 100;
/** Milliseconds that a server has to end by itself. */
const END_MS = 3000;
/** Lines of the log that are kept, and those that are told. */
const LOG_LINES = 200;
const TOLD_LINES = 4;

/** Commands with which a script of a hostile file could reach beyond the server, by the release that brought them. */
const TAKEN_AWAY: readonly (readonly [since: number, name: string])[] = [
  [0, 'CONFIG'],
  [0, 'DEBUG'],
  [0, 'SLAVEOF'],
  [0, 'MIGRATE'],
  [0, 'BGSAVE'],
  [0, 'BGREWRITEAOF'],
  [0, 'MONITOR'],
  [0, 'SYNC'],
  [208, 'PSYNC'],
  [300, 'CLUSTER'],
  [400, 'MODULE'],
  [500, 'REPLICAOF'],
  [600, 'ACL'],
  [620, 'FAILOVER'],
];

/**
 * Finds the program.
 *
 * @param wanted of the settings; null for one of the path.
 * @throws JobError `no-program`.
 */
export async function findProgram(wanted: string | null): Promise<ServerProgram> {
  const candidates = wanted === null ? onPath() : [wanted];
  for (const candidate of candidates) {
    if (!isProgram(candidate)) continue;
    const found = await describe(candidate);
    if (found) return found;
  }
  throw new JobError('no-program', wanted ?? '');
}

function onPath(): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

async function describe(file: string): Promise<ServerProgram | undefined> {
  try {
    const { stdout } = await promisify(execFile)(file, ['--version'], { timeout: 10_000, env: environment() });
    const [, make, version] = /^(\w+) server v=([\d.]+)/i.exec(stdout) ?? [];
    if (make === undefined || version === undefined) return undefined;
    const [major, minor = 0] = version.split('.').map(Number);
    return {
      path: file,
      make: make.toLowerCase(),
      version: `${make.toLowerCase()} ${version}`,
      level: major * 100 + minor,
    };
  } catch {
    // What cannot say which version it is, is no server.
    return undefined;
  }
}

/** Nothing of the user's surroundings but where programs are. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' };
}

/** The configuration: all that a server could do beyond loading and saving is switched off. */
export function configuration(program: ServerProgram, folder: string, { aof, dump, databases }: PrivateFiles): string {
  const taken = TAKEN_AWAY.filter(([since]) => program.level >= since || program.make === 'valkey').map(
    ([, name]) => `rename-command ${name} ""`,
  );
  return [
    'port 0',
    `unixsocket ${SOCKET}`,
    'unixsocketperm 700',
    `dir "${folder.replace(/["\\]/g, '\\$&')}"`,
    `dbfilename ${dump}`,
    'save ""',
    'appendonly yes',
    `appendfilename "${aof}"`,
    'appendfsync no',
    'auto-aof-rewrite-percentage 0',
    'aof-load-truncated no',
    'daemonize no',
    'maxmemory 0',
    'loglevel notice',
    `databases ${Math.max(16, databases)}`,
    // A replica keeps keys whose time is over, as the file has them; where port 0 leads to, nobody listens.
    'slaveof 127.0.0.1 0',
    ...taken,
    '',
  ].join('\n');
}

/** A server that runs. */
export class PrivateServer {
  readonly config = 'server.conf';
  private readonly log: string[] = [];
  private exited = false;
  private connection: Connection | undefined;

  private constructor(
    private readonly process: ChildProcess,
    private readonly program: ServerProgram,
    private readonly folder: string,
  ) {
    let rest = '';
    const take = (text: Buffer) => {
      const lines = (rest + text.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      this.log.push(...lines);
      this.log.splice(0, this.log.length - LOG_LINES);
    };
    this.process.stdout?.on('data', take);
    this.process.stderr?.on('data', take);
    this.process.on('error', (error) => {
      this.log.push(`# ${error.message}`);
      this.exited = true;
    });
    this.process.on('close', () => {
      if (rest !== '') this.log.push(rest);
      this.exited = true;
    });
  }

  /** Starts the program in a folder. */
  static async start(program: ServerProgram, folder: string, files: PrivateFiles): Promise<PrivateServer> {
    const config = path.join(folder, 'server.conf');
    writeFileSync(config, configuration(program, folder, files), { mode: 0o600 });
    const child = spawn(program.path, [config], { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    return new PrivateServer(child, program, folder);
  }

  /**
   * Waits until everything is loaded.
   *
   * @param told how much of it is, in per cent.
   * @throws JobError `program-failed` with what the program says; JobStopped.
   */
  async loaded(signal: AbortSignal, told: (percent: number) => void): Promise<void> {
    for (;;) {
      if (signal.aborted) throw new JobStopped();
      if (this.exited) throw this.failure();
      const percent = await this.look();
      if (percent === undefined) return;
      told(percent);
      await sleep(POLL_MS);
    }
  }

  /** Per cent that are loaded; undefined if all is. */
  private async look(): Promise<number | undefined> {
    try {
      this.connection ??= await connectTo(
        { endpoint: { kind: 'unix', path: path.join(this.folder, SOCKET) }, db: 0 },
        { replySeconds: SAVE_SECONDS },
      );
      const reply = await this.connection.ask('INFO', 'persistence');
      if (reply.type !== 'bulk' && reply.type !== 'verbatim') return 0;
      const info = parseInfo(latin1(reply.bytes));
      if (info.get('loading') === '0') return undefined;
      return Number(info.get('loading_loaded_perc') ?? 0);
    } catch (error) {
      // It has not opened its socket yet, or has ended; the next look tells.
      if (!(error instanceof ServerError)) throw error;
      this.connection?.close();
      this.connection = undefined;
      return 0;
    }
  }

  /** Makes it save what it holds. @throws JobError `program-failed`. */
  async save(): Promise<void> {
    try {
      const reply = await this.connection?.ask('SAVE');
      const error = reply && errorText(reply);
      if (error !== undefined) throw new JobError('program-failed', this.program.version, error);
    } catch (error) {
      if (error instanceof ServerError) throw this.failure();
      throw error;
    }
  }

  /** Ends it, whatever it does. */
  async stop(): Promise<void> {
    this.connection?.close();
    if (this.exited) return;
    const gone = new Promise<void>((resolve) => {
      this.process.once('close', () => resolve());
      this.process.once('error', () => resolve());
    });
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), END_MS);
    await gone;
    clearTimeout(timer);
  }

  /** What the program says: its warnings, else its last lines, without process number and time. */
  private failure(): JobError {
    const lines = this.log.map((line) => line.replace(/^\[?\d+\]?:?\S* \d+ \w+(?: \d{4})? [\d:.]+ /, ''));
    const warnings = lines.filter(
      (line) => /^#|fatal|error/i.test(line) && !/oO0O|overcommit|Configuration loaded/i.test(line),
    );
    const told = (warnings.length > 0 ? warnings : lines.filter((line) => line.trim() !== '')).slice(-TOLD_LINES);
    const text = told.map((line) => line.replace(/^[#*.-] /, '').trim()).join(' ');
    return new JobError('program-failed', this.program.version, text);
  }
}
