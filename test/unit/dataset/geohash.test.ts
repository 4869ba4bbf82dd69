/** Scores of GEOADD as points. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { geoPoint, looksLikeGeo } from '../../../src/dataset/geohash.js';

describe('a geohash score', () => {
  it('is the point that GEOPOS gives', () => {
    // The example of the documentation of GEOPOS.
    const palermo = geoPoint(3479099956230698);
    assert.equal(palermo?.longitude.toFixed(10), '13.3613893390');
    assert.equal(palermo?.latitude.toFixed(10), '38.1155563955');
    const catania = geoPoint(3479447370796909);
    assert.equal(catania?.longitude.toFixed(10), '15.0872674584');
    assert.equal(catania?.latitude.toFixed(10), '37.5026684233');
  });

  it('is an integer of 52 bits', () => {
    for (const score of [-1, 0.5, 2 ** 52, Number.NaN, Number.POSITIVE_INFINITY])
      assert.equal(geoPoint(score), undefined);
    assert.ok(looksLikeGeo([3479099956230698, 3479447370796909]));
    assert.ok(!looksLikeGeo([1, 2, 3]));
    assert.ok(!looksLikeGeo([1715000000000]));
    assert.ok(!looksLikeGeo([3479099956230698, 1.5]));
    assert.ok(!looksLikeGeo([]));
  });
});
