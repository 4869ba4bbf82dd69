/** The table of commands against a real server: arity, write flag, keys, and that the data are up to date. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';
import { type CommandEntry, commandNamed, keyArguments } from '../../src/decoder/aof/command-table.js';
import { type Reply, TestServer } from './server.js';

declare const PROJECT_ROOT: string;

/** The release that the data are made from. */
const BASE = '7.0.';

/** Command lines whose words hold no blanks; '' stands for an empty argument. A line that is no command is a mistake. */
const LINES: readonly string[] = `
SET k v|SET k v EX 1 NX GET|GET k|GETSET k v|GETDEL k|GETEX k PERSIST|MGET a b c|MSET a 1 b 2|MSETNX a 1 b 2|APPEND k v
SETEX k 1 v|PSETEX k 1 v|SETNX k v|SETRANGE k 0 v|GETRANGE k 0 1|SUBSTR k 0 1|STRLEN k|INCR k|DECR k|INCRBY k 1
INCRBYFLOAT k 1.5|LCS a b IDX|SETBIT k 1 1|GETBIT k 1|BITCOUNT k 0 1|BITPOS k 1|BITOP AND d a b|BITOP NOT d a
BITFIELD k SET u8 0 1|BITFIELD_RO k GET u8 0|PFADD k a b|PFCOUNT a b|PFMERGE d a b|PFDEBUG ENCODING k
DEL a b c|UNLINK a b|EXISTS a b|TOUCH a b|TYPE k|DUMP k|RESTORE k 0 v REPLACE|RESTORE-ASKING k 0 v|MOVE k 1
COPY a b DB 1 REPLACE|RENAME a b|RENAMENX a b|EXPIRE k 1|PEXPIRE k 1|EXPIREAT k 1|PEXPIREAT k 1 NX|TTL k|PTTL k
EXPIRETIME k|PEXPIRETIME k|PERSIST k|OBJECT ENCODING k|OBJECT FREQ k|OBJECT IDLETIME k|OBJECT REFCOUNT k
MEMORY USAGE k|MEMORY USAGE k SAMPLES 3|SORT k|SORT k BY w_* LIMIT 0 1 GET # GET STORE DESC ALPHA STORE d
SORT k STORE a STORE b|SORT_RO k BY nosort GET #|MIGRATE h 1 k 0 1|MIGRATE h 1 k 0 1 COPY REPLACE AUTH p
MIGRATE h 1 '' 0 1 KEYS a b|MIGRATE h 1 '' 0 1 COPY KEYS a b c|MIGRATE h 1 '' 0 1 AUTH p KEYS a
MIGRATE h 1 '' 0 1 AUTH2 u p KEYS a b|WAIT 0 1|KEYS *|SCAN 0 MATCH k|RANDOMKEY
HSET k f v|HSETNX k f v|HMSET k f v g w|HGET k f|HMGET k f g|HGETALL k|HDEL k f g|HEXISTS k f|HINCRBY k f 1
HINCRBYFLOAT k f 1.5|HKEYS k|HVALS k|HLEN k|HSTRLEN k f|HSCAN k 0|HRANDFIELD k 2 WITHVALUES
LPUSH k a b|RPUSH k a b|LPUSHX k a|RPUSHX k a|LPOP k|RPOP k 2|LLEN k|LINDEX k 0|LSET k 0 v|LREM k 0 v|LTRIM k 0 1
LRANGE k 0 1|LINSERT k BEFORE a b|LPOS k a|RPOPLPUSH a b|BRPOPLPUSH a b 0|LMOVE a b LEFT RIGHT|BLMOVE a b LEFT RIGHT 0
BLPOP a b 0|BRPOP a 0|LMPOP 2 a b LEFT|BLMPOP 0 2 a b LEFT COUNT 3
SADD k a b|SREM k a|SPOP k 2|SMOVE a b m|SCARD k|SISMEMBER k m|SMISMEMBER k m n|SMEMBERS k|SRANDMEMBER k|SSCAN k 0
SINTER a b|SINTERSTORE d a b|SUNION a b|SUNIONSTORE d a b|SDIFF a b|SDIFFSTORE d a b|SINTERCARD 2 a b LIMIT 1
ZADD k 1 m|ZADD k NX 1 m 2 n|ZINCRBY k 1 m|ZREM k m|ZCARD k|ZCOUNT k 0 1|ZSCORE k m|ZMSCORE k m n|ZRANK k m
ZRANGE k 0 1 REV|ZRANGESTORE d s 0 1|ZRANGEBYSCORE k 0 1 LIMIT 0 1|ZRANGEBYLEX k - +|ZREVRANGE k 0 1|ZLEXCOUNT k - +
ZREMRANGEBYRANK k 0 1|ZREMRANGEBYSCORE k 0 1|ZREMRANGEBYLEX k - +|ZPOPMIN k|ZPOPMAX k 2|BZPOPMIN a b 0|BZPOPMAX a 0
ZMPOP 2 a b MIN|BZMPOP 0 2 a b MAX COUNT 2|ZUNION 2 a b WITHSCORES|ZINTER 2 a b|ZDIFF 2 a b|ZINTERCARD 2 a b
ZUNIONSTORE d 2 a b WEIGHTS 1 2|ZINTERSTORE d 2 a b|ZDIFFSTORE d 2 a b|ZUNIONSTORE d 1 d|ZRANDMEMBER k|ZSCAN k 0
GEOADD k 1 2 m|GEODIST k a b|GEOHASH k a|GEOPOS k a|GEOSEARCH k FROMMEMBER m BYRADIUS 1 m
GEOSEARCHSTORE d s FROMMEMBER m BYRADIUS 1 m STOREDIST|GEORADIUS k 1 2 3 m|GEORADIUS k 1 2 3 m COUNT 1 STORE d
GEORADIUS k 1 2 3 m STORE a STOREDIST b|GEORADIUSBYMEMBER k m 3 m STOREDIST d|GEORADIUS_RO k 1 2 3 m
GEORADIUSBYMEMBER_RO k m 3 m|GEORADIUSBYMEMBER k m 1 m STORE STORE
XADD k * f v|XADD k NOMKSTREAM MAXLEN ~ 10 0-1 f v|XDEL k 0-1|XLEN k|XRANGE k - +|XREVRANGE k + -|XTRIM k MAXLEN 1
XACK k g 0-1|XCLAIM k g c 0 0-1 JUSTID|XAUTOCLAIM k g c 0 0|XPENDING k g|XSETID k 0-1
XREAD COUNT 1 STREAMS a b 0 0|XREAD BLOCK 0 streams k $|XREADGROUP GROUP g c STREAMS a b > >
XREADGROUP GROUP streams c COUNT 1 NOACK STREAMS a >|XGROUP CREATE k g $ MKSTREAM|XGROUP SETID k g 0
XGROUP DESTROY k g|XGROUP CREATECONSUMER k g c|XGROUP DELCONSUMER k g c|XINFO STREAM k FULL|XINFO GROUPS k
XINFO CONSUMERS k g|EVAL s 0|EVAL s 0 a|EVAL s 2 a b c|EVALSHA s 1 a b|EVAL_RO s 1 a|EVALSHA_RO s 1 a|FCALL f 2 a b c
FCALL_RO f 1 a|FUNCTION LOAD c|SCRIPT LOAD s|WATCH a b|MULTI|EXEC|DISCARD|UNWATCH
PUBLISH c m|SPUBLISH c m|SUBSCRIBE c|SSUBSCRIBE c|SELECT 0|SWAPDB 0 1|FLUSHALL|FLUSHDB ASYNC|PING|ECHO k|CONFIG GET k
CLIENT ID|CLUSTER KEYSLOT k|CLUSTER GETKEYSINSLOT 0 1|DEBUG OBJECT k|COMMAND GETKEYS GET k|LATENCY RESET k
ACL WHOAMI|REPLCONF ACK 0|PSYNC ? -1|SHUTDOWN NOSAVE|MODULE LIST|MEMORY DOCTOR|OBJECT HELP|XGROUP HELP
`
  .split(/[|\n]/)
  .filter((line) => line !== '');

