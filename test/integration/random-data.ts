/** Random commands that write data of every type, in every encoding that a server chooses by itself. */
import { type Random, seededBytes, seededRandom } from '../unit/support/random.js';
import type { Args } from './server.js';

/** A string that is hard to carry: binary, quotes, line ends, numbers, empty, what compresses. */
function text(random: Random, seed: number): Uint8Array {
  const words = ['a', '"', "'", '\\', '\n', '\r\n', '\x00', ' ', '\t', '\x07', 'é', '\\x41', '$', '#', '--'];
  switch (random(7)) {
    case 0:
      return seededBytes(random(40), seed);
    case 1:
      return Buffer.from(String(random(2 ** 31) - 2 ** 30));
    case 2:
      return Buffer.from(String(BigInt(random(2 ** 30)) * BigInt(random(2 ** 30)) * 8n));
    case 3:
      return Buffer.from('compressible '.repeat(random(60)));
    case 4:
      return Buffer.alloc(0);
    default:
      return Buffer.from(Array.from({ length: 1 + random(12) }, () => words[random(words.length)]).join(''), 'latin1');
  }
}

// Not −0: a server keeps its sign or loses it by how large the set is at the moment.
function number(random: Random): string {
  const numbers = ['0', '1', '-1.5', 'inf', '-inf', '1e300', '5e-324', '0.1', '3.0000000000000004', '9007199254740993'];
  return random(2) === 0 ? numbers[random(numbers.length)] : String((random(2 ** 30) - 2 ** 29) / 2 ** random(40));
}

/** Commands that write one key. @param size of a collection. */
function* write(random: Random, key: Uint8Array, size: number): Generator<Args> {
  const some = () => text(random, random(2 ** 30));
  const many = (per: number) => Array.from({ length: size * per }, some);
  switch (random(10)) {
    case 0:
      yield ['SET', key, some()];
      break;
    case 1:
      yield ['SET', key, String(random(2 ** 31))];
      break;
    case 2:
      yield ['RPUSH', key, ...many(1)];
      break;
    case 3:
      yield ['SADD', key, ...many(1)];
      break;
    case 4:
      yield ['SADD', key, ...Array.from({ length: size }, () => String(random(2 ** (1 + random(30)))))];
      break;
    case 5:
      yield ['HSET', key, ...many(2)];
      break;
    case 6:
      yield ['ZADD', key, ...Array.from({ length: size }, () => [number(random), some()]).flat()];
      break;
    case 7:
      yield ['PFADD', key, ...many(1)];
      break;
    case 8:
      yield ['SETBIT', key, String(random(5000)), '1'];
      break;
    default:
      yield* writeStream(random, key, size, some);
  }
  if (random(4) === 0) yield ['PEXPIREAT', key, String(4_000_000_000_000 + random(1_000_000_000))];
}

function* writeStream(random: Random, key: Uint8Array, size: number, some: () => Uint8Array): Generator<Args> {
  const ids = Array.from({ length: size }, (_, i) => `${1000 + i * (1 + (i % 3))}-${i % 5}`);
  for (const id of ids) {
    yield ['XADD', key, id, ...Array.from({ length: 2 * (1 + random(3)) }, some)];
  }
  for (const id of ids) if (random(8) === 0) yield ['XDEL', key, id];
  for (let group = random(3); group > 0; group--) {
    const name = Buffer.concat([some(), Buffer.from(`g${group}`)]);
    yield ['XGROUP', 'CREATE', key, name, random(2) === 0 ? '0' : ids[random(ids.length)]];
    for (let consumer = 1 + random(3); consumer > 0; consumer--) {
      const who = Buffer.concat([some(), Buffer.from(`c${consumer}`)]);
      if (random(4) === 0) yield ['XGROUP', 'CREATECONSUMER', key, name, who];
      else yield ['XREADGROUP', 'GROUP', name, who, 'COUNT', String(1 + random(20)), 'STREAMS', key, '>'];
    }
    if (random(2) === 0) yield ['XACK', key, name, ids[random(ids.length)]];
  }
  // Entries that somebody still has to acknowledge may be gone.
  if (random(4) === 0) yield ['XTRIM', key, 'MAXLEN', String(random(size + 1))];
}

/** Commands that write many keys, in two databases. */
export function* randomData(seed: number, keys: number): Generator<Args> {
  const random = seededRandom(seed);
  for (let i = 0; i < keys; i++) {
    if (i === 0 || i === Math.floor(keys / 2)) yield ['SELECT', i === 0 ? '0' : '5'];
    const name = Buffer.concat([text(random, seed * 1000 + i), Buffer.from(`:${i}`)]);
    const size = [1, 5, 30, 200, 700][random(5)];
    yield* write(random, name, size);
  }
}
