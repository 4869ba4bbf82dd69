/** What single values can mean: UUIDs, as text or as 16 bytes, and times as numbers of seconds or parts of them. */
import { phrase } from '../../decoder/errors.js';
import { type Member, type TreeDecoder, type TreeNode, UndecodableError, type Work } from './decoder.js';
import { timeText } from './msgpack.js';

const UUID_TEXT = /^\{?([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})\}?$/i;

/** The 16 bytes of a UUID as hexadecimal digits; undefined for what is none. */
function uuidDigits(bytes: Uint8Array): string | undefined {
  if (bytes.length === 16) return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (bytes.length < 32 || bytes.length > 38) return undefined;
  return UUID_TEXT.exec(String.fromCharCode(...bytes))
    ?.slice(1)
    .join('')
    .toLowerCase();
}

/** The fifteenth of October 1582, where the times of UUIDs begin: ms before the epoch. */
const GREGORIAN_MS = 12219292800000n;

function* decodeUuid(bytes: Uint8Array): Work<TreeNode> {
  const digits = uuidDigits(bytes);
  if (digits === undefined) throw new UndecodableError(0, phrase('a UUID has 16 bytes, or 32 digits as text'));
  const leaf = (kind: 'number' | 'word', text: string): TreeNode => ({
    kind,
    type: '',
    start: 0,
    end: bytes.length,
    text,
  });
  const text = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const version = Number.parseInt(digits[12], 16);
  const variant = Number.parseInt(digits[16], 16);
  const standard = variant >= 8 && variant < 12;
  const children: Member[] = [{ name: 'uuid', value: leaf('word', text) }];
  if (standard) children.push({ name: 'version', value: leaf('number', String(version)) });
  const ticks = standard ? uuidTicks(digits, version) : undefined;
  if (ticks !== undefined) {
    const seconds = ticks / 10_000_000n;
    children.push({ name: 'time', value: leaf('word', timeText(seconds, Number(ticks % 10_000_000n) * 100)) });
  }
  return { kind: 'object', type: 'UUID', start: 0, end: bytes.length, children };
}

/** The time of a UUID since the epoch, in units of 100 ns. */
function uuidTicks(digits: string, version: number): bigint | undefined {
  const hex = (from: number, to: number) => BigInt(`0x${digits.slice(from, to)}`);
  const gregorian = GREGORIAN_MS * 10_000n;
  let ticks: bigint;
  if (version === 1) ticks = ((hex(13, 16) << 48n) | (hex(8, 12) << 32n) | hex(0, 8)) - gregorian;
  else if (version === 6) ticks = ((hex(0, 8) << 28n) | (hex(8, 12) << 12n) | hex(13, 16)) - gregorian;
  else if (version === 7) ticks = hex(0, 12) * 10_000n;
  else return undefined;
  return ticks < 0n ? undefined : ticks;
}

export const UUID: TreeDecoder = {
  id: 'uuid',
  kind: 'tree',
  label: 'UUID',
  starts: () => false,
  decode: decodeUuid,
  certain: () => false,
};

/** Units of time by their number in a second. */
const UNITS: readonly (readonly [name: string, perSecond: bigint])[] = [
  ['s', 1n],
  ['ms', 1000n],
  ['µs', 1_000_000n],
  ['ns', 1_000_000_000n],
];
/** The years 1980 and 2200: what a number means that is meant as a time. */
const FIRST = 315532800n;
const LAST = 7258118400n;

// biome-ignore lint/correctness/useYield: a few digits
function* decodeTime(bytes: Uint8Array): Work<TreeNode> {
  const digits = String.fromCharCode(...bytes.subarray(0, 40)).trim();
  const match = /^(\d{9,19})(?:\.(\d{1,9}))?$/.exec(digits);
  if (!match) throw new UndecodableError(0, phrase('a time is a number of 9 to 19 digits'));
  const whole = BigInt(match[1]);
  const children: Member[] = [];
  for (const [name, perSecond] of UNITS) {
    const seconds = whole / perSecond;
    if (seconds < FIRST || seconds > LAST) continue;
    const fraction = name === 's' && match[2] ? Number(match[2].padEnd(9, '0')) : 0;
    const nanoseconds = Number((whole % perSecond) * (1_000_000_000n / perSecond)) + fraction;
    const text = timeText(seconds, nanoseconds);
    children.push({ name, value: { kind: 'word', type: 'UTC', start: 0, end: bytes.length, text } });
  }
  if (children.length === 0) {
    throw new UndecodableError(0, phrase('in no unit it is a time between the years {0} and {1}', 1980, 2200));
  }
  return { kind: 'object', type: 'time', start: 0, end: bytes.length, children };
}

export const TIME: TreeDecoder = {
  id: 'time',
  kind: 'tree',
  label: 'Unix time',
  starts: () => false,
  decode: decodeTime,
  certain: () => false,
};
