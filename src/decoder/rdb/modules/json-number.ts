/**
 * Numbers as JSON text, in the form in which RedisJSON prints them: the fewest digits that give the number back, always
 * with a point or an exponent, because RedisJSON tells integers and other numbers apart.
 */

/** A double. JSON has no NaN and no infinity: they become `null`, as a server that prints them does. */
export function doubleText(value: number): string {
  return numberText(value, 1e-5, 1e16);
}

/** A number of single precision; `value` is one exactly. */
export function floatText(value: number): string {
  return numberText(value === 0 || !Number.isFinite(value) ? value : shortestFloat(value), 1e-6, 1e13);
}

/** A number of half precision, by its bits. */
export const halfText = byBits(halfValue, (value) => roundTo(value, 11, -14));

/** A number of the format bfloat16 (the upper half of a single), by its bits. */
export const bfloatText = byBits(bfloatValue, (value) => roundTo(value, 8, -126));

/** The number of half precision with these bits. */
export function halfValue(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const SINGLE = new DataView(new ArrayBuffer(4));

function bfloatValue(bits: number): number {
  SINGLE.setUint32(0, bits << 16);
  return SINGLE.getFloat32(0);
}

/** @param least,limit numbers from the one on and below the other are written without an exponent. */
function numberText(value: number, least: number, limit: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const magnitude = Math.abs(value);
  if (magnitude < least || magnitude >= limit) return value.toExponential().replace('+', '');
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Powers of ten that are exact as doubles. */
const TENS = Array.from({ length: 13 }, (_, exponent) => 10 ** exponent);

/** The double with the fewest digits of all that are this number in single precision. */
function shortestFloat(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e7) {
    for (const ten of TENS) {
      const rounded = Math.round(magnitude * ten) / ten;
      if (Math.fround(rounded) === magnitude) return value < 0 ? -rounded : rounded;
    }
  }
  return shortest(value, 9, Math.fround);
}

/** The double with the fewest digits of all that `round` takes to this number. @param digits as many always do. */
function shortest(value: number, digits: number, round: (value: number) => number): number {
  for (let count = 1; count <= digits; count++) {
    const candidate = Number(value.toExponential(count - 1));
    if (round(candidate) === value) return candidate;
  }
  return value;
}

/** Texts of the numbers of 16 bits, which are so few that each is made once. */
function byBits(numberOf: (bits: number) => number, round: (value: number) => number): (bits: number) => string {
  const texts: string[] = [];
  return (bits) => {
    let text = texts[bits];
    if (text === undefined) {
      const value = numberOf(bits);
      text = doubleText(Number.isInteger(value) ? value : shortest(value, 5, round));
      texts[bits] = text;
    }
    return text;
  };
}

/**
 * The nearest number of a floating point format, the even one of two.
 *
 * @param precision bits of its fraction, with the leading one.
 * @param least its least exponent; below it, numbers lose precision.
 */
function roundTo(value: number, precision: number, least: number): number {
  const exponent = Math.max(least, Math.floor(Math.log2(Math.abs(value))));
  const unit = 2 ** (exponent - precision + 1);
  const units = value / unit;
  const whole = Math.floor(units);
  const rest = units - whole;
  const up = rest > 0.5 || (rest === 0.5 && whole % 2 !== 0);
  return (up ? whole + 1 : whole) * unit;
}
