/** A file of random keys of several types, databases and expiries, with names that are hard to sort and to match. */
import { nameOf } from '../../../src/dataset/names.js';
import { bytes, characters } from './bytes.js';
import { listpack } from './compact.js';
import { type Indexed, indexed } from './indexed.js';
import { type Random, seededRandom } from './random.js';
import { aux, compressed, counted, expireMs, file, integer, key, length, OP, selectdb, string } from './rdb-writer.js';

/** When the file was saved, in ms. */
export const SAVED_AT = 1_700_000_000_000;

/** What is known of a key, read off the index one by one. */
export interface Known {
  readonly row: number;
  readonly name: string;
  readonly db: number;
  readonly type: string;
  readonly encoding: string;
  readonly size: number;
  readonly elements: number | undefined;
  readonly expireAt: number | undefined;
  readonly idle: number | undefined;
  readonly freq: number | undefined;
}

export interface Keyspace extends Indexed {
  readonly keys: readonly Known[];
}

const PARTS = ['user', 'User', 'order', 'a', 'b', ':', ':', '.', 'é', '\xff', '\x00', ' ', '10', '*', '[x]', '日本'];

function randomName(random: Random): Uint8Array {
  const parts = Array.from({ length: random(5) }, () => Buffer.from(PARTS[random(PARTS.length)], 'latin1'));
  return bytes(...parts);
}

/** A name as a file may store it. */
function storedName(name: Uint8Array, random: Random): Uint8Array {
  const text = characters(name);
  if (/^(0|[1-9]\d{0,2})$/.test(text)) return integer(Number(text), 16);
  if (random(5) === 0) return compressed(name);
  return string(name, ([6, 14, 32, 64] as const)[name.length < 64 ? random(4) : 1 + random(3)]);
}

function randomValue(random: Random): { type: number; value: Uint8Array } {
  const texts = (count: number) => Array.from({ length: count }, (_, i) => `e${i}`);
  switch (random(6)) {
    case 0:
      return { type: 0, value: string('v'.repeat(random(100))) };
    case 1:
      return { type: 0, value: integer(random(100), 8) };
    case 2:
      return { type: 1, value: counted(texts(1 + random(30)).map((text) => string(text))) };
    case 3:
      return { type: 4, value: counted(texts(1 + random(6)).map((text) => [string(text), string('v')])) };
    case 4:
      return { type: 20, value: string(listpack(texts(1 + random(9)))) };
    default:
      return { type: 2, value: counted([string('m')]) };
  }
}

/** Makes a file. @param access what stands with its keys beside expiries. */
export function keyspace(seed: number, keys: number, access: 'none' | 'idle' | 'freq' = 'none'): Keyspace {
  const random = seededRandom(seed);
  const used = new Set<string>();
  const records: Uint8Array[] = [];
  const perDb = Math.ceil(keys / 3);
  for (let i = 0; i < keys; i++) {
    const db = [0, 3, 15][Math.floor(i / perDb)];
    if (i % perDb === 0) records.push(selectdb(db));
    let name = randomName(random);
    while (used.has(`${db} ${characters(name)}`)) name = bytes(name, randomName(random), 'z');
    used.add(`${db} ${characters(name)}`);
    const { type, value } = randomValue(random);
    const expiry = random(3) === 0 ? expireMs(SAVED_AT + (random(2000) - 1000) * 1000) : [];
    const head =
      access === 'idle' ? bytes(OP.idle, length(random(1000))) : access === 'freq' ? bytes(OP.freq, random(256)) : [];
    records.push(bytes(expiry, head, type, storedName(name, random), value));
  }
  const made = indexed(file('REDIS0011', aux('redis-ver', '7.2.4'), aux('ctime', String(SAVED_AT / 1000)), records));
  const known = Array.from({ length: made.index.length }, (_, row): Known => {
    const fact = made.index.fact(row);
    const name = characters(nameOf(made.source, made.index, row));
    const { db, size, elements, expireAt, idle, freq } = fact;
    const { type, encoding } = fact.kind;
    const time = expireAt === undefined ? undefined : Number(expireAt);
    return { row, name, db, type, encoding: encoding ?? '', size, elements, expireAt: time, idle, freq };
  });
  if (known.length !== keys || made.problems.length > 0) throw new Error(`seed ${seed} makes no sound file`);
  return { ...made, keys: known };
}

/** Order of names as bytes. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));
}

/** A key by itself: a record of type 0. */
export function stringKey(name: string): Uint8Array {
  return key(0, name, string('v'));
}