/** Commands that take an optional argument since a later release. */
const GROWN: ReadonlySet<string> = new Set(['zrank', 'zrevrank']);

/** What the server replies if there are no keys; a command line of one word it does not look at. */
const NO_KEYS = /no key arguments|wrong number of arguments for 'command\|getkeys'/;

function text(reply: Reply): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString('latin1') : String(reply);
}

function list(reply: Reply): Reply[] {
  assert.ok(Array.isArray(reply));
  return reply;
}

function words(line: string): Buffer[] {
  return line.split(' ').map((word) => Buffer.from(word === "''" ? '' : word));
}

async function versionOf(server: TestServer): Promise<string> {
  return /redis_version:(\S+)/.exec(text(await server.command('INFO', 'server')))?.[1] ?? '';
}

describe('the table of commands agrees with a server', () => {
  it('on name, arity and write flag of each command and subcommand', async () => {
    const server = await TestServer.start();
    const version = await versionOf(server);
    const check = (info: Reply[], entry: CommandEntry | undefined) => {
      const name = text(info[0]);
      assert.ok(entry, `${name} is missing`);
      const flags = list(info[2]).map((flag) => text(flag).replace('+', ''));
      const arity = Number(info[1]);
      // Another release may take more arguments, or have taken fewer.
      if (version.startsWith(BASE)) assert.equal(entry.arity, GROWN.has(name) ? -arity : arity, `arity of ${name}`);
      if (entry.subcommands.length === 0) assert.equal(entry.writes, flags.includes('write'), `write flag of ${name}`);
    };
    const infos = list(await server.command('COMMAND'));
    assert.ok(infos.length > 200);
    for (const reply of infos) {
      const info = list(reply);
      const entry = commandNamed(text(info[0]));
      check(info, entry);
      for (const sub of list(info[9])) {
        const name = text(list(sub)[0]).replace('|', ' ');
        if (!/ help$/i.test(name)) check(list(sub), commandNamed(name));
      }
    }
  });

  it(`on the keys of ${LINES.length} command lines`, async () => {
    const server = await TestServer.start();
    for (const line of LINES) {
      const args = words(line);
      const entry = commandNamed(String(args[0]));
      assert.ok(entry, line);
      const ours = keyArguments(entry, args.length, (i) => args[i]).map((i) => String(args[i]));
      const [reply] = await server.commands([['COMMAND', 'GETKEYS', ...args]]);
      const theirs = Array.isArray(reply) ? reply.map(text) : [];
      if (!Array.isArray(reply)) assert.match(text(reply), NO_KEYS, line);
      assert.deepEqual(ours.sort(), theirs.sort(), line);
    }
  });

  it('as its data are what the server says and the complement adds', async (t) => {
    const version = await versionOf(await TestServer.start());
    if (!version.startsWith(BASE)) return t.skip(`the data are made from a server ${BASE}x`);
    const script = path.join(PROJECT_ROOT, 'scripts', 'command-table.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
});
