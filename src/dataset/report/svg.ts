/** Pictures as SVG within a page; their colours are classes of its style sheet. */
import type { Picture, Shape } from '../../pictures/shapes.js';
import { Html, html } from './html.js';

/** @param title what the picture is called by those who cannot see it. */
export function svgOf({ width, height, shapes }: Picture, title: string): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">${shapes.map(shapeOf)}</svg>`;
}

function shapeOf(shape: Shape): Html {
  switch (shape.kind) {
    case 'rect': {
      const { x, y, width, height } = shape;
      return html`<rect class="${shape.paint}${shape.soft ? ' soft' : ''}" x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"/>`;
    }
    case 'text': {
      const style = `${shape.dim ? 'dim ' : ''}${shape.bold ? 'bold' : ''}`.trim();
      return html`<text class="${style}" x="${short(shape.x)}" y="${short(shape.y)}" text-anchor="${shape.anchor}">${shape.text}</text>`;
    }
    case 'line':
      return html`<line x1="${short(shape.x1)}" y1="${short(shape.y1)}" x2="${short(shape.x2)}" y2="${short(shape.y2)}"/>`;
    case 'path':
      return html`<path class="${shape.paint}" d="${shape.d}"/>`;
  }
}

function short(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A small square in a colour. */
export function swatchOf(paint: string): Html {
  return html`<svg class="swatch" width="11" height="11" aria-hidden="true"><rect class="${paint}" width="11" height="11"/></svg>`;
}

/** A bar, from 0 to 1. */
export function barOf(share: number): Html {
  return new Html(
    `<svg class="bar" width="80" height="9" aria-hidden="true"><rect class="series-0" width="${Math.max(1, Math.round(80 * share))}" height="9"/></svg>`,
  );
}
