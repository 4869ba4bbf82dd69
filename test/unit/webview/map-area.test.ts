/** Where points are on a map, and which of them a click means. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitPoints, moved, nearestPoint, toScreen, zoomed } from '../../../webview/value/map-area.js';

const longitudes = Float64Array.from([13.36, 15.08, 2.35]);
const latitudes = Float64Array.from([38.11, 37.5, 48.85]);

describe('a map', () => {
  it('shows all points when it is made', () => {
    const area = fitPoints(longitudes, latitudes);
    for (let i = 0; i < longitudes.length; i++) {
      const [x, y] = toScreen(area, 800, 400, longitudes[i], latitudes[i]);
      assert.ok(x > 0 && x < 800 && y > 0 && y < 400, `${x}, ${y}`);
    }
    assert.equal(fitPoints(new Float64Array(0), new Float64Array(0)).degrees, 360);
    assert.ok(fitPoints(longitudes.subarray(0, 1), latitudes.subarray(0, 1)).degrees > 0);
  });

  it('keeps within the earth and its limits', () => {
    let area = fitPoints(longitudes, latitudes);
    for (let i = 0; i < 100; i++) area = zoomed(moved(area, 50, -50), 0.5);
    assert.deepEqual([area.longitude, area.latitude], [180, -90]);
    assert.ok(area.degrees > 0);
  });

  it('finds the point under the pointer', () => {
    const area = fitPoints(longitudes, latitudes);
    const at = toScreen(area, 800, 400, longitudes[1], latitudes[1]);
    assert.equal(nearestPoint(area, 800, 400, longitudes, latitudes, [at[0] + 3, at[1] - 3], 12), 1);
    assert.equal(nearestPoint(area, 800, 400, longitudes, latitudes, [at[0] + 300, at[1]], 12), -1);
  });
});
