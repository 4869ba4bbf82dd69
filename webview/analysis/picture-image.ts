/** A picture as an image: drawn onto a canvas in the colours that it has on the page. */
import type { LegendEntry, Paint, Picture } from '../../src/pictures/shapes.js';
import { isHighContrast, patternTile } from './patterns.js';

const MARGIN = 16;
const HEADING = 28;
const LEGEND = 22;
/** Pixels of the image for one of the page. */
const SCALE = 2;

/** Draws a picture with its title. @returns a PNG. */
export async function pictureImage(title: string, picture: Picture, legend: readonly LegendEntry[]): Promise<Blob> {
  const canvas = document.createElement('canvas');
  const legendHeight = legend.length > 0 ? LEGEND : 0;
  canvas.width = (picture.width + 2 * MARGIN) * SCALE;
  canvas.height = (picture.height + 2 * MARGIN + HEADING + legendHeight) * SCALE;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.scale(SCALE, SCALE);
  const colours = new Colours(pen);
  pen.fillStyle = colours.background;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = colours.text;
  pen.font = colours.font(14, true);
  pen.fillText(title, MARGIN, MARGIN + 14);
  pen.translate(MARGIN, MARGIN + HEADING);
  if (legend.length > 0) {
    drawLegend(pen, colours, legend);
    pen.translate(0, LEGEND);
  }
  drawShapes(pen, colours, picture);
  colours.forget();
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no image'))), 'image/png'),
  );
}

function drawLegend(pen: CanvasRenderingContext2D, colours: Colours, legend: readonly LegendEntry[]): void {
  pen.font = colours.font(12);
  let x = 0;
  for (const { paint, text } of legend) {
    fill(pen, colours, paint, false, new Path2D(`M${x} 2h12v12h-12z`));
    pen.fillStyle = colours.text;
    pen.fillText(text, x + 17, 12);
    x += 17 + pen.measureText(text).width + 16;
  }
}

function drawShapes(pen: CanvasRenderingContext2D, colours: Colours, { shapes }: Picture): void {
  for (const shape of shapes) {
    switch (shape.kind) {
      case 'rect': {
        const path = new Path2D();
        path.rect(shape.x, shape.y, shape.width, shape.height);
        fill(pen, colours, shape.paint, shape.soft === true, path);
        break;
      }
      case 'path':
        fill(pen, colours, shape.paint, false, new Path2D(shape.d));
        break;
      case 'line':
        pen.strokeStyle = colours.line;
        pen.lineWidth = 1;
        pen.beginPath();
        pen.moveTo(shape.x1, shape.y1);
        pen.lineTo(shape.x2, shape.y2);
        pen.stroke();
        break;
      case 'text':
        pen.font = colours.font(12, shape.bold);
        pen.fillStyle = shape.dim ? colours.dim : colours.text;
        pen.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor;
        pen.fillText(shape.text, shape.x, shape.y);
        pen.textAlign = 'start';
        break;
    }
  }
}

function fill(pen: CanvasRenderingContext2D, colours: Colours, paint: Paint, soft: boolean, path: Path2D): void {
  const { fill: colour, stroke } = colours.of(paint, soft);
  pen.fillStyle = colour;
  pen.fill(path);
  if (stroke === 'none') return;
  pen.strokeStyle = stroke;
  pen.lineWidth = 1;
  pen.stroke(path);
}

/** The colours of the page, as the style sheet gives them to shapes. */
class Colours {
  private readonly probe = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  private readonly known = new Map<string, { readonly fill: string | CanvasPattern; readonly stroke: string }>();
  private readonly family: string;
  readonly background: string;
  readonly text: string;
  readonly dim: string;
  readonly line: string;

  constructor(private readonly pen: CanvasRenderingContext2D) {
    const style = getComputedStyle(document.body);
    this.family = style.fontFamily;
    this.background = style.backgroundColor;
    this.text = style.color;
    this.probe.classList.add('chart', 'chart-probe');
    document.body.append(this.probe);
    this.dim = this.styleOf('text', 'dim').fill;
    this.line = this.styleOf('line', '').stroke;
  }

  font(size: number, bold = false): string {
    return `${bold ? '600 ' : ''}${size}px ${this.family}`;
  }

  private styleOf(
    element: 'rect' | 'text' | 'line',
    className: string,
  ): { readonly fill: string; readonly stroke: string } {
    const shape = document.createElementNS('http://www.w3.org/2000/svg', element);
    shape.setAttribute('class', className);
    this.probe.append(shape);
    const { fill, stroke } = getComputedStyle(shape);
    shape.remove();
    return { fill, stroke };
  }

  of(paint: Paint, soft: boolean): { readonly fill: string | CanvasPattern; readonly stroke: string } {
    const name = `paint-${paint}${soft ? ' soft' : ''}`;
    let known = this.known.get(name);
    if (!known) {
      const style = this.styleOf('rect', name);
      const patterned = isHighContrast() && !soft && !paint.startsWith('heat');
      known = patterned ? { fill: this.pattern(paint), stroke: style.stroke } : style;
      this.known.set(name, known);
    }
    return known;
  }

  private pattern(paint: Paint): string | CanvasPattern {
    const tile = document.createElement('canvas');
    tile.width = tile.height = 8;
    const pen = tile.getContext('2d');
    if (!pen) return this.text;
    pen.fillStyle = this.text;
    pen.fill(new Path2D(patternTile(paint)));
    return this.pen.createPattern(tile, 'repeat') ?? this.text;
  }

  forget(): void {
    this.probe.remove();
  }
}
