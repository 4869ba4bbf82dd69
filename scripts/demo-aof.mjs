// A multi-part AOF of the shop of the demo dump: the dump as its base, and a day of traffic behind it, with times.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generator, writeDemoDump } from './demo-dump.mjs';

const DAY = 86400;
/** Seconds between two steps of the traffic. */
const STEP = 20;

function resp(...argv) {
  const parts = argv.map((argument) => {
    const text = String(argument);
    return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
  });
  return `*${argv.length}\r\n${parts.join('')}`;
}

/** What the shop writes in one step. */
function* traffic(random, time, load) {
  const user = 1001 + random(4200);
  const ms = time * 1000 + random(1000);
  for (let i = random(load); i > 0; i--) {
    yield resp('XADD', `stream:pageviews:${random(4)}`, `${ms}-${i}`, 'user', user, 'path', `/product/${random(400)}`);
    yield resp('HSET', `session:${(user * 7919).toString(16)}`, 'seen', time, 'user', user);
  }
  if (random(3) === 0) yield resp('PEXPIREAT', `session:${(user * 7919).toString(16)}`, ms + 1800 * 1000);
  if (random(4) === 0)
    yield resp('SET', `cart:${user}`, JSON.stringify({ items: [random(400), random(400)], at: time }));
  if (random(12) < load) {
    yield resp('MULTI');
    yield resp('HINCRBY', `product:${random(400)}`, 'stock', -1);
    yield resp('RPUSH', 'queue:orders', JSON.stringify({ user, total: 5 + random(20000) / 100, at: time }));
    yield resp('ZADD', 'leaderboard:spending:2026-w47', random(90000) / 100, `user:${user}`);
    yield resp('DEL', `cart:${user}`);
    yield resp('EXEC');
  }
  if (random(20) === 0) yield resp('PFADD', 'visitors:today', `user:${user}`);
}

/** Writes manifest, base and incremental file. @param folder where to; it is made. @returns the path of the manifest. */
export async function writeDemoAof(folder) {
  mkdirSync(folder, { recursive: true });
  await writeDemoDump(path.join(folder, 'appendonly.aof.1.base.rdb'));
  const random = generator(47);
  const end = Math.floor(Date.now() / 1000);
  const commands = [resp('SELECT', '0')];
  for (let time = end - DAY; time < end; time += STEP) {
    const hour = ((time % DAY) / 3600 + 20) % 24;
    const load = 1 + Math.round(3 + 3 * Math.sin((hour / 24) * 2 * Math.PI) + (hour > 17 && hour < 18 ? 5 : 0));
    const step = [...traffic(random, time, load)];
    if (step.length > 0) commands.push(`#TS:${time}\r\n`, ...step);
  }
  writeFileSync(path.join(folder, 'appendonly.aof.1.incr.aof'), commands.join(''));
  const manifest = path.join(folder, 'appendonly.aof.manifest');
  const line = (name, type) => `file appendonly.aof.1.${name} seq 1 type ${type}\n`;
  writeFileSync(manifest, line('base.rdb', 'b') + line('incr.aof', 'i'));
  return manifest;
}
