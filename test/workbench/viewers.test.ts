/** What values mean: decoded strings, registers, bits, points; and the fields of the format under the bytes. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bytes } from '../unit/support/bytes.js';
import { compressed, counted, expireMs, file, key, selectdb, string } from '../unit/support/rdb-writer.js';
import { Editor, fixture } from './support/editor.js';
import type { View } from './support/view.js';

const STRING = 0;
const ZSET = 5;
const HASH = 4;

/** JSON with a number that no double holds. */
const json = (name: string) => new TextEncoder().encode(`{"user":"${name}","id":9007199254740993,"cart":[1,2]}`);

function double(value: number): Uint8Array {
  const eight = new Uint8Array(8);
  new DataView(eight.buffer).setFloat64(0, value, true);
  return eight;
}

/** A HyperLogLog of one register in the sparse form. */
const SPARSE_LOG = Uint8Array.from([...Buffer.from('HYLL'), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x84, 0x7f, 0xfe]);

/** Scores that GEOADD gives: the example of its documentation. */
const PLACES: readonly (readonly [string, number])[] = [
  ['Palermo', 3479099956230698],
  ['Catania', 3479447370796909],
];

function dump(): Uint8Array {
  const gzipped = (name: string) => new Uint8Array(gzipSync(json(name)));
  return file(
    'REDIS0011',
    selectdb(0),
    key(STRING, 'session:1', string(gzipped('Ada'))),
    key(STRING, 'session:2', string(gzipped('Bob'))),
    key(STRING, 'visitors', string(SPARSE_LOG)),
    key(STRING, 'days', string(Uint8Array.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 1]))),
    key(ZSET, 'places', counted(PLACES.map(([name, score]) => bytes(string(name), double(score))))),
    bytes(
      expireMs(4102444800000),
      key(
        HASH,
        'user',
        counted([bytes(string('name'), string('Ada')), bytes(string('bio'), compressed('la '.repeat(60)))]),
      ),
    ),
  );
}

const vectors = fixture('corpus', 'redis-8.6.3', 'vectorset', 'dump.rdb');

