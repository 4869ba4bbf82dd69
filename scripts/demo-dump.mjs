// A dump of an application that could be: a shop with users, sessions, carts, leaderboards, queues and event streams,
// saved by a real redis-server. The same every time, but for the times.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const FIRST =
  'Ada Ben Chloé Daan Elif Farid Greta Hugo Ines Jun Kofi Lena Mateo Nadia Oskar Priya Quinn Rosa Sven Tuva';
const LAST = 'Adeyemi Becker Costa Dubois Eriksen Fischer García Haddad Ivanova Jansen Kim Lopez Moreau Novák Okafor';
const CITIES = 'Amsterdam Berlin Lisboa Zürich Kraków Oslo Nairobi Montréal Osaka Valparaíso';
const GOODS = 'kettle lamp notebook backpack headphones teapot blanket poster keyboard bicycle-bell thermos chair';
const PAGES = '/ /search /product/311 /product/97 /cart /checkout /account /help/returns /sale /wishlist';

const [first, last, cities, goods, pages] = [FIRST, LAST, CITIES, GOODS, PAGES].map((words) => words.split(' '));
const DAY = 86400;

/** Numbers that look random and are the same every time. */
export function generator(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const LIBRARY = `#!lua name=shop

-- Reserves stock for an order, or none at all if one of the articles is short.
local function reserve(keys, args)
  for i, key in ipairs(keys) do
    local stock = tonumber(redis.call('HGET', key, 'stock') or '0')
    if stock < tonumber(args[i]) then
      return redis.error_reply('OUTOFSTOCK ' .. key)
    end
  end
  for i, key in ipairs(keys) do
    redis.call('HINCRBY', key, 'stock', -tonumber(args[i]))
  end
  return #keys
end

redis.register_function('reserve', reserve)
`;

/** The commands that fill the server. */
function* commands(now) {
  const random = generator(20);
  const pick = (list) => list[random(list.length)];
  const hex = (digits) => Array.from({ length: digits }, () => random(16).toString(16)).join('');
  yield ['FUNCTION', 'LOAD', LIBRARY];
  for (let id = 1001; id <= 5200; id++) {
    const [given, family, city] = [pick(first), pick(last), pick(cities)];
    const user = {
      id,
      name: `${given} ${family}`,
      email: `${given}.${family}${id}@example.com`.toLowerCase(),
      address: { city, street: `${pick(last)} ${1 + random(90)}`, zip: String(10000 + random(80000)) },
      newsletter: random(3) === 0,
      tags: ['vip', 'wholesale', 'beta', 'returns'].filter(() => random(5) === 0),
      created: new Date((now - random(900 * DAY)) * 1000).toISOString(),
    };
    yield ['SET', `user:${id}`, JSON.stringify(user)];
    if (id % 2) yield ['SET', `user:${id}:visits`, String(1 + random(900))];
    if (id % 5 === 0)
      yield ['SADD', `user:${id}:wishlist`, ...Array.from({ length: 3 + random(9) }, () => random(900))];
    if (id % 4 === 0) yield ['RPUSH', `user:${id}:recent`, ...Array.from({ length: 8 }, () => pick(pages))];
  }
  for (let i = 0; i < 1800; i++) {
    const key = `session:${hex(16)}`;
    const data = { user: 1001 + random(4200), ip: `198.51.100.${random(255)}`, agent: 'Mozilla/5.0', csrf: hex(24) };
    yield ['HSET', key, ...Object.entries(data).flat()];
    yield ['EXPIREAT', key, now + 600 + random(DAY)];
  }
  for (let i = 0; i < 700; i++) {
    const key = `cart:${1001 + random(4200)}`;
    yield ['HSET', key, ...Array.from({ length: 1 + random(6) }, () => [`sku:${random(900)}`, 1 + random(4)]).flat()];
    yield ['EXPIREAT', key, now + random(7 * DAY)];
  }
  for (let id = 1; id <= 900; id++) {
    const facts = ['name', `${pick(goods)} ${id}`, 'price', (3 + random(20000) / 100).toFixed(2), 'stock', random(400)];
    yield ['HSET', `product:${id}`, ...facts, 'currency', 'EUR', 'updated', now - random(30 * DAY)];
  }
  for (let week = 38; week <= 47; week++) {
    const key = `leaderboard:2026-w${week}`;
    for (let i = 0; i < 300; i++) yield ['ZADD', key, random(100000) / 10, `${pick(first)}-${1001 + random(4200)}`];
  }
  for (let i = 0; i < 260; i++) {
    yield ['ZADD', 'delivery:due', now + i * 420, `order:${88000 + i}`];
    yield ['GEOADD', 'shops', random(3000) / 100 - 8, 38 + random(2500) / 100, `shop-${i}`];
  }
  for (let i = 0; i < 640; i++) {
    const job = { id: hex(8), template: pick(['welcome', 'receipt', 'reset', 'survey']), to: 1001 + random(4200) };
    yield ['RPUSH', 'queue:mail', JSON.stringify({ ...job, attempts: random(3) })];
  }
  for (let i = 0; i < 5000; i++) {
    const order = [
      'order',
      88000 + (i % 2100),
      'state',
      pick(['created', 'paid', 'packed', 'sent']),
      'by',
      pick(first),
    ];
    yield ['XADD', 'orders:events', `${(now - 5000 * 7 + i * 7) * 1000}-0`, ...order];
  }
  yield ['XGROUP', 'CREATE', 'orders:events', 'billing', '0'];
  yield ['XGROUP', 'CREATE', 'orders:events', 'shipping', '0'];
  yield ['XREADGROUP', 'GROUP', 'billing', 'worker-1', 'COUNT', '3800', 'NOACK', 'STREAMS', 'orders:events', '>'];
  for (const worker of ['packer-1', 'packer-2']) {
    yield ['XREADGROUP', 'GROUP', 'shipping', worker, 'COUNT', '120', 'STREAMS', 'orders:events', '>'];
  }
  for (let day = 1; day <= 20; day++) {
    const visitors = Array.from({ length: 400 }, () => random(50000));
    yield ['PFADD', `visitors:2026-11-${String(day).padStart(2, '0')}`, ...visitors];
  }
  for (let i = 0; i < 320; i++) {
    const key = `cache:page:${hex(6)}`;
    const list = Array.from({ length: 20 }, () => `<li><a href="${pick(pages)}">${pick(goods)}</a></li>`).join('');
    yield ['SET', key, `<ul class="related">${list}</ul>`, 'EXAT', now + 60 + random(2 * 3600)];
  }
  for (const flag of ['checkout-v2', 'dark-mode', 'express-delivery']) yield ['SET', `feature:${flag}`, 'on'];
  yield ['SETBIT', 'active:2026-11-20', '5200', '1'];
  yield ['SELECT', '1'];
  for (let i = 0; i < 240; i++) {
    const key = `ratelimit:198.51.100.${i}`;
    yield ['SET', key, String(1 + random(99)), 'EXAT', now + random(3600)];
  }
}

function resp(command) {
  const parts = command.map((part) => {
    const bytes = Buffer.from(String(part));
    return `$${bytes.length}\r\n${bytes.toString()}\r\n`;
  });
  return `*${command.length}\r\n${parts.join('')}`;
}

/** Sends commands in one go. @returns when the server has done them all and closed the connection. */
async function send(socket, all) {
  const connection = net.connect(socket);
  await once(connection, 'connect');
  let replies = '';
  connection.on('data', (data) => {
    replies += data.toString('latin1');
  });
  connection.end(all.map(resp).join(''));
  await once(connection, 'close');
  // A line of an error, not the end of a stream id.
  const [error] = replies.match(/^-(?!OUTOFSTOCK)[A-Z]+ .*$/m) ?? [];
  if (error) throw new Error(`redis-server: ${error}`);
}

/** Writes the dump. @param file where to. */
export async function writeDemoDump(file) {
  const folder = mkdtempSync(path.join(tmpdir(), 'demo-'));
  const socket = path.join(folder, 'redis.sock');
  const options = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    folder,
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  const ended = once(server, 'exit');
  try {
    for (let tries = 0; ; tries++) {
      try {
        await send(socket, [['PING'], ['QUIT']]);
        break;
      } catch (error) {
        if (tries === 100 || server.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    await send(socket, [...commands(Math.floor(Date.now() / 1000)), ['SAVE'], ['QUIT']]);
    cpSync(path.join(folder, 'dump.rdb'), file);
  } finally {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
