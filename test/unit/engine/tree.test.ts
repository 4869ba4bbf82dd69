/** The tree of a view: visible rows of any page, folders that are opened and closed, finding keys in it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allRows } from '../../../src/dataset/names.js';
import { foldersOf } from '../../../src/dataset/namespaces.js';
import { Tree, type TreeRow } from '../../../src/engine/tree.js';
import { bytes, characters } from '../support/bytes.js';
import { finish, type Indexed, indexed, namesOf, stringsFile } from '../support/indexed.js';
import { keyspace } from '../support/keyspace.js';
import { type Random, seededRandom } from '../support/random.js';

function treeOf({ source, index }: Indexed, separator = ':'): Tree {
  const sort = { column: 'key', descending: false } as const;
  const rows = allRows(index.length);
  return finish(Tree.make({ source, index, rows, separator: bytes(separator), folderOrder: 'name', sort }));
}

/** Rows as text: folders with their counts, keys with what is left of their names. */
function shown(made: Indexed, rows: readonly TreeRow[]): string[] {
  return rows.map((row) => {
    const indent = '  '.repeat(row.depth);
    if (row.kind === 'rest') return `${indent}rest ${row.keys}`;
    if (row.kind === 'folder') {
      return `${indent}${row.expanded ? '-' : '+'} ${characters(row.folder.name)} (${row.folder.keys})`;
    }
    return `${indent}${namesOf(made, [row.row])[0].slice(row.pathLength)}`;
  });
}

function folderId(tree: Tree, made: Indexed, text: string): number {
  for (const row of tree.rows(0, 1000))
    if (row.kind === 'folder' && shown(made, [row])[0].trim() === text) return row.id;
  throw new Error(`no row ${text}`);
}

describe('a tree', () => {
  const made = indexed(stringsFile(['user:1', 'user:2', 'user:1:name', 'a', 'z', 'order:9:x', 'user:']));

  it('shows folders before keys, each in order', () => {
    const tree = treeOf(made);
    assert.deepEqual(shown(made, tree.rows(0, 100)), ['+ order: (1)', '+ user: (3)', 'a', 'user:', 'z']);
    assert.equal(tree.total, 5);
  });

  it('opens and closes folders', () => {
    const tree = treeOf(made);
    finish(tree.setExpanded(folderId(tree, made, '+ user: (3)'), true));
    const open = ['+ order: (1)', '- user: (3)', '  + 1: (1)', '  1', '  2', 'a', 'user:', 'z'];
    assert.deepEqual(shown(made, tree.rows(0, 100)), open);
    finish(tree.setExpanded(folderId(tree, made, '+ 1: (1)'), true));
    assert.deepEqual(shown(made, tree.rows(2, 3)), ['  - 1: (1)', '    name', '  1']);
    assert.equal(tree.total, 9);
    finish(tree.setExpanded(folderId(tree, made, '- user: (3)'), false));
    assert.deepEqual(shown(made, tree.rows(0, 100)), ['+ order: (1)', '+ user: (3)', 'a', 'user:', 'z']);
    finish(tree.setExpanded(folderId(tree, made, '+ user: (3)'), true));
    assert.deepEqual(shown(made, tree.rows(0, 100)), open, 'what was open in it is closed');
  });

  it('does nothing for a folder that is not there, or is open already', () => {
    const tree = treeOf(made);
    const id = folderId(tree, made, '+ user: (3)');
    finish(tree.setExpanded(id, true));
    const before = shown(made, tree.rows(0, 100));
    for (const other of [id, 999, 5 * 2 ** 21, -1]) finish(tree.setExpanded(other, true));
    assert.deepEqual(shown(made, tree.rows(0, 100)), before);
  });

  it('shows in every page what it shows as a whole, however it is opened', () => {
    const space = keyspace(21, 250);
    for (let seed = 0; seed < 4; seed++) {
      const random = seededRandom(seed);
      const tree = treeOf(space);
      for (let step = 0; step < 15; step++) {
        const folders = tree.rows(0, tree.total).filter((row) => row.kind === 'folder');
        const folder = folders[random(folders.length)];
        finish(tree.setExpanded(folder.id, !folder.expanded));
        checkPages(tree, random);
      }
    }
  });

  it('finds every key, and opens the folders around it', () => {
    const space = keyspace(22, 300);
    const tree = treeOf(space);
    for (const { row, name } of space.keys) {
      const position = finish(tree.locate(row, foldersOf(bytes(name), bytes(':'))));
      assert.ok(position !== undefined, name);
      const [found] = tree.rows(position, 1);
      assert.ok(found.kind === 'key' && found.row === row, name);
    }
    // With all folders open every key stands in the tree once.
    const keys = tree.rows(0, tree.total).flatMap((row) => (row.kind === 'key' ? [row.row] : []));
    assert.deepEqual(
      keys.sort((a, b) => a - b),
      space.keys.map(({ row }) => row),
    );
    assert.equal(finish(tree.locate(0, [bytes('no such folder:')])), undefined);
  });

  it('of nothing is empty', () => {
    const empty = treeOf(indexed(stringsFile([])));
    assert.deepEqual([empty.total, empty.rows(0, 10)], [0, []]);
  });
});

function checkPages(tree: Tree, random: Random): void {
  const all = tree.rows(0, tree.total + 10);
  assert.equal(all.length, tree.total);
  for (let i = 0; i < 6; i++) {
    const from = random(tree.total + 2);
    const count = 1 + random(40);
    assert.deepEqual(tree.rows(from, count), all.slice(from, from + count), `${from}+${count}`);
  }
}
