/** Numbers, sizes and times as people read them; in English digits and units, as the servers' own tools print them. */

/**
 * A number with separators, `1,234,567`; fractions have up to three digits. Without Intl, whose first use takes longer
 * than reading a small file.
 */
export function formatCount(count: number | bigint): string {
  const rounded = typeof count === 'bigint' || Number.isInteger(count) ? count : Math.round(count * 1000) / 1000;
  return String(rounded).replace(/\B(?=(?:\d{3})+(?:\.|$))/g, ',');
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** A size in bytes, with three digits and steps of 1024: `1.46 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return `${value} B`;
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

const STEPS: readonly (readonly [ms: number, unit: string])[] = [
  [365.25 * 86400e3, 'y'],
  [86400e3, 'd'],
  [3600e3, 'h'],
  [60e3, 'min'],
  [1e3, 's'],
];

/** A length of time in its two largest units: `3 d 4 h`, `12 s`, `250 ms`. */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  for (const [index, [length, unit]] of STEPS.entries()) {
    if (size < length) continue;
    const whole = Math.floor(size / length);
    const next = STEPS[index + 1];
    const rest = next ? Math.floor((size - whole * length) / next[0]) : 0;
    return next && rest > 0 && whole < 100 ? `${whole} ${unit} ${rest} ${next[1]}` : `${whole} ${unit}`;
  }
  return `${Math.round(size)} ms`;
}

/** The range of times that can be shown as a date: of ECMAScript. */
const LATEST = 8.64e15;

/** A time in UTC: `2026-11-21 03:12:45`; with milliseconds where it has some. Beyond all dates, its number. */
export function formatTime(ms: number | bigint): string {
  const value = Number(ms);
  if (Math.abs(value) > LATEST || Number.isNaN(value)) return `${ms} ms`;
  const text = new Date(value).toISOString().replace('T', ' ').replace('Z', '');
  return text.endsWith('.000') ? text.slice(0, -4) : text;
}
