/** Round values between two others, for the lines of a chart. */

/** Steps at 1, 2 or 5 times a power of ten. @param most of them, about. */
export function niceSteps(low: number, high: number, most: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return Number.isFinite(low) ? [low] : [];
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((wide) => wide >= rough) ?? rough;
  const steps: number[] = [];
  for (let i = Math.floor(low / step); i * step <= high + step / 2 && steps.length < 100; i++) steps.push(i * step);
  return steps;
}
