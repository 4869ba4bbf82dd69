/** The first nine bytes of an RDB file: magic and version, and what other kinds of file start with instead. */
import { latin1 } from '../bytes.js';
import { byteName, DecodeError, type MessageArg, type Problem, phrase } from '../errors.js';

/** Bytes of magic and version. */
export const HEADER_BYTES = 9;
/** Bytes that are looked at to tell what a file is that is no RDB. */
export const RECOGNISED_BYTES = 64;
/** The newest RDB version of Redis that this decoder knows. */
export const NEWEST_REDIS_VERSION = 15;
/** The first and the newest RDB version with Valkey's own magic. */
export const FIRST_VALKEY_VERSION = 80;
const NEWEST_VALKEY_VERSION = 80;

/** The make of a file as far as the header tells; it decides what type bytes 22 and 23 and opcodes 242 and 243 mean. */
export type Family = 'redis' | 'valkey';

/** Magic and version. */
const MAGIC = /^(REDIS|VALKEY)(.{3,4})$/s;
/** A header that is cut off. */
const BEGUN_HEADER = /^(R(E(D(I(S\d{0,4})?)?)?)?|V(A(L(K(E(Y\d{0,3})?)?)?)?)?)$/;

/** What the header says. */
export interface Header {
  /** All nine characters, such as `REDIS0011`. */
  readonly magic: string;
  readonly family: Family;
  readonly version: number;
  /** Something odd about the version, which does not keep the file from being read. */
  readonly problem?: Problem;
}

/** True if the bytes start as an RDB file does. */
export function hasMagic(bytes: Uint8Array): boolean {
  return MAGIC.test(latin1(bytes, 0, Math.min(bytes.length, HEADER_BYTES)));
}

/**
 * Reads the header.
 *
 * @param bytes the first bytes of the file: {@link HEADER_BYTES} if it {@link hasMagic}, otherwise
 * {@link RECOGNISED_BYTES}, or all of them if the file is shorter.
 * @throws DecodeError `empty-file`, `not-rdb`, `not-rdb-aof`, `not-rdb-replication`, `bad-version` or `truncated`.
 */
export function parseHeader(bytes: Uint8Array): Header {
  const text = latin1(bytes, 0, Math.min(bytes.length, HEADER_BYTES));
  if (text.length === 0) throw new DecodeError('empty-file', 0);
  if (text.length < HEADER_BYTES && BEGUN_HEADER.test(text)) {
    throw new DecodeError('truncated', text.length, HEADER_BYTES - text.length, 'the header');
  }
  const match = MAGIC.exec(text);
  if (!match) throw notRdb(bytes);
  const [, maker, digits] = match;
  // Servers read the digits with atoi, which lets blanks stand before them.
  const version = /^ *\d+$/.test(digits) ? Number(digits) : 0;
  if (version < 1 && digits !== '0000') throw new DecodeError('bad-version', maker.length, printable(digits));
  const family: Family = maker === 'VALKEY' ? 'valkey' : 'redis';
  const problem = versionProblem(family, version, maker);
  return problem ? { magic: text, family, version, problem } : { magic: text, family, version };
}

function versionProblem(family: Family, version: number, maker: string): Problem | undefined {
  const offset = maker.length;
  const problem = (code: Problem['code'], ...args: MessageArg[]): Problem => ({
    code,
    severity: 'warning',
    offset,
    args,
  });
  if (version === 0) return problem('bad-version', '0000');
  if (family === 'valkey') {
    if (version < FIRST_VALKEY_VERSION) return problem('foreign-version', version, maker);
    if (version > NEWEST_VALKEY_VERSION) return problem('unknown-version', version, NEWEST_VALKEY_VERSION);
    return undefined;
  }
  return version > NEWEST_REDIS_VERSION ? problem('unknown-version', version, NEWEST_REDIS_VERSION) : undefined;
}

/** Says what the file is instead, where its start shows that. */
function notRdb(bytes: Uint8Array): DecodeError {
  const start = latin1(bytes, 0, Math.min(bytes.length, RECOGNISED_BYTES));
  if (start.startsWith('file ')) return new DecodeError('not-rdb', 0, phrase('the first line of an AOF manifest'));
  const command = /^\*\d+\r?\n\$\d+\r?\n(\w+)\r?\n/.exec(start);
  if (command) return new DecodeError('not-rdb-aof', 0, command[1]);
  const bulk = /^\$(\d+|EOF:[0-9a-f]{40})\r\n/.exec(start);
  if (bulk) return new DecodeError('not-rdb-replication', 0, printable(bulk[0].trimEnd()));
  if (bytes.length > 0 && bytes.every((byte) => byte === bytes[0])) {
    return new DecodeError('not-rdb', 0, phrase('bytes that are all {0}', byteName(bytes[0])));
  }
  return new DecodeError('not-rdb', 0, `"${printable(start.slice(0, HEADER_BYTES))}"`);
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
