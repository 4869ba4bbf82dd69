/** Pictures as shapes: areas that are as large as what they stand for, columns that do not overlap, choices that show what was counted. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bars } from '../../../src/pictures/bars.js';
import { columns, roundStep } from '../../../src/pictures/columns.js';
import { narrowed } from '../../../src/pictures/narrow.js';
import type { Place, Table } from '../../../src/pictures/shapes.js';
import { rangeShares, slotGrid, slotMap, slotSteps } from '../../../src/pictures/slot-map.js';
import { sortedRows } from '../../../src/pictures/table-order.js';
import { tableAsMarkdown, tableAsTsv } from '../../../src/pictures/table-text.js';
import { squarify, treemap } from '../../../src/pictures/treemap.js';
import { seededRandom } from '../support/random.js';

const area = ({ width, height }: Place) => width * height;
const overlap = (a: Place, b: Place) =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

describe('a treemap', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`gives each value its share of the area, without overlaps (seed ${seed})`, () => {
      const random = seededRandom(seed);
      const values = Array.from({ length: 1 + random(40) }, () => 1 + random(10_000)).sort((a, b) => b - a);
      const place = { x: 3, y: 5, width: 200 + random(900), height: 100 + random(400) };
      const places = squarify(values, place);
      const total = values.reduce((sum, value) => sum + value, 0);
      for (const [i, one] of places.entries()) {
        assert.ok(Math.abs(area(one) / area(place) - values[i] / total) < 1e-9);
        assert.ok(one.x >= place.x - 1e-6 && one.x + one.width <= place.x + place.width + 1e-6);
        assert.ok(one.y >= place.y - 1e-6 && one.y + one.height <= place.y + place.height + 1e-6);
        for (const other of places.slice(i + 1)) assert.ok(overlap(one, other) < 1e-6);
      }
    });
  }

  it('is as square as can be', () => {
    const ratios = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 }).map(({ width, height }) =>
      Math.max(width / height, height / width),
    );
    assert.ok(Math.max(...ratios) < 3, String(ratios));
  });

  it('has no place for what is nothing', () => {
    assert.deepEqual(squarify([0, 0], { x: 0, y: 0, width: 10, height: 10 }).map(area), [0, 0]);
    const picture = treemap(
      [10, 0].map((value) => ({ label: 'a', value, amount: '', paint: 'rest' as const, inner: [] })),
      100,
      100,
    );
    assert.equal(picture.places[1], null);
    assert.ok(picture.places[0]);
  });

  it('writes no label that does not fit', () => {
    const item = { label: 'a long name of a namespace', value: 1, amount: '1 B', paint: 'rest' as const, inner: [] };
    for (const width of [10, 30, 80, 400]) {
      const texts = treemap([item], width, 100).shapes.filter((shape) => shape.kind === 'text');
      for (const shape of texts) assert.ok(shape.kind === 'text' && shape.text.length * 6 <= width);
    }
  });
});

describe('columns', () => {
  const scale = { text: String, base: 1000 as const };

  it('stand side by side on one floor, as tall as their values', () => {
    const values = [
      [5, 5],
      [0, 20],
      [0, 0],
      [1, 0],
    ];
    const { shapes, places } = columns(
      values.map((one, i) => ({ label: String(i), values: one })),
      ['series-0', 'series-1'],
      scale,
      500,
      200,
    );
    const rects = shapes.filter((shape) => shape.kind === 'rect');
    const tall = (column: number) =>
      rects
        .filter(
          (rect) =>
            rect.x >= (places[column]?.x ?? 0) && rect.x < (places[column]?.x ?? 0) + (places[column]?.width ?? 0),
        )
        .reduce((sum, { height }) => sum + height, 0);
    assert.ok(Math.abs(tall(1) / tall(0) - 2) < 0.01);
    assert.equal(tall(2), 0);
    assert.ok(tall(3) > 0);
    for (const rect of rects) assert.ok(rect.y >= 0 && rect.y + rect.height <= 200);
  });

  it('have labels that do not overlap', () => {
    const items = Array.from({ length: 60 }, (_, i) => ({ label: `2026-11-${10 + i}`, values: [i], apart: i === 59 }));
    const texts = columns(items, ['series-0'], scale, 600, 200).shapes.filter(
      (shape) => shape.kind === 'text' && shape.anchor === 'middle',
    );
    const ends = texts.map((shape) => (shape.kind === 'text' ? [shape.x - 33, shape.x + 33] : [0, 0]));
    for (let i = 1; i < ends.length; i++) assert.ok(ends[i][0] > ends[i - 1][1]);
    assert.ok(texts.some((shape) => shape.kind === 'text' && shape.text === '2026-11-69'));
  });

  it('have round steps', () => {
    assert.deepEqual(
      [0, 1, 3, 14, 160, 2001].map((least) => roundStep(least, 1000)),
      [1, 1, 5, 20, 200, 5000],
    );
    assert.deepEqual(
      [1000, 1025, 3000, 700 * 1024, 1024 ** 2 + 1].map((least) => roundStep(least, 1024)),
      [1024, 2048, 5 * 1024, 1024 ** 2, 2 * 1024 ** 2],
    );
  });
});

describe('bars', () => {
  it('are as long as their values', () => {
    const { places } = bars(
      [
        {
          label: 'a',
          amount: '3',
          segments: [
            { value: 2, paint: 'rest' },
            { value: 1, paint: 'rest', soft: true },
          ],
        },
        {
          label: 'b',
          amount: '6',
          segments: [
            { value: 6, paint: 'rest' },
            { value: 0, paint: 'rest' },
          ],
        },
      ],
      800,
    );
    assert.equal(places.length, 4);
    assert.equal(places[3], null);
    assert.ok(Math.abs((places[2]?.width ?? 0) / ((places[0]?.width ?? 1) + 1) - 3) < 0.1);
  });
});

describe('the map of slots', () => {
  it('has every slot in exactly one of its paths', () => {
    const random = seededRandom(9);
    const values = Float64Array.from({ length: 16384 }, () => (random(3) === 0 ? 0 : random(1000)));
    for (const width of [400, 1100]) {
      const { across, cell, rows } = slotGrid(width);
      assert.equal(across * rows, 16384);
      let cells = 0;
      for (const shape of slotMap(values, width).shapes) {
        assert.ok(shape.kind === 'path');
        for (const [, , , wide] of shape.d.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g))
          cells += Math.round(Number(wide) / cell);
      }
      assert.equal(cells, 16384);
    }
  });

  it('is dark where there is much', () => {
    const values = new Float64Array(16384);
    values.set([1, 1, 1, 1, 40]);
    assert.deepEqual([...slotSteps(values).subarray(0, 6)], [1, 1, 1, 1, 4, 0]);
  });

  it('divides all slots among nodes', () => {
    const values = new Float64Array(16384).fill(1);
    for (const nodes of [1, 3, 7, 32]) {
      const ranges = rangeShares(values, nodes);
      assert.equal(ranges[0].from, 0);
      assert.equal(ranges.at(-1)?.to, 16383);
      assert.equal(
        ranges.reduce((sum, { value }) => sum + value, 0),
        16384,
      );
      for (const [i, { from }] of ranges.entries()) if (i > 0) assert.equal(from, ranges[i - 1].to + 1);
    }
  });
});

describe('a choice in a picture', () => {
  const now = 1_000_000;

  it('cuts ranges and rows to what both have', () => {
    assert.deepEqual(narrowed({ size: { min: 1500 } }, { size: { min: 1024, max: 2047 } }, now), {
      size: { min: 1500, max: 2047 },
    });
    assert.deepEqual(narrowed({ rows: [1, 2, 3] }, { rows: [3, 4, 2] }, now), { rows: [3, 2] });
    assert.deepEqual(narrowed({ slots: { max: 100 } }, { slots: { min: 90, max: 200 } }, now), {
      slots: { min: 90, max: 100 },
    });
  });

  it('keeps what it says nothing of', () => {
    const key = { mode: 'glob', text: 'a*', ignoreCase: false } as const;
    assert.deepEqual(narrowed({ key, types: ['hash', 'set'] }, { types: ['set'] }, now), { key, types: ['set'] });
  });

  it('cuts times of expiry to those that were counted', () => {
    assert.deepEqual(
      narrowed({ expiry: { kind: 'within', ms: 500 } }, { expiry: { kind: 'between', from: 0, to: 2_000_000 } }, now),
      { expiry: { kind: 'between', from: now + 1, to: now + 500 } },
    );
  });
});

describe('a table as text', () => {
  const table: Table = {
    columns: [
      { label: 'Key', numeric: false },
      { label: 'Bytes', numeric: true },
    ],
    rows: [
      { cells: [{ text: 'a|b <i>*x*</i>' }, { text: '1.00 KB', value: 1024 }], choice: null },
      { cells: [{ text: 'tab\there\nline' }, { text: '' }], choice: null },
    ],
  };

  it('has a line for each row in a spreadsheet', () =>
    assert.equal(tableAsTsv(table), 'Key\tBytes\na|b <i>*x*</i>\t1024\ntab here line\t\n'));

  it('stays text in Markdown', () =>
    assert.equal(
      tableAsMarkdown(table),
      '| Key | Bytes |\n| --- | ---: |\n| a\\|b \\<i\\>\\*x\\*\\</i\\> | 1.00 KB |\n| tab\there line |  |\n',
    ));
});

describe('the order of a table', () => {
  const rows = [
    ['b', 2],
    ['a', undefined],
    ['c', 10],
  ].map(([text, value]) => ({
    cells: [{ text: String(text) }, value === undefined ? { text: '' } : { text: `${value} B`, value: Number(value) }],
    choice: null,
  }));
  const table: Table = {
    columns: [
      { label: 'Key', numeric: false },
      { label: 'Bytes', numeric: true },
    ],
    rows,
  };
  const order = (column: number, descending: boolean) =>
    sortedRows(table, { column, descending })
      .map(({ cells }) => cells[0].text)
      .join('');

  it('is that of texts, or of numbers, with what is not known at the end', () => {
    assert.equal(order(0, false), 'abc');
    assert.equal(order(0, true), 'cba');
    assert.equal(order(1, false), 'bca');
    assert.equal(order(1, true), 'cba');
    assert.equal(sortedRows(table, undefined), rows);
  });
});
