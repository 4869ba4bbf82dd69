/** The numbers in the lines of RESP, from their text. */

const COUNT = /^(?:0|[1-9]\d{0,15})$/;
const INTEGER = /^[+-]?\d+$/;
const DOUBLE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Servers before 7.2 let the platform print these. */
const NOT_FINITE = /^([+-]?)(?:(inf(?:inity)?)|nan(?:\(.*\))?)$/i;

const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 63n - 1n;

/** A length or a number of elements; undefined if the text is none. Signs and leading zeros are not allowed. */
export function parseCount(text: string): number | undefined {
  return COUNT.test(text) ? Number(text) : undefined;
}

/** A signed 64-bit integer, exact; undefined if the text is none. */
export function parseInteger(text: string): number | bigint | undefined {
  // Twenty characters hold any of them; leading zeros are allowed, but not without end.
  if (!INTEGER.test(text) || text.length > 40) return undefined;
  const near = Number(text);
  if (Number.isSafeInteger(near)) return near === 0 ? 0 : near;
  const exact = parseBigNumber(text);
  return exact !== undefined && exact >= SMALLEST && exact <= LARGEST ? exact : undefined;
}

/** An integer of any size; undefined if the text is none. */
export function parseBigNumber(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const magnitude = BigInt(text.replace(/^[+-]/, ''));
  return text.startsWith('-') ? -magnitude : magnitude;
}

/** A double: decimal with an optional exponent, `inf`, `-inf`, `nan`; undefined if the text is none. */
export function parseDouble(text: string): number | undefined {
  if (DOUBLE.test(text)) return Number(text);
  const match = NOT_FINITE.exec(text);
  if (!match) return undefined;
  if (match[2] === undefined) return Number.NaN;
  return match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A double as servers write it. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
