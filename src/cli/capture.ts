/** `capture`: writes what a live server holds into a new file, and if wanted everything that is written to it afterwards. */
import { FileScan } from '../dataset/file-scan.js';
import { FileSource } from '../engine/node/file-source.js';
import { formatBytes, formatCount } from '../format/quantities.js';
import { type CaptureResult, capture as captureFrom } from '../server/capture.js';
import { CaptureFiles } from '../server/node/capture-files.js';
import { parseTarget } from '../server/target-url.js';
import { startChecksum } from './checksum-thread.js';
import { connectAsking } from './connect.js';
import { withInterrupt } from './interrupt.js';
import { readOptions } from './options.js';
import type { Output } from './output.js';
import { UsageError } from './usage.js';

/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 200;

interface CaptureArguments {
  readonly from: string;
  readonly out: string;
  readonly follow: boolean;
  readonly overwrite: boolean;
}

/**
 * Captures.
 *
 * @param args the arguments behind `capture`.
 * @returns the exit status: 0 done, 1 the RDB is damaged or the server had no longer what was missed, 3 stopped before the RDB
 * had come.
 */
export async function capture(
  args: readonly string[],
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  const { from, out, follow, overwrite } = captureArguments(args);
  const { control: connection, reconnect } = await connectAsking(parseTarget(from));
  const files = openFiles(out, follow, overwrite, complain, () => connection.close());
  let described: Described | undefined;
  try {
    const result = await withInterrupt((signal) => {
      const sink = {
        rdb: files.rdb.bind(files),
        commands: files.commands.bind(files),
        sync: files.sync.bind(files),
        rdbEnd: () => {
          files.rdbEnd();
          if (!follow) return;
          clearLine();
          complain(`${files.rdbFile} has come; following until interrupted\n`);
        },
      };
      const link = (state: 'lost' | 'resumed', reason: string) => {
        complain(state === 'lost' ? `the link is lost: ${reason}\n` : 'the link is whole again, nothing was missed\n');
      };
      return captureFrom(connection, sink, { follow, signal, link, reconnect });
    });
    files.close();
    clearLine();
    described = files.whole ? describe(files.rdbFile) : undefined;
    output.write(
      described ? resultText(described, out, follow, result) : 'stopped before the RDB had come; nothing was kept\n',
    );
    await output.end();
    if (!described) return 3;
    return described.problems > 0 || result.ended !== undefined ? 1 : 0;
  } finally {
    files.close();
    connection.close();
  }
}

function captureArguments(args: readonly string[]): CaptureArguments {
  const { values, positionals } = parse(args);
  if (positionals.length > 0) throw new UsageError(`${positionals[0]} is one argument too many`);
  if (values.from === undefined) throw new UsageError('capture needs --from URL, the server to read from');
  if (values.out === undefined)
    throw new UsageError('capture needs --out, the file to write, or the folder with --follow');
  if (values.follow && values.overwrite) throw new UsageError('--overwrite is not for --follow: name a new folder');
  return {
    from: values.from,
    out: values.out,
    follow: values.follow ?? false,
    overwrite: values.overwrite ?? false,
  };
}

function parse(args: readonly string[]) {
  return readOptions(args, {
    from: { type: 'string' },
    out: { type: 'string' },
    follow: { type: 'boolean' },
    overwrite: { type: 'boolean' },
  });
}

function openFiles(
  out: string,
  follow: boolean,
  overwrite: boolean,
  complain: (text: string) => void,
  failed: () => void,
): CaptureFiles {
  let shown = performance.now();
  try {
    return new CaptureFiles(out, follow, overwrite, (bytes, total) => {
      const now = performance.now();
      if (process.stderr.isTTY !== true || now - shown < PROGRESS_MS) return;
      shown = now;
      complain(`\r\u001b[K${formatBytes(bytes)}${total === undefined ? '' : ` of ${formatBytes(total)}`}`);
    });
  } catch (error) {
    failed();
    throw error;
  }
}

function clearLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

/** What an RDB holds, and whether it is sound. */
interface Described {
  readonly magic: string;
  readonly bytes: number;
  readonly databases: ReadonlyMap<number, number>;
  readonly functions: number;
  readonly checksum: string;
  readonly problems: number;
}

/** Reads the RDB that was written. */
function describe(file: string): Described {
  const source = new FileSource(file);
  try {
    const pending = startChecksum(source.fd, source.size - 8);
    const databases = new Map<number, number>();
    const scan = new FileScan(source, ({ db, count }) => databases.set(db, (databases.get(db) ?? 0) + count));
    scan.run();
    const checksum = scan.checksumWithoutReading ?? scan.compareChecksum(pending.result(scan.checkedBytes));
    pending.cancel();
    const { facts } = scan;
    const problems = facts.problems.filter(({ severity }) => severity === 'error').length;
    const magic = facts.fileHeader?.magic ?? 'no header';
    return { magic, bytes: source.size, databases, functions: facts.functions, checksum, problems };
  } finally {
    source.close();
  }
}

function resultText(rdb: Described, out: string, follow: boolean, result: CaptureResult): string {
  const keys = [...rdb.databases].map(([db, count]) => `${formatCount(count)} keys in database ${db}`);
  const what = [
    rdb.magic,
    formatBytes(rdb.bytes),
    ...(keys.length > 0 ? keys : ['no keys']),
    ...(rdb.functions > 0 ? [`${formatCount(rdb.functions)} function libraries`] : []),
    `checksum ${rdb.checksum}`,
  ];
  const lines = [`${out}: ${what.join(', ')}`];
  if (rdb.problems > 0) lines.push('the RDB is damaged; check says more');
  if (follow && result.offset !== undefined) lines.push(`followed to replication offset ${result.offset}`);
  if (result.resumed > 0) lines.push(`the link was broken and resumed ${formatCount(result.resumed)} times`);
  if (result.ended !== undefined) lines.push(`ended before it was interrupted: ${result.ended}`);
  return `${lines.join('\n')}\n`;
}
