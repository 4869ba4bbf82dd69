/** A picture on the page: shapes as SVG in the colours of the theme, with parts that the pointer and the keyboard reach. */
import { html, LitElement, nothing, svg } from 'lit';
import type { Part, Picture, Place, Shape } from '../../src/pictures/shapes.js';
import { isHighContrast, patternFill, renderPatterns, setChartColours } from './patterns.js';

/** Events: `pe-part` with the index of a part that is chosen; `pe-point` with the one that is pointed at, or −1. */
export class PePicture extends LitElement {
  static override properties = {
    label: { type: String },
    draw: { attribute: false },
    parts: { attribute: false },
    find: { attribute: false },
    focused: { state: true },
    width: { state: true },
  };

  declare label: string;
  declare draw: (width: number) => Picture;
  declare parts: readonly Part[];
  /** The part at a point, and the place of a part, for pictures that have no places of their own. */
  declare find:
    | {
        at(x: number, y: number, width: number): number;
        place(part: number, width: number): Place;
        count: number;
        down: number;
      }
    | undefined;
  declare focused: number;
  declare width: number;
  private resizing: ResizeObserver | undefined;
  private themes: MutationObserver | undefined;

  constructor() {
    super();
    this.label = '';
    this.parts = [];
    this.focused = 0;
    this.width = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing = new ResizeObserver(() => {
      const width = Math.floor(this.clientWidth);
      // What cannot be seen has no width.
      if (width > 0) this.width = width;
    });
    this.resizing.observe(this);
    setChartColours();
    this.themes = new MutationObserver(() => {
      setChartColours();
      this.requestUpdate();
    });
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing?.disconnect();
    this.themes?.disconnect();
  }

  private emit(name: string, detail: number): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const last = (this.find?.count ?? this.parts.length) - 1;
    const down = this.find?.down ?? 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: this.focused - 1,
      ArrowUp: this.focused - down,
      ArrowRight: this.focused + 1,
      ArrowDown: this.focused + down,
      Home: 0,
      End: last,
    };
    if (event.key in steps) {
      const next = steps[event.key];
      if (next >= 0 && next <= last) this.focused = next;
      this.emit('pe-point', this.focused);
    } else if (event.key === 'Enter' || event.key === ' ') this.emit('pe-part', this.focused);
    else return;
    event.preventDefault();
  };

  private readonly onMove = (event: PointerEvent): void => {
    const part = this.partAt(event);
    this.emit('pe-point', part);
  };

  private readonly onClick = (event: MouseEvent): void => {
    const part = this.partAt(event);
    if (part < 0) return;
    this.focused = part;
    this.emit('pe-part', part);
  };

  private partAt(event: MouseEvent): number {
    const box = this.querySelector('svg')?.getBoundingClientRect();
    if (!box) return -1;
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    if (this.find) return this.find.at(x, y, this.width);
    return this.picture?.places.findIndex((place) => place !== null && holds(place, x, y)) ?? -1;
  }

  private picture: Picture | undefined;

  protected override render() {
    if (this.width === 0) return nothing;
    const picture = this.draw(this.width);
    this.picture = picture;
    const { width, height, shapes } = picture;
    const contrast = isHighContrast();
    const focused = this.find ? this.find.place(this.focused, this.width) : picture.places[this.focused];
    return html`<svg
      class="chart"
      width=${width}
      height=${height}
      viewBox="0 0 ${width} ${height}"
      role="application"
      tabindex="0"
      aria-label=${this.label}
      aria-roledescription="chart"
      @keydown=${this.onKey}
      @focus=${() => this.emit('pe-point', this.focused)}
      @blur=${() => this.emit('pe-point', -1)}
      @pointermove=${this.onMove}
      @pointerleave=${() => this.emit('pe-point', -1)}
      @click=${this.onClick}
    >
      ${contrast ? renderPatterns() : nothing} ${shapes.map((shape) => renderShape(shape, contrast))}
      ${
        focused
          ? svg`<rect class="chart-focus" x=${focused.x + 1} y=${focused.y + 1} width=${Math.max(1, focused.width - 2)} height=${Math.max(1, focused.height - 2)}></rect>`
          : nothing
      }
    </svg>`;
  }
}

function holds({ x, y, width, height }: Place, atX: number, atY: number): boolean {
  // Thin ones can be hit, too.
  const slack = Math.max(0, 3 - width / 2);
  return atX >= x - slack && atX < x + width + slack && atY >= y && atY < y + height;
}

function renderShape(shape: Shape, contrast: boolean) {
  switch (shape.kind) {
    case 'rect':
      return svg`<rect
        class="paint-${shape.paint} ${shape.soft ? 'soft' : ''}"
        x=${shape.x} y=${shape.y} width=${shape.width} height=${shape.height}
        fill=${contrast && !shape.soft ? patternFill(shape.paint) : nothing}></rect>`;
    case 'text':
      return svg`<text
        class="${shape.dim ? 'dim' : ''} ${shape.bold ? 'bold' : ''}"
        x=${shape.x} y=${shape.y} text-anchor=${shape.anchor}>${shape.text}</text>`;
    case 'line':
      return svg`<line x1=${shape.x1} y1=${shape.y1} x2=${shape.x2} y2=${shape.y2}></line>`;
    case 'path':
      return svg`<path class="paint-${shape.paint}" d=${shape.d}></path>`;
  }
}

customElements.define('pe-picture', PePicture);
