/** Which part of the earth a map shows, and where points are on it: degrees of longitude and latitude are alike. */

/** The middle of a map, and the degrees of longitude from its left to its right edge. */
export interface MapArea {
  readonly longitude: number;
  readonly latitude: number;
  readonly degrees: number;
}

/** Degrees between lines, from the widest to the narrowest. */
export const GRATICULE: readonly number[] = [
  90, 45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001,
];

/** The narrowest and widest map. */
const LEAST = 0.0005;
const MOST = 400;

function within(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

/** The area that shows all points, with a margin. @param shape of the map: its height by its width. */
export function fitPoints(longitudes: Float64Array, latitudes: Float64Array, shape = 0.5): MapArea {
  if (longitudes.length === 0) return { longitude: 0, latitude: 0, degrees: 360 };
  let [west, east, south, north] = [180, -180, 90, -90];
  for (let i = 0; i < longitudes.length; i++) {
    west = Math.min(west, longitudes[i]);
    east = Math.max(east, longitudes[i]);
    south = Math.min(south, latitudes[i]);
    north = Math.max(north, latitudes[i]);
  }
  const degrees = Math.max(east - west, (north - south) / shape, LEAST * 20) * 1.2;
  return { longitude: (west + east) / 2, latitude: (south + north) / 2, degrees: Math.min(MOST, degrees) };
}

/** The area moved by degrees. */
export function moved(area: MapArea, longitude: number, latitude: number): MapArea {
  return {
    ...area,
    longitude: within(area.longitude + longitude, 180),
    latitude: within(area.latitude + latitude, 90),
  };
}

/** The area with its width multiplied. */
export function zoomed(area: MapArea, factor: number): MapArea {
  return { ...area, degrees: Math.max(LEAST, Math.min(MOST, area.degrees * factor)) };
}

/** Where a point is on a map of a size in pixels. */
export function toScreen(
  area: MapArea,
  width: number,
  height: number,
  longitude: number,
  latitude: number,
): [x: number, y: number] {
  const scale = width / area.degrees;
  return [width / 2 + (longitude - area.longitude) * scale, height / 2 - (latitude - area.latitude) * scale];
}

/** The number of the point nearest to a place on the screen; −1 if none is within reach. */
export function nearestPoint(
  area: MapArea,
  width: number,
  height: number,
  longitudes: Float64Array,
  latitudes: Float64Array,
  [x, y]: readonly [number, number],
  reach: number,
): number {
  let nearest = -1;
  let least = reach;
  for (let i = 0; i < longitudes.length; i++) {
    const [px, py] = toScreen(area, width, height, longitudes[i], latitudes[i]);
    const distance = Math.hypot(px - x, py - y);
    if (distance > least) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}
