/** Stacked bars with a brush, drawn by uPlot: buckets of a timeline, a colour or pattern for each command. */
import uPlot from 'uplot';
import { opaque } from '../colours.js';
import { stacked } from './timeline.js';

/** What is drawn: for each series a value in every bucket. */
export interface PlotData {
  readonly series: readonly (readonly number[])[];
  /** Place of the series that stands for all the rest; −1 if there is none. */
  readonly rest: number;
  /** Label of the border at the start of a bucket. */
  readonly tick: (bucket: number) => string;
  readonly value: (value: number) => string;
}

/** How a series is filled. */
export interface Swatch {
  readonly colour: string;
  /** Index of the pattern that is laid over the colour; −1 for none. */
  readonly pattern: number;
  /** Colour of the pattern and of the border. */
  readonly line: string;
}

/** Buckets from the first to the last. */
export type BucketRange = readonly [from: number, to: number];

const HEIGHT = 170;
/** The colours of charts that every theme has. */
const COLOURS = ['blue', 'orange', 'green', 'purple', 'yellow', 'red'] as const;

/** The fill of the series at a place, in the colours of the theme; the last one, of all the rest, has a quiet one. */
export function swatchOf(index: number, rest: boolean): Swatch {
  const style = getComputedStyle(document.body);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const background = colour('--vscode-editor-background') || 'Canvas';
  const foreground = colour('--vscode-foreground') || 'CanvasText';
  if (document.body.matches('.vscode-high-contrast, .vscode-high-contrast-light'))
    return { colour: background, pattern: index, line: colour('--vscode-contrastBorder') || foreground };
  if (rest) return { colour: colour('--vscode-descriptionForeground') || foreground, pattern: -1, line: background };
  const known = colour(`--vscode-charts-${COLOURS[index % COLOURS.length]}`) || foreground;
  return { colour: opaque(known), pattern: index < COLOURS.length ? -1 : index, line: background };
}

/** Paints a swatch, for bars and for the legend. */
export function fillOf({ colour, pattern, line }: Swatch): string | CanvasPattern {
  if (pattern < 0) return colour;
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const pen = tile.getContext('2d');
  if (!pen) return colour;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = line;
  pen.fillStyle = line;
  PATTERNS[pattern % PATTERNS.length](pen);
  return pen.createPattern(tile, 'repeat') ?? colour;
}

function lines(...ends: readonly (readonly [number, number, number, number])[]) {
  return (pen: CanvasRenderingContext2D): void => {
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const [x0, y0, x1, y1] of ends) {
      pen.moveTo(x0, y0);
      pen.lineTo(x1, y1);
    }
    pen.stroke();
  };
}

/** Patterns that are told apart without colours, the plainest first. */
const PATTERNS: readonly ((pen: CanvasRenderingContext2D) => void)[] = [
  (pen) => pen.fillRect(0, 0, 8, 8),
  lines([-2, 10, 10, -2], [-2, 2, 2, -2], [6, 10, 10, 6]),
  () => {},
  lines([0, 4, 8, 4]),
  (pen) => {
    pen.fillRect(1, 1, 3, 3);
    pen.fillRect(5, 5, 3, 3);
  },
  lines([4, 0, 4, 8]),
  lines([-2, -2, 10, 10], [6, -2, 10, 2], [-2, 6, 2, 10]),
  lines([4, 0, 4, 8], [0, 4, 8, 4]),
  (pen) => pen.fillRect(3, 3, 2, 2),
];

/** A plot that is on the page. */
export interface TimelinePlot {
  /** Marks buckets; null for none. */
  select(range: BucketRange | null): void;
  resize(width: number): void;
  destroy(): void;
}

/** Draws into an element. @param onSelect is told what the pointer has brushed, @param onHover the bucket below the pointer. */
export function drawTimeline(
  host: HTMLElement,
  { series, rest, tick, value }: PlotData,
  onSelect: (range: BucketRange | null) => void,
  onHover: (bucket: number | null) => void,
): TimelinePlot {
  const buckets = series[0]?.length ?? 0;
  const style = getComputedStyle(document.body);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const text = colour('--vscode-foreground') || 'CanvasText';
  const font = `11px ${colour('--vscode-font-family') || 'sans-serif'}`;
  const grid = {
    stroke: colour('--vscode-widget-border') || colour('--vscode-contrastBorder') || 'transparent',
    width: 1,
  };
  const axis = { stroke: text, font, grid, ticks: { ...grid, size: 4 } };
  // The tallest bars first: each is drawn over with those that are stacked below it.
  const sums = stacked(series).reverse();
  const fills = series.map((_, i) => swatchOf(i, i === rest)).reverse();
  let own = false;
  let chosen: BucketRange | null = null;
  let laidOut = false;
  const plot = new uPlot(
    {
      width: Math.max(120, host.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      scales: {
        x: { time: false, range: [-0.5, Math.max(0.5, buckets - 0.5)] },
        y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.05)] },
      },
      axes: [
        {
          ...axis,
          size: 32,
          incrs: INCREMENTS,
          space: 110,
          values: (_plot, splits) => splits.map((at) => tickAt(at, buckets, tick)),
        },
        { ...axis, size: 62, values: (_plot, splits) => splits.map(value) },
      ],
      series: [
        {},
        ...fills.map((swatch) => {
          const fill = fillOf(swatch);
          return {
            fill: () => fill as string,
            stroke: swatch.pattern < 0 ? 'transparent' : swatch.line,
            width: swatch.pattern < 0 ? 0 : 1,
            paths: uPlot.paths.bars?.({ size: [0.92, 60], align: 0 }) ?? (() => null),
            points: { show: false },
          };
        }),
      ],
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      hooks: {
        ready: [
          () => {
            laidOut = true;
            mark();
          },
        ],
        setSelect: [
          ({ select }) => {
            if (own) return;
            onSelect(select.width < 2 ? null : range(select.left, select.left + select.width));
          },
        ],
        setCursor: [
          ({ cursor }) => onHover(cursor.left === undefined || cursor.left < 0 ? null : (cursor.idx ?? null)),
        ],
      },
    },
    [Array.from({ length: buckets }, (_, i) => i), ...sums],
    host,
  );
  const bucketAt = (left: number) => Math.min(buckets - 1, Math.max(0, Math.round(plot.posToVal(left, 'x'))));
  function range(left: number, right: number): BucketRange {
    return [bucketAt(left + 1), bucketAt(right - 1)];
  }
  /** Marks what is chosen; places are known only after the plot was laid out. */
  function mark(): void {
    const from = chosen ? plot.valToPos(chosen[0] - 0.5, 'x') : 0;
    const to = chosen ? plot.valToPos(chosen[1] + 0.5, 'x') : 0;
    own = true;
    plot.setSelect({ left: from, top: 0, width: to - from, height: chosen ? plot.over.clientHeight : 0 }, false);
    own = false;
  }
  return {
    select(buckets) {
      chosen = buckets;
      if (laidOut) mark();
    },
    resize(width) {
      plot.setSize({ width: Math.max(120, width), height: HEIGHT });
      queueMicrotask(() => laidOut && mark());
    },
    destroy: () => plot.destroy(),
  };
}

const INCREMENTS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

function tickAt(at: number, buckets: number, tick: (bucket: number) => string): string {
  return Number.isInteger(at) && at >= 0 && at < buckets ? tick(at) : '';
}
