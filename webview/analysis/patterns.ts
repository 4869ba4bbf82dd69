/** Patterns instead of colours, in the themes of high contrast. */
import { svg } from 'lit';
import type { Paint } from '../../src/pictures/shapes.js';
import { opaque } from '../colours.js';

/** True in one of the two themes of high contrast. */
export function isHighContrast(): boolean {
  return document.body.matches('.vscode-high-contrast, .vscode-high-contrast-light');
}

/** What is drawn into tiles of 8 pixels: of the series in their order, then of the rest. */
const TILES: readonly string[] = [
  'M0 0h8v8h-8z',
  'M-1 1l2-2h-2zM0 8l8-8h-2l-6 6zM7 9l2-2v2z',
  'M0 3h8v2h-8z',
  'M1 1h3v3h-3zM5 5h3v3h-3z',
  'M3 0h2v8h-2z',
  'M0 0l8 8h-2l-6-6zM7-1l2 2v-2zM-1 7l2 2h-2z',
  'M3 3h2v2h-2z',
];

const PAINTS = ['series-0', 'series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'rest'];

/** The `fill` of a colour of a series. */
export function patternFill(paint: Paint): string {
  return `url(#pe-pattern-${paint})`;
}

/** The path of the tile of a colour. */
export function patternTile(paint: Paint): string {
  return TILES[Math.max(0, PAINTS.indexOf(paint))];
}

/** The patterns, for the picture that uses them. */
export function renderPatterns() {
  return svg`<defs>${PAINTS.map(
    (paint, i) => svg`<pattern id="pe-pattern-${paint}" width="8" height="8" patternUnits="userSpaceOnUse">
      <path class="pattern-tile" d=${TILES[i]}></path>
    </pattern>`,
  )}</defs>`;
}

const CHARTS = ['blue', 'orange', 'green', 'purple', 'yellow', 'red'];

/** Gives the page the colours of charts without their transparency: some themes have half a colour there. */
export function setChartColours(): void {
  const style = getComputedStyle(document.body);
  for (const name of CHARTS) {
    const colour = style.getPropertyValue(`--vscode-charts-${name}`).trim();
    if (colour !== '') document.body.style.setProperty(`--pe-charts-${name}`, opaque(colour));
  }
}
