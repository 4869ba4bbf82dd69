/** The index of the commands of an AOF, its filters, orders and sums, against a naive reading of the same bytes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { largestCommands, mostAmplified, sumByName, timeline } from '../../../src/dataset/aof/analysis.js';
import { type CommandFilter, CommandSelection } from '../../../src/dataset/aof/command-filter.js';
import { CommandIndex } from '../../../src/dataset/aof/command-index.js';
import { sortCommands } from '../../../src/dataset/aof/command-sort.js';
import { commandsText } from '../../../src/dataset/aof/command-text.js';
import { namesOfKey, removesKey } from '../../../src/dataset/aof/key-history.js';
import { keyName } from '../../../src/dataset/aof/key-names.js';
import { sumByNamespace } from '../../../src/dataset/aof/key-namespaces.js';
import { keyTotals } from '../../../src/dataset/aof/key-totals.js';
import { NameTable } from '../../../src/decoder/aof/command-names.js';
import { commandNamed, keyArguments } from '../../../src/decoder/aof/command-table.js';
import { hashKey } from '../../../src/decoder/aof/key-hash.js';
import { fromLatin1, latin1 } from '../../../src/decoder/bytes.js';
import { indexedAof, mixedAof, scanInto } from '../support/aof-indexed.js';
import { type PlainCommand, readPlainly, resp } from '../support/aof-scanned.js';
import { bytes } from '../support/bytes.js';
import { finish } from '../support/indexed.js';
import { seededRandom } from '../support/random.js';

const FILES = [mixedAof(seededRandom(1), 3000), mixedAof(seededRandom(2), 2000)];
const DATA = indexedAof(...FILES);
const { index, files } = DATA;

interface Plain extends PlainCommand {
  readonly number: number;
  readonly part: number;
  readonly name: string;
  readonly keys: readonly string[];
}

/** The keys that a command names, each once, by the table of commands. */
function keysOf({ argv }: PlainCommand): string[] {
  const entry = commandNamed(argv[0]);
  if (!entry) return [];
  return [...new Set(keyArguments(entry, argv.length, (at) => fromLatin1(argv[at])).map((at) => argv[at]))];
}

const PLAIN: readonly Plain[] = FILES.flatMap((content, part) =>
  readPlainly(content).map((command) => ({ ...command, part })),
).map((command, number) => ({ ...command, number, name: command.argv[0].toUpperCase(), keys: keysOf(command) }));

function select(filter: CommandFilter): CommandSelection {
  const selection = new CommandSelection(files, index, filter);
  finish(selection.cover());
  return selection;
}

const rowsOf = (selection: CommandSelection) => Array.from({ length: selection.length }, (_, i) => selection.at(i));

/** Keys by database and name: the commands that name them. */
const TOUCHED = new Map<string, Plain[]>();
for (const command of PLAIN) {
  for (const key of command.keys) {
    const name = `${command.db} ${key}`;
    TOUCHED.set(name, [...(TOUCHED.get(name) ?? []), command]);
  }
}

function keyId(name: string): number {
  const [db, key] = [name.slice(0, name.indexOf(' ')), name.slice(name.indexOf(' ') + 1)];
  const { low, high } = hashKey(Number(db), bytes(key));
  return index.keys.find(low, high) ?? -1;
}

