/** Numbers as RedisJSON prints them: the fewest digits, a point or an exponent, nothing lost. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  bfloatText,
  doubleText,
  floatText,
  halfText,
  halfValue,
} from '../../../src/decoder/rdb/modules/json-number.js';
import { seededRandom } from '../support/random.js';

describe('a double', () => {
  it('has the form that servers give it', () => {
    const forms: [number, string][] = [
      [0, '0.0'],
      [-0, '-0.0'],
      [1, '1.0'],
      [-12.5, '-12.5'],
      [0.1, '0.1'],
      [1e15, '1000000000000000.0'],
      [9999999999999998, '9999999999999998.0'],
      [1e16, '1e16'],
      [1.5e16, '1.5e16'],
      [0.00001, '0.00001'],
      [0.000012, '0.000012'],
      [0.0000099, '9.9e-6'],
      [5e-324, '5e-324'],
      [1.7976931348623157e308, '1.7976931348623157e308'],
      [Number.NaN, 'null'],
      [Number.NEGATIVE_INFINITY, 'null'],
    ];
    for (const [value, text] of forms) assert.equal(doubleText(value), text);
  });
});

describe('a number of single precision', () => {
  const random = seededRandom(3);
  const view = new DataView(new ArrayBuffer(4));
  const ofBits = (bits: number) => {
    view.setUint32(0, bits);
    return view.getFloat32(0);
  };

  it('has the form that servers give it', () => {
    const forms: [number, string][] = [
      [0.3, '0.3'],
      [-0, '-0.0'],
      [16777216, '16777216.0'],
      [1e12, '1000000000000.0'],
      [1e13, '1e13'],
      [1e-6, '0.000001'],
      [1e-7, '1e-7'],
      [3.4028234663852886e38, '3.4028235e38'],
      [1.401298464324817e-45, '1e-45'],
      [Number.POSITIVE_INFINITY, 'null'],
    ];
    for (const [value, text] of forms) assert.equal(floatText(Math.fround(value)), text);
  });

  it('gives the number back, with no more digits than it takes', () => {
    for (let i = 0; i < 20_000; i++) {
      // Every other one of a usual size.
      const value = i % 2 ? ofBits(random(2 ** 32)) : Math.fround((random(2 ** 32) / 2 ** 31 - 1) * 10 ** random(7));
      if (!Number.isFinite(value) || value === 0) continue;
      const text = floatText(value);
      assert.equal(Math.fround(Number(text)), value);
      const digits = text
        .replace(/e.*/, '')
        .replace(/^-|\.0$|\./g, '')
        .replace(/^0+/, '')
        .replace(/0+$/, '').length;
      if (digits > 1) assert.notEqual(Math.fround(Number(value.toPrecision(digits - 1))), value, text);
    }
  });
});

/** True if no number of the format is nearer than the one of these bits. */
function isNearest(printed: number, bits: number, valueOfBits: (bits: number) => number): boolean {
  const value = valueOfBits(bits);
  const neighbour = printed < value ? valueOfBits(bits - 1) : valueOfBits(bits + 1);
  return Math.abs(printed - value) <= Math.abs(neighbour - value) / 2;
}

describe('a number of half precision', () => {
  it('has the value that its bits say', () => {
    const values: [number, number][] = [
      [0x0001, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x7c00, Number.POSITIVE_INFINITY],
    ];
    for (const [bits, value] of values) assert.equal(halfValue(bits), value);
    assert.ok(Number.isNaN(halfValue(0x7c01)));
  });

  it('is told apart from its neighbours by its text', () => {
    for (let bits = 0; bits < 0x7bff; bits++) {
      assert.ok(isNearest(Number(halfText(bits)), bits, halfValue), `0x${bits.toString(16)}: ${halfText(bits)}`);
    }
    assert.equal(halfText(0x34cd), '0.3');
    assert.equal(halfText(0xb4cd), '-0.3');
  });
});

describe('a bfloat16', () => {
  it('is told apart from its neighbours by its text', () => {
    const view = new DataView(new ArrayBuffer(4));
    const bfloat = (bits: number) => {
      view.setUint32(0, bits * 65536);
      return view.getFloat32(0);
    };
    for (let bits = 1; bits < 0x7f7f; bits++) {
      assert.ok(isNearest(Number(bfloatText(bits)), bits, bfloat), `0x${bits.toString(16)}: ${bfloatText(bits)}`);
    }
    assert.equal(bfloatText(0x3e9a), '0.3');
    assert.equal(bfloatText(0x7f80), 'null');
  });
});
