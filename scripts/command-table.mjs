// `npm run command-table`: writes src/decoder/aof/command-data.ts from what a redis-server 7.0 says of its commands
// and from the hand-kept lines of scripts/command-table/complement.tsv, which win. `--check` only compares.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const OUT = path.join(root, 'src/decoder/aof/command-data.ts');
const COMPLEMENT = path.join(root, 'scripts/command-table/complement.tsv');

/** The release whose commands the file begins with; what others have more is in the complement. */
const BASE = '7.0.';

/** Letters for the flags of COMMAND that the table keeps. */
const FLAGS = { write: 'w', readonly: 'r', admin: 'a', fast: 'f', blocking: 'b', noscript: 'n', pubsub: 'p' };

/** Commands whose keys no key specification tells: the decoder has a function for each. */
const SPECIAL = { sort: '!sort', sort_ro: '!sort', migrate: '!migrate' };

/** Commands that change more than the keys they name, and are not flagged `admin`. */
const SWEEPING = new Set(['FLUSHALL', 'FLUSHDB', 'SWAPDB', 'FUNCTION FLUSH', 'FUNCTION RESTORE', 'SCRIPT FLUSH']);

/** Asks a server of its own. @returns the version and the JSON of COMMAND and COMMAND DOCS. */
async function askServer() {
  const folder = mkdtempSync(path.join(tmpdir(), 'command-table-'));
  const socket = path.join(folder, 'socket');
  const options = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', ''];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  let failure;
  server.on('error', (error) => {
    failure = error;
  });
  const ask = (...args) =>
    execFileSync('redis-cli', ['-s', socket, '--json', ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: 'pipe',
    });
  try {
    for (;;) {
      if (failure) throw failure;
      if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
      try {
        if (ask('PING').includes('PONG')) break;
      } catch {
        // It does not listen yet.
        await sleep(20);
      }
    }
    const version = /redis_version:(\S+?)(?:\\r|\r|\s|$)/.exec(ask('INFO', 'server'))?.[1] ?? '';
    return { version, commands: JSON.parse(ask('COMMAND')), docs: JSON.parse(ask('COMMAND', 'DOCS')) };
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The positions that COMMAND's first, last and step mean for a number of arguments. */
function rangePositions(first, last, step, argc) {
  const end = last < 0 ? argc + last : last;
  const positions = [];
  for (let i = first; i <= end && i < argc; i += step) positions.push(i);
  return positions;
}

/** Where the keys stand: the notation is explained in the head of the data file. */
function keysOf(name, [, arity, , first, last, step, , , allSpecs]) {
  if (SPECIAL[name]) return SPECIAL[name];
  // Channels of sharded publishing stand where keys do, and are none.
  const specs = allSpecs.filter(({ flags }) => !flags.includes('not_key'));
  if (specs.length === 0) return '';
  const texts = specs.map(({ begin_search: begin, find_keys: find }) => {
    if (begin.type === 'unknown' || find.type === 'unknown') throw new Error(`${name} needs a function of its own`);
    const start = begin.type === 'index' ? begin.spec.index : `${begin.spec.keyword}@${begin.spec.startfrom}`;
    const { lastkey, keystep, limit, keynumidx, firstkey } = find.spec;
    return `${start}/${find.type === 'range' ? `${lastkey},${keystep},${limit}` : `#${keynumidx},${firstkey},${keystep}`}`;
  });
  const plain = specs.every(
    ({ begin_search: begin, find_keys: find }) =>
      begin.type === 'index' && find.type === 'range' && (find.spec.limit <= 1 || find.spec.lastkey >= 0),
  );
  if (!plain) return texts.join('+');
  const least = Math.abs(arity);
  for (let argc = least; argc < least + 8; argc++) {
    const wanted = specs.flatMap(({ begin_search: begin, find_keys: find }) => {
      const from = begin.spec.index;
      return rangePositions(
        from,
        find.spec.lastkey < 0 ? find.spec.lastkey : from + find.spec.lastkey,
        find.spec.keystep,
        argc,
      );
    });
    if (String(wanted.sort((a, b) => a - b)) !== String(rangePositions(first, last, step, argc)))
      return texts.join('+');
    if (arity > 0) break;
  }
  return first === last && step === 1 ? `${first}` : `${first},${last},${step}`;
}

/** The arguments of COMMAND DOCS as a person writes them. */
function syntaxOf(args) {
  return (args ?? []).map(argumentText).join(' ');
}

function argumentText(arg) {
  const flags = arg.flags ?? [];
  const optional = flags.includes('optional');
  const inner =
    arg.type === 'pure-token'
      ? ''
      : arg.type === 'oneof'
        ? (arg.arguments ?? [])
            .map((choice) => argumentText({ ...choice, flags: without(choice.flags, 'optional') }))
            .join('|')
        : arg.type === 'block'
          ? syntaxOf(arg.arguments)
          : (arg.display_text ?? arg.name)
              .toLowerCase()
              .replaceAll('_', '-')
              .replace(/^unix-time-(milli)?seconds$/, (_, ms) => (ms ? 'unix-time-ms' : 'unix-time'));
  const token = arg.token === '' ? '""' : arg.token;
  const repeated = flags.includes('multiple');
  // A choice that must be made needs brackets of its own to stand beside other arguments.
  const unit = arg.type === 'oneof' && (!optional || token || repeated) ? `<${inner}>` : inner;
  const once = flags.includes('multiple_token') && token ? `${token} ${unit}` : unit;
  const again = once.length > 40 ? '' : `${once} `;
  const text = [token, repeated ? `${unit} [${again}...]` : unit].filter(Boolean).join(' ');
  return optional ? `[${text}]` : text;
}

function without(flags, flag) {
  return (flags ?? []).filter((other) => other !== flag);
}

/** One line of the table. */
function lineOf(name, info, docs) {
  const [, arity, flags] = info;
  const title = name.replaceAll('|', ' ').toUpperCase();
  const letters = Object.entries(FLAGS).flatMap(([flag, letter]) => (flags.includes(flag) ? [letter] : []));
  if (SWEEPING.has(title)) letters.push('d');
  const summary = (docs.summary ?? '').replace(/\.$/, '').replaceAll('`', '');
  const fields = [
    title,
    arity,
    letters.join(''),
    keysOf(name, info),
    docs.since ?? '',
    syntaxOf(docs.arguments),
    summary,
  ];
  return { title, family: docs.group, line: fields.join('\t') };
}

/** Lines of the commands that a server has. */
function linesOf({ commands, docs }) {
  const lines = [];
  for (const info of commands) {
    const [name] = info;
    const about = docs[name];
    const subcommands = info[9] ?? [];
    lines.push(lineOf(name, info, { ...about, arguments: subcommands.length > 0 ? undefined : about.arguments }));
    for (const sub of subcommands) {
      // All of them have HELP, which needs no line of its own.
      if (!sub[0].endsWith('|help')) lines.push(lineOf(sub[0], sub, about.subcommands[sub[0]]));
    }
  }
  return lines;
}

/** The hand-kept lines: `@family` begins a family, `#` a comment. */
function complementLines() {
  const lines = [];
  let family = '';
  for (const line of readFileSync(COMPLEMENT, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('@')) {
      family = line.slice(1);
      continue;
    }
    const fields = line.split('\t');
    if (fields.length !== 7) throw new Error(`complement.tsv: not seven fields in: ${line}`);
    lines.push({ title: fields[0], family, line });
  }
  return lines;
}

/** The text of the data file. */
function dataFile(lines) {
  const families = new Map();
  for (const { title, family, line } of lines.values()) {
    const list = families.get(family) ?? [];
    list.push([title, line]);
    families.set(family, list);
  }
  const parts = [...families].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = parts.map(([family, list]) => {
    list.sort(([a], [b]) => (a < b ? -1 : 1));
    return [`@${family}`, ...list.map(([, line]) => line)].join('\n');
  });
  return `/**
 * What is known of each command, as text: written by \`npm run command-table\`, not by hand.
 *
 * A line \`@family\` begins a family of the documentation. Another line has seven fields: name (with its subcommand),
 * arity as COMMAND counts it, flags, keys, since, syntax, summary.
 * Flags: w write, r readonly, a admin, f fast, b blocking, n noscript, p pubsub; d reaches beyond the keys it names.
 * A capital puts the command into a group of AOFs other than its flags tell: A admin, R read, S script, W write.
 * Keys: \`first,last,step\` as COMMAND counts them, \`first\` alone for one key, or specifications joined by +:
 * \`begin/last,step,limit\` and \`begin/#count,first,step\`, where begin is a position or \`KEYWORD@from\`; or ! with the
 * name of a function.
 */
export const COMMAND_DATA = \`${text.join('\n')}\`;
`;
}

/** Makes the data file anew. @returns its text, or undefined if there is no server of the base release. */
export async function commandTable() {
  const answers = await askServer();
  if (!answers.version.startsWith(BASE)) return undefined;
  const lines = new Map(linesOf(answers).map((line) => [line.title, line]));
  for (const line of complementLines()) lines.set(line.title, line);
  const text = dataFile(lines);
  if (/[\\]|\$\{/.test(text)) throw new Error('the table has text that a template literal would change');
  return text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await commandTable();
  if (text === undefined) {
    console.error(`The table is made from a redis-server ${BASE}x; another release has other commands.`);
    process.exit(1);
  }
  if (!process.argv.includes('--check')) writeFileSync(OUT, text);
  else if (readFileSync(OUT, 'utf8') !== text) {
    console.error('src/decoder/aof/command-data.ts is not what `npm run command-table` writes.');
    process.exit(1);
  }
  console.log(`${text.split('\n').length} lines, ${Buffer.byteLength(text).toLocaleString('en-US')} bytes`);
}