describe('the command index', () => {
  it('knows of every command what a naive reading finds', () => {
    assert.equal(index.length, PLAIN.length);
    for (const { number, part, offset, size, argv, db, time, name } of PLAIN) {
      assert.deepEqual(
        [index.rangeOf(number).part, index.offset(number), index.size(number), index.argc(number), index.db(number)],
        [part, offset, size, argv.length, db],
      );
      assert.deepEqual([index.time(number), index.nameText(index.name(number))], [time, name]);
    }
    assert.deepEqual(index.commandsOf(1), [readPlainly(FILES[0]).length, PLAIN.length]);
  });

  it('finds the command at every kind of offset', () => {
    const own = PLAIN.filter(({ part }) => part === 1);
    for (const { offset, size, number } of own.slice(0, 50)) {
      assert.equal(index.commandAt(1, offset), number);
      assert.equal(index.commandAt(1, offset + size - 1), number);
    }
    assert.equal(index.commandAt(1, FILES[1].length), undefined);
    assert.equal(index.commandAt(7, 0), undefined);
    // An annotation belongs to the command behind it.
    const behind = own.find(({ offset }, i) => i > 0 && own[i - 1].offset + own[i - 1].size < offset);
    assert.ok(behind);
    assert.equal(index.commandAt(1, behind.offset - 1), behind.number);
  });

  it('knows every key that commands name, and all that was done to it', () => {
    assert.equal(index.keys.length, TOUCHED.size);
    for (const [name, commands] of TOUCHED) {
      const key = keyId(name);
      assert.equal(`${index.keys.db(key)} ${latin1(keyName(files, index, key))}`, name);
      assert.equal(index.keys.commands(key), commands.length);
      assert.equal(
        index.keys.bytes(key),
        commands.reduce((sum, { size }) => sum + size, 0),
      );
      assert.equal(index.keys.largest(key), Math.max(...commands.map(({ size }) => size)));
      assert.equal(index.keys.firstCommand(key), commands[0].number);
      assert.equal(index.keys.lastCommand(key), commands[commands.length - 1].number);
      const counts = new Map<string, number>();
      for (const command of commands) counts.set(command.name, (counts.get(command.name) ?? 0) + 1);
      const names = finish(namesOfKey(index, key, index.keys));
      assert.deepEqual(new Map(names), counts);
      assert.ok(names.every(([, count], i) => i === 0 || count <= names[i - 1][1]));
      const last = commands[commands.length - 1];
      const removed = last.name === 'DEL' || (last.name === 'RENAME' && last.argv[1] === name.slice(2));
      assert.equal(removesKey(index, index.keys.lastMention(key)), removed, name);
    }
  });

  it('knows the transactions', () => {
    const opened = PLAIN.filter(({ name }) => name === 'MULTI').map(({ number }) => number);
    const closed = PLAIN.filter(({ name }) => name === 'EXEC').map(({ number }) => number);
    assert.equal(index.transactions.length, opened.length);
    for (const [i, first] of opened.entries()) {
      assert.deepEqual(index.transactions.at(i), { first, last: closed[i], complete: true });
      for (let row = first; row <= closed[i]; row++) assert.equal(index.transactions.positionOf(row), i);
      assert.equal(index.transactions.positionOf(closed[i] + 1), opened.includes(closed[i] + 1) ? i + 1 : -1);
    }
  });

  it('has room for what its columns have none for', () => {
    const many = resp('RPUSH', 'list', ...Array.from({ length: 70_000 }, () => 'x'));
    const { index: own } = indexedAof(many);
    assert.equal(own.argc(0), 70_002);
    assert.equal(own.size(0), many.length);
  });
});

