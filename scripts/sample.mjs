// A dump to look at where there is none: a small shop, in the plainest encodings of RDB version 9.
import { writeFileSync } from 'node:fs';

const POLYNOMIAL = 0x95ac9329ac4bc9b5n;

/** Writes the dump. @returns the path. */
export function writeSample(path) {
  const parts = [Buffer.from('REDIS0009')];
  aux(parts, 'redis-ver', '6.2.16');
  aux(parts, 'redis-bits', '64');
  aux(parts, 'ctime', String(Math.floor(Date.now() / 1000)));
  aux(parts, 'used-mem', '2511872');
  database(parts, 0, shop());
  database(parts, 1, sessions());
  parts.push(Buffer.from([0xff]));
  const body = Buffer.concat(parts);
  const footer = Buffer.alloc(8);
  footer.writeBigUInt64LE(crc64(body));
  writeFileSync(path, Buffer.concat([body, footer]));
  return path;
}

const DAY = 86400e3;
const WORDS = 'amber birch cobalt delta ember fjord garnet heron iris juniper krill lumen maple nimbus onyx pine'.split(
  ' ',
);
const word = (i) => WORDS[i % WORDS.length];

/** Keys of the shop: name, type byte, value, expiry. */
function* shop() {
  const now = Date.now();
  for (let i = 1; i <= 600; i++) {
    const profile = {
      id: i,
      name: `${word(i)} ${word(i * 7)}`,
      email: `${word(i)}${i}@example.com`,
      tags: [word(i * 3)],
    };
    yield [`user:${i}:profile`, 0, string(JSON.stringify(profile))];
    yield [`user:${i}:visits`, 0, string(String((i * 7919) % 1000))];
    if (i % 3 === 0)
      yield [`user:${i}:cart`, 4, hash(pairs(1 + (i % 5), (k) => [`sku-${(i + k * 11) % 97}`, String(1 + (k % 3))]))];
    if (i % 10 === 0) yield [`user:${i}:recent`, 1, list(pairs(12, (k) => `page/${word(i + k)}/${k}`))];
  }
  for (let i = 1; i <= 120; i++) {
    const price = (((i * 37) % 9000) / 100).toFixed(2);
    yield [
      `product:${i}`,
      4,
      hash([
        ['name', `${word(i * 5)} ${word(i)}`],
        ['price', price],
        ['stock', String((i * 13) % 200)],
      ]),
    ];
    yield [`product:${i}:tags`, 2, list([...new Set([word(i), word(i * 2), word(i * 11)])])];
  }
  yield ['board:sales', 5, sorted(pairs(250, (k) => [`product:${1 + (k % 120)}#${k}`, (k * 17.25) % 5000]))];
  yield [
    'queue:mail',
    1,
    list(pairs(40, (k) => JSON.stringify({ to: `${word(k)}@example.com`, template: 'welcome', n: k }))),
  ];
  yield ['events', 15, stream(200, now - 3 * 3600e3)];
  yield ['note:unicode', 0, string('Zürich – 東京 – Ελλάδα')];
  yield ['note:binary', 0, string(Buffer.from([0, 1, 2, 253, 254, 255, 13, 10]))];
  for (let i = 0; i < 80; i++)
    yield [`cache:page:${i}`, 0, string(`<li>${word(i)}</li>`.repeat(40)), now + (i - 10) * DAY];
}

function* sessions() {
  for (let i = 0; i < 150; i++) {
    const id = ((i + 1) * 2654435761).toString(16).slice(-8);
    yield [
      `session:${id}`,
      4,
      hash([
        ['uid', String(i + 1)],
        ['ip', `10.0.${i % 7}.${i}`],
      ]),
      Date.now() + i * 600e3,
    ];
  }
}

function pairs(count, make) {
  return Array.from({ length: count }, (_, k) => make(k + 1));
}

