/** The table of commands: names in any case on bytes, subcommands, groups, and which arguments are keys. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  allCommands,
  type CommandEntry,
  commandNamed,
  keyArguments,
  lookUpCommand,
  subcommandOf,
  summaryOf,
  syntaxOf,
} from '../../../../src/decoder/aof/command-table.js';

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** The command of a name; the test fails if there is none. */
function named(name: string): CommandEntry {
  const entry = commandNamed(name);
  assert.ok(entry, `no command ${name}`);
  return entry;
}

/** The keys of a command line whose words hold no blanks; `''` stands for an empty argument. */
function keysOf(line: string): string[] {
  const words = line.split(' ').map((word) => (word === "''" ? '' : word));
  return keyArguments(named(words[0]), words.length, (i) => bytes(words[i])).map((i) => words[i]);
}

describe('a command is found by the bytes of its name', () => {
  it('in any case, in the middle of other bytes', () => {
    const data = bytes('$3\r\nSeT\r\n');
    assert.equal(lookUpCommand(data, 4, 3)?.name, 'SET');
    assert.equal(lookUpCommand(bytes('zrangebyscore'), 0, 13)?.name, 'ZRANGEBYSCORE');
  });

  it('each of them by its own name, with its place in the list', () => {
    for (const [number, entry] of allCommands().entries()) {
      assert.equal(lookUpCommand(bytes(entry.name), 0, entry.name.length), entry);
      assert.equal(lookUpCommand(bytes(entry.name.toLowerCase()), 0, entry.name.length), entry);
      assert.equal(entry.number, number);
    }
  });

  it('but not by a part of it, by bytes that differ in the bit of case, or by none', () => {
    assert.equal(lookUpCommand(bytes('SETX'), 0, 4), undefined);
    assert.equal(lookUpCommand(bytes('SE'), 0, 2), undefined);
    assert.equal(lookUpCommand(bytes('SET'), 0, 0), undefined);
    assert.equal(lookUpCommand(bytes('\x13\x05\x14'), 0, 3), undefined);
    assert.equal(lookUpCommand(bytes('BITFIELD\x7fRO'), 0, 11), undefined);
    assert.equal(lookUpCommand(bytes('\xd3\xc5\xd4'), 0, 3), undefined);
    assert.equal(lookUpCommand(new Uint8Array(1000), 0, 1000), undefined);
    assert.equal(lookUpCommand(bytes('SE'), 0, 3), undefined);
  });

  it('or by a text, with its subcommand', () => {
    assert.equal(commandNamed('xgroup create')?.name, 'XGROUP CREATE');
    assert.equal(commandNamed('xgroup none'), undefined);
    assert.equal(commandNamed('\u0153ET'), undefined);
    assert.equal(commandNamed(''), undefined);
    assert.equal(subcommandOf(named('OBJECT'), bytes('EnCoding'))?.name, 'OBJECT ENCODING');
    assert.equal(subcommandOf(named('OBJECT'), new Uint8Array(0)), undefined);
  });
});

describe('the group of a command', () => {
  const groups: Record<string, string> = {
    write: 'SET DEL XGROUP FLUSHALL FLUSHDB SWAPDB RESTORE MIGRATE SORT GETEX ZADD PFADD',
    script: 'EVAL EVALSHA EVAL_RO FCALL FCALL_RO FUNCTION SCRIPT',
    transaction: 'MULTI EXEC DISCARD WATCH UNWATCH',
    admin: 'SELECT CONFIG REPLCONF PING DEBUG CLIENT PUBLISH SPUBLISH AUTH HELLO WAIT ACL CLUSTER SHUTDOWN',
    read: 'GET KEYS SCAN XINFO OBJECT TTL DUMP RANDOMKEY XREAD',
  };
  for (const [group, names] of Object.entries(groups)) {
    it(`${group}: ${names}`, () => {
      for (const name of names.split(' ')) assert.equal(named(name).group, group, name);
    });
  }

  it('is joined by a warning where a command reaches beyond its keys', () => {
    for (const name of ['FLUSHALL', 'FLUSHDB', 'SWAPDB', 'SHUTDOWN', 'CONFIG SET', 'DEBUG']) {
      assert.equal(named(name).dangerous, true, name);
    }
    for (const name of ['SET', 'DEL', 'SELECT', 'MULTI', 'EVAL']) assert.equal(named(name).dangerous, false, name);
  });
});