describe('a filter of commands', () => {
  const cases: readonly (readonly [string, CommandFilter, (command: Plain) => boolean])[] = [
    ['by name', { names: ['SET', 'DEL'] }, ({ name }) => name === 'SET' || name === 'DEL'],
    ['by name in any case', { names: ['rename'] }, ({ name }) => name === 'RENAME'],
    ['by group', { groups: ['transaction'] }, ({ name }) => name === 'MULTI' || name === 'EXEC'],
    ['by the group of what no server knows', { groups: ['unknown'] }, ({ name }) => name === 'NOT.KNOWN'],
    ['by database', { dbs: [1, 2] }, ({ db }) => db === 1 || db === 2],
    ['by part', { parts: [1] }, ({ part }) => part === 1],
    ['by time', { time: [1_700_000_050, 1_700_000_090] }, ({ time }) => time >= 1_700_000_050 && time <= 1_700_000_090],
    ['by an open time', { time: [null, 1_700_000_090] }, ({ time }) => time > 0 && time <= 1_700_000_090],
    ['by size', { size: [100, 200] }, ({ size }) => size >= 100 && size <= 200],
    ['by number', { range: [10, 3100] }, ({ number }) => number >= 10 && number <= 3100],
    [
      'by part of a key',
      { key: { text: 'ESSION:3', mode: 'text', matchCase: false } },
      ({ keys }) => keys.some((key) => key.includes('ession:3')),
    ],
    ['by part of a key in this case', { key: { text: 'ESSION:3', mode: 'text', matchCase: true } }, () => false],
    [
      'by glob of any key',
      { key: { text: 'user:?', mode: 'glob', matchCase: true } },
      ({ keys }) => keys.some((key) => /^user:.$/.test(key)),
    ],
    [
      'by expression and all else',
      { key: { text: '^order:1', mode: 'regex', matchCase: true }, names: ['MSET'], dbs: [0], range: [5, 4000] },
      ({ keys, name, db, number }) =>
        keys.some((key) => key.startsWith('order:1')) && name === 'MSET' && db === 0 && number >= 5 && number <= 4000,
    ],
  ];
  for (const [title, filter, passes] of cases) {
    it(`${title} finds what a naive one finds`, () => {
      const expected = PLAIN.filter(passes);
      const selection = select(filter);
      assert.deepEqual(
        rowsOf(selection),
        expected.map(({ number }) => number),
      );
      assert.equal(
        selection.bytes,
        expected.reduce((sum, { size }) => sum + size, 0),
      );
      assert.ok(expected.length < PLAIN.length);
    });
  }

  it('by one key gives its history, also together with others', () => {
    for (const [name, commands] of [...TOUCHED].slice(0, 20)) {
      const id = keyId(name);
      const numbers = commands.map(({ number }) => number);
      assert.deepEqual(rowsOf(select({ keyId: id })), numbers);
      assert.deepEqual(
        rowsOf(select({ keyId: id, parts: [1] })),
        commands.filter(({ part }) => part === 1).map(({ number }) => number),
      );
    }
    assert.deepEqual(rowsOf(select({ keyId: 1e6 })), []);
  });

  it('takes in what is added later as if it had been there', () => {
    const filters: CommandFilter[] = [...cases.map(([, filter]) => filter), {}, { keyId: 3 }];
    const names = new NameTable();
    const growing = new CommandIndex(names);
    const selections = filters.map((filter) => new CommandSelection(files, growing, filter));
    for (const [part, content] of FILES.entries()) {
      growing.beginPart(part, false);
      scanInto(growing, names, content);
      for (const selection of selections) finish(selection.cover());
    }
    for (const [i, filter] of filters.entries()) {
      const whole = select(filter);
      assert.deepEqual(rowsOf(selections[i]), rowsOf(whole));
      assert.equal(selections[i].bytes, whole.bytes);
    }
  });
});

describe('commands in order', () => {
  const sorted = (column: 'bytes' | 'command' | 'key', descending: boolean) => [
    ...finish(sortCommands(files, index, undefined, index.length, column, descending)),
  ];

  it('are sorted by bytes, equal ones as in the file', () => {
    const expected = [...PLAIN].sort((a, b) => b.size - a.size).map(({ number }) => number);
    assert.deepEqual(sorted('bytes', true), expected);
  });

  it('are sorted by name', () => {
    const expected = [...PLAIN].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    assert.deepEqual(
      sorted('command', false),
      expected.map(({ number }) => number),
    );
  });

  it('are sorted by their first key, those without one last', () => {
    const order = sorted('key', false).map((row) => PLAIN[row].keys[0]);
    const named = order.filter((key) => key !== undefined);
    assert.deepEqual(named, [...named].sort());
    assert.ok(named.length > 0 && order.slice(named.length).every((key) => key === undefined));
  });
});