function database(parts, number, keys) {
  const all = [...keys];
  const expiring = all.filter(([, , , expireAt]) => expireAt !== undefined).length;
  parts.push(Buffer.from([0xfe]), length(number), Buffer.from([0xfb]), length(all.length), length(expiring));
  for (const [name, type, value, expireAt] of all) {
    if (expireAt !== undefined) {
      const time = Buffer.alloc(9);
      time[0] = 0xfc;
      time.writeBigInt64LE(BigInt(expireAt), 1);
      parts.push(time);
    }
    parts.push(Buffer.from([type]), string(name), value);
  }
}

function aux(parts, name, value) {
  parts.push(Buffer.from([0xfa]), string(name), string(value));
}

function length(value) {
  if (value < 0x40) return Buffer.from([value]);
  if (value < 0x4000) return Buffer.from([0x40 | (value >> 8), value & 0xff]);
  const bytes = Buffer.alloc(5);
  bytes[0] = 0x80;
  bytes.writeUInt32BE(value, 1);
  return bytes;
}

/** A string; whole numbers are stored as such, as servers do. */
function string(value) {
  const bytes = Buffer.from(value);
  if (typeof value === 'string' && /^(0|[1-9]\d{0,4})$/.test(value) && Number(value) < 32768) {
    const number = Buffer.alloc(3, 0xc1);
    number.writeInt16LE(Number(value), 1);
    return number;
  }
  return Buffer.concat([length(bytes.length), bytes]);
}

const list = (items) => Buffer.concat([length(items.length), ...items.map(string)]);
const hash = (fields) =>
  Buffer.concat([length(fields.length), ...fields.flatMap(([field, value]) => [string(field), string(value)])]);

function sorted(members) {
  const rows = [...members]
    .sort((a, b) => b[1] - a[1])
    .map(([member, score]) => {
      const number = Buffer.alloc(8);
      number.writeDoubleLE(score);
      return Buffer.concat([string(member), number]);
    });
  return Buffer.concat([length(rows.length), ...rows]);
}

/** A stream in nodes of 50 entries, with a group that has read three quarters of them. */
function stream(count, start) {
  const nodes = [];
  for (let first = 0; first < count; first += 50) {
    const ms = start + first * 1000;
    const elements = [50, 0, 2, 'type', 'user', 0];
    for (let i = 0; i < 50; i++) elements.push(2, i * 1000, 0, i % 3 === 0 ? 'order' : 'click', `user:${1 + i}`, 5);
    nodes.push(string(id(ms, 0)), string(listpack(elements)));
  }
  const last = start + (count - 1) * 1000;
  const read = start + Math.floor(count * 0.75) * 1000;
  const group = [
    string('billing'),
    big(read),
    length(0),
    length(0),
    length(1),
    string('worker-1'),
    time(Date.now()),
    length(0),
  ];
  return Buffer.concat([length(nodes.length / 2), ...nodes, length(count), big(last), length(0), length(1), ...group]);
}

function id(ms, sequence) {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE(BigInt(ms));
  bytes.writeBigUInt64BE(BigInt(sequence), 8);
  return bytes;
}

function time(ms) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(ms));
  return bytes;
}

function big(value) {
  const bytes = Buffer.alloc(9);
  bytes[0] = 0x81;
  bytes.writeBigUInt64BE(BigInt(value), 1);
  return bytes;
}

function listpack(elements) {
  const parts = elements.map((element) => {
    if (typeof element === 'string') {
      const text = Buffer.from(element);
      return Buffer.concat([Buffer.from([0x80 | text.length]), text, Buffer.from([text.length + 1])]);
    }
    if (element < 128) return Buffer.from([element, 1]);
    const number = Buffer.alloc(6);
    number[0] = 0xf3;
    number.writeInt32LE(element, 1);
    number[5] = 5;
    return number;
  });
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(6);
  header.writeUInt32LE(body.length + 7);
  header.writeUInt16LE(elements.length, 4);
  return Buffer.concat([header, body, Buffer.from([0xff])]);
}

function crc64(bytes) {
  const table = Array.from({ length: 256 }, (_, byte) => {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
    return crc;
  });
  let crc = 0n;
  for (const byte of bytes) crc = table[Number((crc ^ BigInt(byte)) & 0xffn)] ^ (crc >> 8n);
  return crc;
}