describe('the viewers of values', () => {
  let editor: Editor;
  let view: View;

  before(async () => {
    editor = await Editor.start({ files: { 'values.rdb': dump(), 'vectors.rdb': vectors }, height: 900 });
    await editor.ready();
    view = await editor.openFile('values.rdb');
    await view.waitForRows(6);
  });

  after(() => editor.stop());

  const select = async (position: number, name: string) => {
    await view.row(position).click();
    await view.until(`the key ${name}`, async () => (await view.frame.locator('.value-key').textContent()) === name);
  };

  /** The lists of decoders: what each of them is on. */
  const chain = () =>
    view.frame
      .locator('.decoders vscode-dropdown')
      .evaluateAll((lists) => lists.map((list) => (list as HTMLElement & { value: string }).value));

  const choose = async (list: number, choice: string) => {
    const dropdown = view.frame.locator('.decoders vscode-dropdown').nth(list);
    await dropdown.click();
    await dropdown.locator(`vscode-option[value="${choice}"]`).click();
  };

  const showVectors = async (open = false) => {
    view = await (open ? editor.openFile('vectors.rdb') : editor.showTab('vectors.rdb'));
    await view.search('vset:m4');
    await view.choose(0);
    await view.section('elements');
    await view.frame.locator('.geo-canvas').waitFor();
  };

  it('decode a string as far as it is certain, and show the tree with exact numbers', async () => {
    await select(0, 'session:1');
    const tree = view.frame.locator('pe-value-tree');
    await tree.getByText('9007199254740993').waitFor();
    assert.deepEqual(await chain(), ['gzip', 'json']);
    await editor.setClipboard('nothing');
    await tree.getByText('9007199254740993').click();
    await view.frame.locator('.string-copies').getByRole('button', { name: 'Copy path of the selected value' }).click();
    await editor.until('the path', async () => (await editor.clipboard()) === '$.id');
    await view.frame.locator('.string-bar [data-choice="text"]').click();
    await view.frame.locator('pre.string-body', { hasText: '"user":"Ada"' }).waitFor();
  });

  it('decode another way when that is chosen, and remember it for keys of the same name', async () => {
    await choose(0, 'as-is');
    await view.until('the bytes', async () => (await chain()).join() === 'as-is');
    await view.frame.locator('#hex .pe-row', { hasText: '1f 8b' }).first().waitFor();
    await select(1, 'session:2');
    await view.until('the choice for the other key', async () => (await chain()).join() === 'as-is');
    await choose(0, 'zstd');
    await view.frame.locator('.message.error', { hasText: 'These bytes are no Zstandard: at offset 0' }).waitFor();
    await choose(0, 'automatic');
    await view.frame.locator('pe-value-tree').getByText('"Bob"').waitFor();
    await select(0, 'session:1');
    await view.frame.locator('pe-value-tree').getByText('"Ada"').waitFor();
  });

  it('show a HyperLogLog by its registers', async () => {
    await select(2, 'visitors');
    const registers = view.frame.locator('pe-registers-view');
    await registers.locator('.register-table tbody tr').first().waitFor();
    assert.match((await registers.locator('.facts-table').textContent()) ?? '', /Estimated elements\s*1\D/);
    assert.equal(await registers.locator('.register-table tbody tr').count(), 2);
    const picture = await registers.locator('canvas').getAttribute('aria-label');
    assert.equal(picture, '1 of 16,384 registers are set; the highest is 2.');
  });

  it('show a bitmap, and go from one set bit to the next', async () => {
    await select(3, 'days');
    await view.section('bits');
    const bits = view.frame.locator('pe-bits-view');
    await bits.getByText('2 of 80 bits are set').waitFor();
    await bits.getByRole('button', { name: 'Next set bit' }).click();
    await bits.getByText('bit 0: byte 0').waitFor();
    await bits.locator('.pe-scroller').press('n');
    await bits.getByText('bit 79: byte 9, from its highest bit 7').waitFor();
    await bits.locator('.pe-scroller').press('n');
    await bits.getByText('There is no such bit behind.').waitFor();
  });

  it('show a geo set as coordinates and on a map', async () => {
    await select(4, 'places');
    await view.section('geo');
    await view.until('the coordinates', async () =>
      (await view.itemRows(['Member', 'Longitude', 'Latitude'])).some(
        (row) => row.join() === 'Palermo,13.361389,38.115556',
      ),
    );
    const map = view.frame.locator('.geo-canvas');
    await map.focus();
    await map.press('n');
    await map.press('n');
    await view.frame.locator('#items .pe-row.selected', { hasText: 'Catania' }).waitFor();
  });

  it('show a vector set as points, and name them', async () => {
    await showVectors(true);
    const plane = view.frame.locator('.geo-canvas');
    await plane.focus();
    await plane.press('n');
    await view.frame.locator('#items .pe-row.selected').waitFor();
    const [first] = await view.itemRows(['Member']);
    await view.until(
      'the name of the point',
      async () => (await view.frame.locator('.geo-name').textContent()) === first[0],
    );
    await view.frame.getByText(/The plane shows \d+ % of what differs/).waitFor();
    view = await editor.showTab('values.rdb');
  });

  it('tell the field of a byte, the bytes of a field, and what compressed bytes give', async () => {
    await select(5, 'user');
    await view.frame.locator('.value-facts button.link').click();
    const fields = view.frame.locator('#fields');
    await fields.locator('.field-row', { hasText: 'EXPIRETIME_MS' }).first().waitFor();
    const path = async () =>
      ((await view.frame.locator('.bytes-path').textContent()) ?? '').replace(/\s+/g, ' ').trim();
    await view.until('the opcode', async () => (await path()).endsWith('Opcode'));
    const grid = view.frame.locator('.bytes-hex .pe-scroller');
    await grid.press('ArrowRight');
    await view.until('the expiry', async () => /Expiry/.test(await path()));
    await grid.press('n');
    await view.until('the type', async () => /Value type/.test(await path()));
    // A field shows its bytes.
    await fields.locator('.field-row', { hasText: 'Compressed data (LZF)' }).click();
    await view.until('the compressed bytes', async () => {
      const marked = await view.frame.locator('.bytes-hex .pe-cell[data-column="hex"] .marked').count();
      return marked > 0 && /Compressed data/.test(await path());
    });
    await view.frame.locator('#inner-hex .pe-row', { hasText: 'la la la' }).first().waitFor();
    // The next record is what ends the file.
    await grid.press('N');
    await view.until(
      'the end',
      async () => /Opcode/.test(await path()) && /EOF/.test((await fields.textContent()) ?? ''),
    );
    await fields.locator('.field-row', { hasText: 'Checksum' }).waitFor();
  });

  const THEMES = {
    dark: 'Dark Modern',
    light: 'Light Modern',
    'high-contrast': 'Dark High Contrast',
  };

  /** Each viewer in turn; the first and the last are those of the other file. */
  const viewers: readonly (readonly [name: string, show: () => Promise<void>])[] = [
    [
      'tree',
      async () => {
        await view.tab('Keys');
        await select(0, 'session:1');
        await view.frame.locator('pe-value-tree').getByText('"Ada"').waitFor();
      },
    ],
    [
      'registers',
      async () => {
        await select(2, 'visitors');
        await view.frame.locator('.register-table tbody tr').first().waitFor();
      },
    ],
    [
      'bits',
      async () => {
        await select(3, 'days');
        await view.section('bits');
        await view.frame.locator('pe-bits-view .bit.set').first().waitFor();
      },
    ],
    [
      'map',
      async () => {
        await select(4, 'places');
        await view.section('geo');
        await view.frame.locator('.geo-canvas').waitFor();
      },
    ],
    ['vectors', showVectors],
    [
      'bytes',
      async () => {
        view = await editor.showTab('values.rdb');
        await view.tab('File');
        await view.frame.locator('#fields .field-row').first().waitFor();
      },
    ],
  ];

  for (const [name, theme] of Object.entries(THEMES)) {
    it(`have readable text in ${name}`, async () => {
      await editor.chooseTheme(theme);
      await view.until(`the theme ${theme}`, () =>
        view.frame.evaluate((wanted) => document.body.classList.contains(wanted), `vscode-${name}`),
      );
      for (const [viewer, show] of viewers) {
        await show();
        // Colours of the theme arrive with their own transition.
        await editor.page.waitForTimeout(300);
        await editor.picture(`viewers-${name}-${viewer}`);
        assert.deepEqual(await view.faintTexts(), [], viewer);
        assert.deepEqual(await view.nameless(), [], viewer);
      }
    });
  }

  it('fit into 400 px', async () => {
    await editor.setWebviewWidth(view, 400);
    for (const [viewer, show] of viewers) {
      await show();
      await editor.page.waitForTimeout(200);
      await editor.picture(`viewers-400-${viewer}`);
      const { inner, wide, cut } = await view.overflow();
      assert.ok(wide <= inner, `${viewer} is ${wide} px wide in ${inner} px`);
      assert.deepEqual(cut, [], viewer);
    }
  });

  it('raise no error on the page', () => assert.deepEqual(editor.complaints, []));
});
