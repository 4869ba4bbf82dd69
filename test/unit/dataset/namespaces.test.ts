/** Folders of names: their counts and bytes at any separator, against a count of every name one by one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allRows } from '../../../src/dataset/names.js';
import { type FolderContent, type FolderOrder, folderContent, foldersOf } from '../../../src/dataset/namespaces.js';
import { bytes, characters } from '../support/bytes.js';
import { finish, type Indexed, indexed, namesOf, progress, stringsFile } from '../support/indexed.js';
import { compareNames, keyspace } from '../support/keyspace.js';

interface Plain {
  readonly folders: readonly (readonly [name: string, keys: number, bytes: number])[];
  readonly keys: readonly number[];
}

function plain({ folders, keys, restKeys, restBytes }: FolderContent): Plain {
  assert.deepEqual([restKeys, restBytes], [0, 0]);
  const list = Array.from({ length: folders.length }, (_, i) => folders.at(i));
  return { folders: list.map(({ name, keys, bytes }) => [characters(name), keys, bytes] as const), keys: [...keys] };
}

function contentOf(made: Indexed, path: string, separator: string, order: FolderOrder = 'name'): Plain {
  const { source, index } = made;
  return plain(finish(folderContent(source, index, allRows(index.length), bytes(path), bytes(separator), order)));
}

/** What a folder holds, counted name by name. */
function expectedContent(made: Indexed, path: string, separator: string): Plain {
  const folders = new Map<string, [number, number]>();
  const keys: number[] = [];
  for (const [row, name] of namesOf(made, Array(made.index.length).keys()).entries()) {
    if (!name.startsWith(path) || (path !== '' && name === path)) continue;
    const rest = name.slice(path.length);
    const at = rest.indexOf(separator);
    if (at < 0 || at + separator.length === rest.length) {
      keys.push(row);
      continue;
    }
    const folder = rest.slice(0, at + separator.length);
    const counts = folders.get(folder) ?? [0, 0];
    folders.set(folder, [counts[0] + 1, counts[1] + made.index.size(row)]);
  }
  const list = [...folders].sort(([a], [b]) => compareNames(a, b));
  return { folders: list.map(([name, [count, size]]) => [name, count, size] as const), keys };
}

describe('a folder of names', () => {
  it('has the names that stand before the separator, and the keys that have none', () => {
    const made = indexed(stringsFile(['a:1', 'a:2', 'b:1:x', 'c', 'd:', ':', '::', ':e', 'a']));
    assert.deepEqual(contentOf(made, '', ':'), {
      folders: [
        [':', 2, 12],
        ['a:', 2, 14],
        ['b:', 1, 9],
      ],
      keys: [3, 4, 5, 8],
    });
    assert.deepEqual(contentOf(made, ':', ':').keys, [6, 7]);
    assert.deepEqual(contentOf(made, 'b:', ':').folders, [['1:', 1, 9]]);
    assert.deepEqual(contentOf(made, 'nothing:', ':'), { folders: [], keys: [] });
  });

  it('is the same as counting, at separators of one and more bytes, in every folder', () => {
    const made = keyspace(11, 800);
    for (const separator of [':', '::', ':a', '\xff', 'user', '\x00', '\xe9']) {
      const open = [''];
      let looked = 0;
      for (let path = open.pop(); path !== undefined && looked < 60; path = open.pop()) {
        const expected = expectedContent(made, path, separator);
        assert.deepEqual(contentOf(made, path, separator), expected, `${separator} in ${path}`);
        for (const [name] of expected.folders) open.push(path + name);
        looked++;
      }
      assert.ok(looked > 1, separator);
    }
  });

  it('has as many keys and bytes as its parts', () => {
    const made = keyspace(12, 500);
    const root = contentOf(made, '', ':');
    for (const [name, keys, size] of root.folders) {
      const inner = contentOf(made, name, ':');
      const innerKeys = inner.folders.reduce((sum, [, count]) => sum + count, 0) + inner.keys.length;
      const ownBytes = inner.keys.reduce((sum, row) => sum + made.index.size(row), 0);
      assert.equal(innerKeys, keys, name);
      assert.equal(inner.folders.reduce((sum, [, , part]) => sum + part, 0) + ownBytes, size, name);
    }
  });

  it('gives its folders by name, or the most keys or bytes first and by name among equals', () => {
    const names = ['b:1', 'b:2', 'a:1', 'a:2', 'c:long-name-of-a-key', 'd:1'];
    const made = indexed(stringsFile(names));
    const order = (by: FolderOrder) => contentOf(made, '', ':', by).folders.map(([name]) => name);
    assert.deepEqual(order('name'), ['a:', 'b:', 'c:', 'd:']);
    assert.deepEqual(order('keys'), ['a:', 'b:', 'c:', 'd:']);
    assert.deepEqual(order('bytes'), ['c:', 'a:', 'b:', 'd:']);
  });

  it('may hold very many folders', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `${(i * 7919) % 20_000}:x`);
    const made = indexed(stringsFile(names));
    const { folders, keys } = contentOf(made, '', ':');
    assert.deepEqual(keys, []);
    assert.deepEqual(
      folders.map(([name]) => name),
      names.map((name) => name.slice(0, -1)).sort(compareNames),
    );
    assert.ok(folders.every(([, count]) => count === 1));
  });

  it('looks at the rows of a view only', () => {
    const made = indexed(stringsFile(['a:1', 'a:2', 'b:1', 'c']));
    const rows = [1, 3];
    const { result, told } = progress(
      folderContent(made.source, made.index, { length: 2, at: (i) => rows[i] }, bytes(), bytes(':'), 'name'),
    );
    assert.deepEqual(plain(result), { folders: [['a:', 1, made.index.size(1)]], keys: [3] });
    assert.ok(told.every((done) => done <= 2));
  });
});

describe('the folders of a name', () => {
  const CASES: readonly (readonly [name: string, separator: string, folders: readonly string[]])[] = [
    ['a:b:c', ':', ['a:', 'a:b:']],
    ['a', ':', []],
    ['a:', ':', []],
    [':', ':', []],
    ['::', ':', [':']],
    [':::a', ':', [':', '::', ':::']],
    ['a::b', '::', ['a::']],
    ['a:::b', '::', ['a::']],
    ['a::', '::', []],
    ['', ':', []],
  ];
  for (const [name, separator, folders] of CASES) {
    it(`${JSON.stringify(name)} at ${separator} are ${folders.length}`, () => {
      assert.deepEqual(foldersOf(bytes(name), bytes(separator)).map(characters), folders);
    });
  }

  it('lead to it, from the root down', () => {
    const made = keyspace(13, 200);
    for (const { row, name } of made.keys) {
      const folders = foldersOf(bytes(name), bytes(':')).map(characters);
      let at = '';
      for (const path of folders) {
        assert.ok(
          expectedContent(made, at, ':').folders.some(([folder]) => at + folder === path),
          `${path} of ${name}`,
        );
        at = path;
      }
      assert.ok(expectedContent(made, at, ':').keys.includes(row), name);
    }
  });
});
