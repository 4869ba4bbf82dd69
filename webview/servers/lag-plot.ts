/** Lines of how far replicas were behind over the last minutes, drawn by uPlot. */
import uPlot from 'uplot';
import { swatchOf } from '../aof/timeline-plot.js';

/** A line: its values at the times of the plot, null where it has none. */
export interface PlotLine {
  readonly values: readonly (number | null)[];
}

export interface PlotContent {
  /** Seconds since the epoch, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
  readonly from: number;
  readonly to: number;
}

/** Lengths of strokes and gaps that tell lines apart without colours. */
const DASHES: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [10, 3, 2, 3], [1, 4]];

/** The look of a line. */
export interface LineLook {
  readonly colour: string;
  readonly dash: readonly number[];
}

/** The look of the line at a place, in the colours of the theme. */
export function lookOf(index: number): LineLook {
  const contrast = document.body.matches('.vscode-high-contrast, .vscode-high-contrast-light');
  const swatch = swatchOf(index, false);
  const dash = contrast || index >= 6 ? DASHES[index % DASHES.length] : [];
  return { colour: contrast ? swatch.line : swatch.colour, dash };
}

export interface LagPlot {
  show(content: PlotContent): void;
  resize(width: number, height: number): void;
  destroy(): void;
}

/** Draws into an element. @param value writes a value of the axis at the side. */
export function drawLag(
  host: HTMLElement,
  lines: number,
  content: PlotContent,
  value: (value: number) => string,
): LagPlot {
  const style = getComputedStyle(document.body);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const text = colour('--vscode-foreground') || 'CanvasText';
  const font = `11px ${colour('--vscode-font-family') || 'sans-serif'}`;
  const grid = {
    stroke: colour('--vscode-widget-border') || colour('--vscode-contrastBorder') || 'transparent',
    width: 1,
  };
  const axis = { stroke: text, font, grid, ticks: { ...grid, size: 3 } };
  let shown = content;
  const plot = new uPlot(
    {
      width: Math.max(80, host.clientWidth),
      height: Math.max(60, host.clientHeight),
      legend: { show: false },
      padding: [8, 8, 0, 0],
      scales: {
        x: { time: false, range: () => [shown.from, shown.to] },
        y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] },
      },
      axes: [
        {
          ...axis,
          size: 26,
          // Times are counted back from the end, which moves.
          splits: (plot) => marksOf(shown, plot.bbox.width / devicePixelRatio),
          values: (_plot, splits) => splits.map((at) => ago(at, shown.to)),
        },
        { ...axis, size: 58, space: 28, values: (_plot, splits) => splits.map(value) },
      ],
      series: [
        {},
        ...Array.from({ length: lines }, (_, i) => {
          const { colour, dash } = lookOf(i);
          return { stroke: colour, width: 1.5, dash: [...dash], points: { show: false }, spanGaps: false };
        }),
      ],
      cursor: { show: false },
    },
    dataOf(content),
    host,
  );
  return {
    show(next) {
      shown = next;
      plot.setData(dataOf(next));
    },
    resize: (width, height) => plot.setSize({ width: Math.max(80, width), height: Math.max(60, height) }),
    destroy: () => plot.destroy(),
  };
}

function dataOf({ times, lines }: PlotContent): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

/** Pixels that the words at a mark take. */
const MARK_WIDTH = 48;

/** Times that are marked: whole minutes or halves before the end, at most five of them, and what fits into a width. */
function marksOf({ from, to }: PlotContent, width: number): number[] {
  const span = to - from;
  const most = Math.min(5, width / MARK_WIDTH);
  const step = [30, 60, 120, 300].find((seconds) => span / seconds <= most) ?? 600;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, i) => to - i * step).reverse();
}

/** How long before the end a time is: `−2 min`, `−30 s`. */
function ago(at: number, to: number): string {
  const seconds = Math.round(to - at);
  if (seconds === 0) return '0';
  return seconds % 60 === 0 ? `−${seconds / 60} min` : `−${seconds} s`;
}
