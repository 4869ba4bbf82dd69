/** Colours of the theme, for pictures. */

/** A colour without its transparency: bars are drawn over each other, and some themes have half a colour for charts. */
export function opaque(colour: string): string {
  const pen = document.createElement('canvas').getContext('2d');
  if (!pen) return colour;
  pen.fillStyle = colour;
  // What is read back is `#rrggbb`, or `rgba(…)` where it is transparent.
  const [red, green, blue] = pen.fillStyle.match(/[\d.]+/g) ?? [];
  return pen.fillStyle.startsWith('rgba') ? `rgb(${red}, ${green}, ${blue})` : pen.fillStyle;
}