describe('the keys of a command', () => {
  const lines: readonly (readonly [line: string, keys: string])[] = [
    ['SET k v', 'k'],
    ['PING', ''],
    ['DEL a b c', 'a b c'],
    ['MSET a 1 b 2', 'a b'],
    ['MSET a 1 b', 'a b'],
    ['BITOP AND d a b', 'd a b'],
    ['BLPOP a b 0', 'a b'],
    ['BLPOP a', ''],
    ['ZUNIONSTORE d 2 a b WEIGHTS 1 2', 'd a b'],
    ['ZUNIONSTORE d 9 a b', 'd a b'],
    ['ZUNIONSTORE d x a b', 'd'],
    ['ZUNIONSTORE d 99999999999999999999 a', 'd'],
    ['ZUNIONSTORE d -1 a', 'd'],
    ['EVAL s 0 a', ''],
    ['EVAL s 2 a b c', 'a b'],
    ['EVAL s', ''],
    ['XREADGROUP GROUP streams c STREAMS a b > >', 'a b'],
    ['XREADGROUP GROUP g c COUNT 1', ''],
    ['XREAD streams a 0', 'a'],
    ['XGROUP CREATE k g $', 'k'],
    ['XGROUP HELP', ''],
    ['XGROUP', ''],
    ['OBJECT FREQ k', 'k'],
    ['MEMORY USAGE k', 'k'],
    ['MEMORY DOCTOR', ''],
    ['SORT k BY STORE GET STORE STORE d', 'k d'],
    ['SORT k LIMIT 0 STORE', 'k'],
    ['SORT k STORE', 'k'],
    ['GEORADIUS k 1 2 3 m STORE a STOREDIST b', 'k a b'],
    ['GEORADIUS k 1 2 3 m STORE', 'k'],
    ['MIGRATE h 1 k 0 1', 'k'],
    ["MIGRATE h 1 '' 0 1 AUTH KEYS KEYS a b", 'a b'],
    ["MIGRATE h 1 '' 0 1 AUTH2 KEYS KEYS KEYS a", 'a'],
    ["MIGRATE h 1 '' 0 1", ''],
  ];
  for (const [line, keys] of lines) {
    it(`${line}: ${keys || 'none'}`, () => assert.equal(keysOf(line).join(' '), keys));
  }

  const newer: readonly (readonly [line: string, keys: string])[] = [
    ['MSETEX 2 a 1 b 2 PXAT 9', 'a b'],
    ['MSETEX 3 a 1 b', 'a b'],
    ['HSETEX k KEEPTTL FIELDS 1 f v', 'k'],
    ['HPEXPIREAT k 1 FIELDS 1 f', 'k'],
    ['HGETEX k PERSIST FIELDS 1 f', 'k'],
    ['HGETDEL k FIELDS 1 f', 'k'],
    ['HSETC k f v', 'k'],
    ['HIMPORT SET k fields v', 'k'],
    ['HIMPORT PREPARE fields f', ''],
    ['DELEX k IFEQ v', 'k'],
    ['DELIFEQ k v', 'k'],
    ['XACKDEL k g IDS 1 0-1', 'k'],
    ['XDELEX k IDS 1 0-1', 'k'],
    ['XNACK k g FAIL IDS 1 0-1 RETRYCOUNT 1 FORCE', 'k'],
    ['XCFGSET k IDMP-DURATION 1', 'k'],
    ['XIDMPRECORD k p i 0-1', 'k'],
    ['ARMSET k 0 a 1 b', 'k'],
    ['ARSEEK k 3', 'k'],
    ['LMOVEM a b LEFT LEFT', 'a b'],
    ['SUNIONCARD 2 a b', 'a b'],
    ['EXPIREMEMBER k m 1', 'k'],
    ['PEXPIREMEMBERAT k m 1', 'k'],
    ['KEYDB.CRON k REPEAT 1 s 0', 'k'],
    ['KEYDB.HRENAME k a b', 'k'],
    ['JSON.SET k $ 1', 'k'],
    ['JSON.MGET a b $', 'a b'],
    ['JSON.MSET a $ 1 b $ 2', 'a b'],
    ['JSON.DEBUG MEMORY k', 'k'],
    ['BF.INSERT k ITEMS a', 'k'],
    ['CMS.MERGE d 2 a b', 'd a b'],
    ['TDIGEST.MERGE d 2 a b OVERRIDE', 'd a b'],
    ['TS.CREATERULE a b AGGREGATION avg 1', 'a b'],
    ['TS.MADD a 1 1 b 1 1', 'a b'],
    ['TS.MRANGE - + FILTER a=b', ''],
    ['FT.CREATE i SCHEMA f TEXT', ''],
    ['FT.SUGADD k s 1', 'k'],
    ['VADD k VALUES 1 1 e', 'k'],
    ['SUBSTR k 0 1', 'k'],
    ['SPUBLISH c m', ''],
    ['CLUSTER MIGRATESLOTS SLOTSRANGE 0 1 NODE n', ''],
  ];
  for (const [line, keys] of newer) {
    it(`${line}: ${keys || 'none'}`, () => assert.equal(keysOf(line).join(' '), keys));
  }

  it('lie within the arguments, however few or odd these are', () => {
    const odd = ['', 'STORE', 'STREAMS', 'KEYS', '3', '-1', '4294967296', 'CREATE', '\xff\x00'].map(bytes);
    let seed = 1;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    for (const entry of allCommands().flatMap((command) => [command, ...command.subcommands])) {
      for (let argc = 1; argc < 12; argc++) {
        const args = Array.from({ length: argc }, () => odd[next(odd.length)]);
        const found = keyArguments(entry, argc, (i) => {
          assert.ok(i >= 0 && i < argc, `${entry.name} asks for argument ${i} of ${argc}`);
          return args[i];
        });
        assert.ok(
          found.every((at, i) => at >= 1 && at < argc && (i === 0 || at > found[i - 1])),
          `${entry.name} with ${argc}: ${found}`,
        );
      }
    }
  });
});

describe('what people read of a command', () => {
  it('is there for each: a summary without a full stop, a release, a family', () => {
    for (const entry of allCommands().flatMap((command) => [command, ...command.subcommands])) {
      assert.match(summaryOf(entry), /^[A-Z].*[^.]$/, entry.name);
      assert.notEqual(entry.since, '', entry.name);
      assert.notEqual(entry.family, '', entry.name);
      assert.notEqual(entry.arity, 0, entry.name);
    }
  });

  it('is the syntax of its arguments', () => {
    assert.equal(syntaxOf(named('GETRANGE')), 'key start end');
    assert.equal(syntaxOf(named('MSET')), 'key value [key value ...]');
    assert.equal(syntaxOf(named('ZADD')), 'key [NX|XX] [GT|LT] [CH] [INCR] score member [score member ...]');
    assert.equal(syntaxOf(named('MULTI')), '');
  });
});
