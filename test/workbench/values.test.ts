/** Every type of value, written by servers of several makes: opened, and compared with what the server said. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { displayText } from '../../src/format/display.js';
import { formatTime } from '../../src/format/quantities.js';
import { readTruth, type Truth } from '../corpus/compare.js';
import { Editor, fixture } from './support/editor.js';
import { bytesOf, type ExpectedTable, expectedTables } from './support/expected.js';
import type { View } from './support/view.js';

/** One small key of each type and encoding, and what each server has of its own. */
const DUMPS = [
  'redis-8.6.3/mini',
  'redis-8.6.3/hfe',
  'redis-8.6.3/streams',
  'redis-8.6.3/vectorset',
  'redis-8.6.3/modules',
  'valkey-9.1.2/mini',
  'valkey-9.1.2/hfe',
  'keydb-6.3.4/mini',
  'redis-2.2.15/mini',
];

const fileOf = (dump: string) => `${dump.replace('/', '-')}.rdb`;

function truthOf(dump: string): Truth[] {
  const folder = fixture('corpus', ...dump.split('/'));
  const plain = existsSync(path.join(folder, 'truth.jsonl'));
  return [...readTruth(folder, plain ? 'truth.jsonl' : 'truth.jsonl.gz').values()];
}

/** Compares the value pane with the truth. */
async function compareKey(view: View, name: string, key: Truth): Promise<void> {
  const facts = await view.facts();
  assert.equal(
    facts.Expires.split(' (')[0],
    key.expireAtMs === null ? 'never' : formatTime(Number(key.expireAtMs)),
    name,
  );
  if (key.type === 'string') {
    assert.equal(facts.Type, 'string', name);
    assert.equal(facts.Bytes, bytesOf(key.value).length.toLocaleString('en-US'), name);
    await view.until(`the bytes of ${name}`, async () => matchesBytes(await view.hexBytes(), bytesOf(key.value)));
    return;
  }
  for (const table of expectedTables(key)) {
    if (table.section) await view.section(table.section);
    let rows: string[][] = [];
    await view
      .until(`the elements of ${name}`, async () => {
        rows = await view.itemRows(table.headings);
        return matchesTable(rows, table);
      })
      .catch((error: Error) => {
        assert.fail(`${error.message}\n${firstDifference(rows, table)}`);
      });
  }
  const module = key.value;
  if (typeof module === 'object' && module !== null && 'module' in module) {
    await view.section('parts');
    await view.until(`the parts of ${name}`, async () => matchesModule(await view.itemRows(['Value']), module));
  }
}

/** True if the bytes that are drawn are the first of a string, and as many as fit. */
function matchesBytes(drawn: Uint8Array, whole: Uint8Array): boolean {
  if (whole.length === 0) return drawn.length === 0;
  return (
    drawn.length > 0 &&
    Buffer.compare(drawn, whole.subarray(0, drawn.length)) === 0 &&
    drawn.length >= Math.min(whole.length, 64)
  );
}

/** True if the rows that are drawn are those of the server. */
function matchesTable(drawn: string[][], { rows, ordered }: ExpectedTable): boolean {
  if (drawn.length < Math.min(rows.length, 5) || drawn.length > rows.length) return false;
  const text = (row: readonly string[]) => JSON.stringify(row);
  if (ordered) return drawn.every((row, i) => text(row) === text(rows[i]));
  const left = rows.map(text);
  for (const row of drawn) {
    const found = left.indexOf(text(row));
    if (found < 0) return false;
    left.splice(found, 1);
  }
  return true;
}

/** The first row that is not as the server has it. */
function firstDifference(drawn: string[][], { rows, ordered }: ExpectedTable): string {
  const expected = rows.map((row) => JSON.stringify(row));
  const shown = drawn.map((row) => JSON.stringify(row));
  const at = shown.findIndex((row, i) => (ordered ? row !== expected[i] : !expected.includes(row)));
  if (at < 0) return `${shown.length} rows are shown of ${expected.length}`;
  return `row ${at} shows    ${shown[at]}\ninstead of ${ordered ? expected[at] : `one of\n${expected.join('\n')}`}`;
}

/** True if the parts that are drawn hold every number and string that the test modules keep, as many as fit. */
function matchesModule(drawn: string[][], value: object): boolean {
  const shownParts = drawn.map(([part]) => part.replaceAll(',', ''));
  const { module: _, ...parts } = value as Record<string, unknown>;
  const texts = Object.values(parts).flat().map(String);
  // A module that keeps a list of numbers writes their count first.
  const visible = texts.slice(0, Math.max(1, shownParts.length - 1));
  return visible.every((text) => {
    // Servers save signed numbers under the opcode of unsigned ones.
    const parts = /^-?\d+$/.test(text) ? [text, String(BigInt.asUintN(64, BigInt(text)))] : [];
    return [...parts, displayText(bytesOf(text)).text].some((part) => shownParts.includes(part));
  });
}

describe('a value on the screen is what the server said', () => {
  let editor: Editor;

  before(async () => {
    const files = Object.fromEntries(
      DUMPS.map((dump) => [fileOf(dump), fixture('corpus', ...dump.split('/'), 'dump.rdb')]),
    );
    editor = await Editor.start({ files, height: 1000 });
    await editor.ready();
  });

  after(() => editor.stop());

  for (const dump of DUMPS) {
    it(dump, async () => {
      const truth = new Map(truthOf(dump).map((key) => [displayText(bytesOf(key.key)).text, key]));
      const view = await editor.openFile(fileOf(dump));
      await view.waitForRows(truth.size);
      await view.row(0).click();
      const total = truth.size;
      for (let position = 0; position < total; position++) {
        const name = await view.selectedName(position);
        const key = truth.get(name);
        assert.ok(key, `the server has no key ${name}`);
        truth.delete(name);
        await compareKey(view, name, key);
        await view.frame.locator('#keys .pe-scroller').press('ArrowDown');
      }
      assert.deepEqual([...truth.keys()], [], 'keys that are not on the screen');
    });
  }

  it('raises no error on the page', () => assert.deepEqual(editor.complaints, []));
});
