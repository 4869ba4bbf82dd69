/** Sizes and times as people type them. */

const SIZE_UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** A number with an optional unit: `100`, `1,000`, `1.5 MB`, `2g`. @returns undefined if it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*([\d,]*\.?\d+)\s*([bkmgt]?)(?:i?b)?\s*$/i.exec(text);
  if (!match) return undefined;
  return Math.round(Number(match[1].replace(/,/g, '')) * SIZE_UNITS[match[2].toLowerCase()]);
}

const TIME_UNITS: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1e3,
  m: 60e3,
  h: 3600e3,
  d: 86400e3,
  w: 7 * 86400e3,
};

/** A length of time in ms: seconds without a unit, else `90s`, `15 min`, `2 h`, `1.5 d`, `2 w`. */
export function parseDuration(text: string): number | undefined {
  const match = /^\s*(\d*\.?\d+)\s*([smhdw]?)[a-z]*\s*$/i.exec(text);
  return match ? Number(match[1]) * TIME_UNITS[match[2].toLowerCase()] : undefined;
}

/** A time in UTC as it is shown, whole or cut off after any of its parts: `2026-11-21`, `2026-11-21 03:12`; or seconds since the epoch. @returns seconds; undefined if it is none. */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d{9,12}$/.test(trimmed)) return Number(trimmed);
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(?: ?Z| UTC)?$/i.exec(
    trimmed,
  );
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}
