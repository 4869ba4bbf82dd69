/** What a typed command may do, by what the server itself says of it: also of commands of modules, and of renamed ones. */
import { latin1 } from '../decoder/bytes.js';
import { type Connection, errorText, itemsOf, stringOf } from './connection.js';

/**
 * `read` leaves everything as it is; `write` may change keys; `steer` may change the server itself or empty it;
 * `unknown` is what the server does not tell of. The others are not for a connection on which replies follow commands:
 * `stream` makes it one of messages, `password` would show a password.
 */
export type CommandRisk = 'read' | 'write' | 'steer' | 'unknown' | 'stream' | 'password';

/** Commands after which replies no longer follow commands, each its own. */
const STREAMS = new Set(['monitor', 'subscribe', 'psubscribe', 'ssubscribe', 'sync', 'psync']);
/** Subcommands of which servers before 7.0 do not tell that they only read. */
const READING =
  /^(?:get|list|info|help|len|size|cat|getuser|users|whoami|log|dryrun|id|getname|getredir|trackinginfo|slots|shards|nodes|links|myid|myshardid|keyslot|countkeysinslot|getkeysinslot|count-failure-reports|replicas|slaves|exists|dump|stats|docs|count|getkeys|getkeysandflags|doctor|usage|malloc-stats|latest|history|histogram|graph|encoding|refcount|idletime|freq|channels|numsub|numpat|shardchannels|shardnumsub|stream|groups|consumers|masters|master|sentinels|get-master-addr-by-name|ckquorum)$/;
/** Commands with subcommands that steer the server. */
const STEERING = new Set(['acl', 'client', 'cluster', 'config', 'debug', 'latency', 'module', 'script', 'slowlog']);
/** Commands that run others. */
const SCRIPTS = new Set(['eval', 'evalsha', 'fcall']);

/** Asks the server. @throws what the connection throws. */
export async function riskOf(connection: Connection, argv: readonly Uint8Array[]): Promise<CommandRisk> {
  const name = word(argv[0]);
  const sub = word(argv[1]);
  const known = riskByName(name, argv);
  if (known) return known;
  const reply = await connection.ask('COMMAND', 'INFO', argv[0]);
  const entry = errorText(reply) === undefined ? itemsOf(itemsOf(reply)[0]) : [];
  if (entry.length === 0) return 'unknown';
  const own = itemsOf(entry[9])
    .map(itemsOf)
    .find((item) => stringOf(item[0])?.toLowerCase() === `${name}|${sub}`);
  const flags = new Set(itemsOf((own ?? entry)[2]).map((flag) => stringOf(flag)?.toLowerCase()));
  const categories = new Set(itemsOf((own ?? entry)[6]).map((item) => stringOf(item)?.toLowerCase()));
  const isReading = argv.length > 1 && READING.test(sub);
  if (flags.has('write')) {
    // Servers before 6.0 have no categories.
    const dangerous = categories.size === 0 ? !flags.has('movablekeys') : categories.has('@dangerous');
    return dangerous && !isKeyed(own ?? entry) ? 'steer' : 'write';
  }
  if (SCRIPTS.has(name)) return 'write';
  // What a server before 7.0 says of these is said of all their subcommands.
  if (!own && STEERING.has(name) && !isReading) return name === 'script' ? 'write' : 'steer';
  // Redis 2.8 has commands that are both, such as CONFIG.
  if (flags.has('admin')) return isReading ? 'read' : 'steer';
  if (flags.has('readonly')) return 'read';
  if (categories.has('@scripting') && !isReading) return 'write';
  return 'read';
}

/** What can be told without the server; undefined if it has to be asked. */
function riskByName(name: string, argv: readonly Uint8Array[]): CommandRisk | undefined {
  if (STREAMS.has(name)) return 'stream';
  if (name === 'client' && word(argv[1]) === 'reply') return 'stream';
  if (holdsPassword(name, argv)) return 'password';
  return name === 'hello' ? 'read' : undefined;
}

/** Settings of servers and Sentinels that are passwords. */
const SECRET = /^(?:requirepass|masterauth|primaryauth|auth-pass|sentinel-pass|tls-(?:client-)?key-file-pass)$/;

function holdsPassword(name: string, argv: readonly Uint8Array[]): boolean {
  const words = argv.slice(1).map(word);
  switch (name) {
    case 'auth':
      return true;
    case 'hello':
    case 'migrate':
      return words.some((argument) => argument === 'auth' || argument === 'auth2');
    case 'config':
    case 'sentinel':
      return words[0] !== 'get' && words.some((argument) => SECRET.test(argument));
    case 'acl':
      return words[0] === 'setuser' && words.slice(2).some((rule) => /^[><#!]/.test(rule));
    default:
      return false;
  }
}

/** Commands whose second word says what they do. */
const CONTAINERS = new Set(
  'acl client cluster command config debug function latency memory module object pubsub script sentinel slowlog xgroup xinfo'.split(
    ' ',
  ),
);

/** What a command is called in messages: its name and, where it has one, its subcommand; nothing of its arguments. */
export function nameOfCommand(argv: readonly Uint8Array[]): string {
  const name = word(argv[0]);
  const sub = word(argv[1]);
  return (CONTAINERS.has(name) && /^[a-z-]+$/.test(sub) ? `${name} ${sub}` : name).toUpperCase();
}

/** True if a command names keys: what it writes is what it names. */
function isKeyed(entry: ReturnType<typeof itemsOf>): boolean {
  return Number(stringOf(entry[3]) ?? 0) > 0;
}

/** A short word in lower case; empty for none, or one that is none of ours. */
function word(bytes: Uint8Array | undefined): string {
  return bytes && bytes.length <= 64 ? latin1(bytes).toLowerCase() : '';
}
