// What Node has made of the program of the command line when its commands have run: they need not be compiled again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { writeSample } from './sample.mjs';

const SELF = fileURLToPath(import.meta.url);
/** Milliseconds that a run has for its first step: without one the process would end with it. */
const STEP_MS = 50;

/**
 * Compiles the program for each command, and as far as all of them need it.
 *
 * @param source the text of a function of `require`. @param names the commands; all without them.
 * @returns the data for V8 by command; `other` is for all that is not there.
 */
export async function compiledCli(source, names = Object.keys(RUNS)) {
  const folder = mkdtempSync(path.join(tmpdir(), 'compiled-cli-'));
  try {
    writeFileSync(path.join(folder, 'program.js'), source);
    return new Map(await Promise.all(names.map(async (name) => [name, await compiledFor(name, folder)])));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What runs has compiled stays in its process, so that each command is given one of its own. */
async function compiledFor(name, folder) {
  const child = spawn(process.execPath, [SELF, folder, name], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  if (status !== 0) throw new Error(`the command line could not be compiled for ${name}: ${said}`);
  return readFileSync(path.join(folder, `${name}.compiled`));
}

/** The commands of a request so far, and what is left. */
function* commandsOf(request) {
  for (let at = 0; ; ) {
    const head = /^\*(\d+)\r\n/.exec(request.slice(at, at + 16));
    if (!head) return;
    at += head[0].length;
    const argv = [];
    for (let i = Number(head[1]); i > 0; i--) {
      const length = /^\$(\d+)\r\n/.exec(request.slice(at, at + 16));
      if (!length) return;
      const begin = at + length[0].length;
      at = begin + Number(length[1]) + 2;
      if (at > request.length) return;
      argv.push(request.slice(begin, at - 2));
    }
    yield { argv, end: at };
  }
}

const bulk = (text) => `$${text.length}\r\n${text}\r\n`;
const bulks = (...texts) => `*${texts.length}\r\n${texts.map(bulk).join('')}`;

/** What the server says with which commands are tried: just what they ask before they write. */
const REPLIES = {
  HELLO: `${bulks('server', 'redis', 'version', '7.0.15', 'proto').replace('*5', '*14')}:2\r\n${bulk('id')}:1\r\n${[
    ...['mode', 'standalone', 'role', 'master', 'modules'].map(bulk),
  ].join('')}*0\r\n`,
  INFO: bulk('redis_version:7.0.15\r\nredis_mode:standalone\r\nrole:master\r\nloading:0\r\nmaxmemory:0\r\n'),
  CONFIG: bulks('databases', '16'),
  ACL: bulk('default'),
  FUNCTION: '-ERR there are none\r\n',
  TIME: bulks('1700000000', '0'),
};

function startServer() {
  const server = net.createServer((socket) => {
    let request = '';
    socket.setEncoding('latin1');
    socket.on('error', () => socket.destroy());
    socket.on('data', (text) => {
      request += text;
      let done = 0;
      for (const { argv, end } of commandsOf(request)) {
        socket.write(REPLIES[argv[0].toUpperCase()] ?? '+OK\r\n', 'latin1');
        done = end;
      }
      request = request.slice(done);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** Arguments with which a command is run, one run after the other. */
const RUNS = {
  info: ({ dump, aof }) => [
    ['info', dump],
    ['info', aof],
  ],
  check: ({ dump, aof }) => [
    ['check', dump],
    ['check', aof],
  ],
  decode: ({ dump }) => [['decode', dump]],
  memory: ({ dump }) => [['memory', dump]],
  export: ({ dump }) => ['jsonl', 'resp', 'csv', 'rdb'].map((format) => ['export', dump, '--format', format]),
  replay: ({ aof, server }) => [['replay', aof, '--to', server, '--yes']],
  restore: ({ dump, server }) => [['restore', dump, '--to', server, '--yes']],
  other: () => [],
};

/** Runs a command in this process, and writes what was compiled of the program. */
async function compile(folder, name) {
  const source = readFileSync(path.join(folder, 'program.js'), 'utf8');
  const script = new Script(source, { filename: 'cli.js' });
  const program = script.runInThisContext();
  const dump = writeSample(path.join(folder, `${name}.rdb`));
  const aof = path.join(folder, `${name}.aof`);
  writeFileSync(aof, `${bulks('SELECT', '0')}${bulks('SET', 'key', 'a value of some length').repeat(400)}`);
  const server = await startServer();
  const runs = RUNS[name]({ dump, aof, server: `redis://127.0.0.1:${server.address().port}` });
  process.on('beforeExit', () => {
    const args = runs.shift();
    if (!args) {
      writeFileSync(path.join(folder, `${name}.compiled`), script.createCachedData());
      process.exit(0);
    }
    process.argv = [process.execPath, 'cli.js', ...args];
    program(createRequire(SELF));
    setTimeout(() => {}, STEP_MS);
  });
  server.unref();
}

if (process.argv[1] === SELF) await compile(...process.argv.slice(2));
