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