describe('sums over commands', () => {
  const filter: CommandFilter = { dbs: [0], range: [100, 4000] };
  const chosen = PLAIN.filter(({ db, number }) => db === 0 && number >= 100 && number <= 4000);

  it('by name are those of a naive count, of all and of some', () => {
    for (const [selection, commands] of [
      [select({}), PLAIN],
      [select(filter), chosen],
    ] as const) {
      const counts = new Map<string, number>();
      for (const { name } of commands) counts.set(name, (counts.get(name) ?? 0) + 1);
      const sums = finish(sumByName(index, selection));
      assert.deepEqual(new Map(sums.map((sum) => [index.nameText(sum.number), sum.commands])), counts);
    }
  });

  it('over time and number lose no command', () => {
    for (const axis of ['time', 'number'] as const) {
      const selection = select(filter);
      const { borders, commands, series } = finish(timeline(index, selection, axis, 20));
      assert.equal(borders.length, 21);
      const counted = series.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
      assert.equal(counted, chosen.filter(({ time }) => axis === 'number' || time > 0).length);
      for (let bucket = 0; bucket < 20; bucket++) {
        const own = chosen.filter((command) => {
          const value = axis === 'time' ? command.time : command.number;
          return value >= borders[bucket] && value < borders[bucket + 1];
        });
        assert.equal(
          series.reduce((sum, { counts }) => sum + counts[bucket], 0),
          own.length,
        );
        // The second file begins its times anew: a bucket begins with the first of either.
        if (own.length > 0) assert.ok(commands[bucket] <= own[0].number);
      }
      assert.ok(commands.every((first, i) => i === 0 || first >= commands[i - 1]));
    }
    assert.deepEqual(finish(timeline(index, select({ dbs: [77] }), 'time', 5)).series, []);
  });

  it('of the largest commands are those of a naive sort', () => {
    const expected = [...chosen].sort((a, b) => b.size - a.size || a.number - b.number).slice(0, 12);
    assert.deepEqual(
      finish(largestCommands(index, select(filter), 12)),
      expected.map(({ number }) => number),
    );
  });

  it('by key count only the commands that pass', () => {
    const totals = finish(keyTotals(index, select(filter)));
    let keys = 0;
    for (const [name, commands] of TOUCHED) {
      const own = commands.filter((command) => chosen.includes(command));
      if (own.length > 0) keys++;
      assert.equal(totals.commands(keyId(name)), own.length);
      assert.equal(
        totals.bytes(keyId(name)),
        own.reduce((sum, { size }) => sum + size, 0),
      );
    }
    assert.ok(keys > 0 && keys < TOUCHED.size);
    const [most] = finish(mostAmplified(totals, 1));
    const excess = (key: number) => totals.bytes(key) - totals.largest(key);
    for (const name of TOUCHED.keys()) assert.ok(excess(keyId(name)) <= excess(most));
  });

  it('by namespace are those of a naive count', () => {
    const expected = new Map<string, number>();
    for (const [name, commands] of TOUCHED) {
      const [space] = name.slice(2).split(':');
      expected.set(space, (expected.get(space) ?? 0) + commands.length);
    }
    const sums = finish(sumByNamespace(files, index, index.keys, bytes(':')));
    assert.deepEqual(new Map(sums.map((sum) => [latin1(sum.name ?? bytes('')), sum.commands])), expected);
  });
});

describe('commands as text', () => {
  const text = (rows: readonly number[], format: Parameters<typeof commandsText>[3]) =>
    finish(commandsText(files, index, rows, format, 1e6, undefined)).text;

  it('are lines of JSON whose arguments are those of the file', () => {
    const lines = text([0, 1, 2, 3000], 'json').trimEnd().split('\n');
    for (const [i, row] of [0, 1, 2, 3000].entries()) {
      const { offset, db, argv } = JSON.parse(lines[i]);
      assert.deepEqual([offset, db], [PLAIN[row].offset, PLAIN[row].db]);
      assert.deepEqual(
        argv.map((one: string) => Buffer.from(one, 'base64').toString('latin1')),
        PLAIN[row].argv,
      );
    }
  });

  it('name the database where it changes', () => {
    const { index: own, files: ownFiles } = indexedAof(
      bytes(resp('SELECT', '2'), resp('SET', 'a b', '1'), resp('SELECT', '0'), resp('DEL', 'x')),
    );
    const all = finish(commandsText(ownFiles, own, [0, 1, 2, 3], 'redis-cli', 1e6, undefined));
    assert.equal(all.text, 'SELECT 2\nSET "a b" 1\nSELECT 0\nDEL x\n');
    const some = finish(commandsText(ownFiles, own, [1, 3], 'redis-cli', 1e6, undefined));
    assert.equal(some.text, 'SELECT 2\nSET "a b" 1\nSELECT 0\nDEL x\n');
  });

  it('are the bytes of the file where those are text', () => {
    const content = bytes(resp('SET', 'ä', 'one\ntwo'));
    const { index: own, files: ownFiles } = indexedAof(content);
    assert.equal(
      finish(commandsText(ownFiles, own, [0], 'resp', 1e6, undefined)).text,
      Buffer.from(content).toString('utf8'),
    );
    const binary = indexedAof(bytes(resp('SET', 'a', new Uint8Array([0xff]))));
    assert.throws(() => finish(commandsText(binary.files, binary.index, [0], 'resp', 1e6, undefined)), {
      name: 'NoTextError',
    });
  });

  it('larger than the limit are refused', () => {
    assert.throws(() => finish(commandsText(files, index, [0, 1, 2, 3], 'redis-cli', 20, undefined)), {
      name: 'TooLargeError',
    });
  });
});
