/** The line between two parts of a view that is dragged, or moved with the arrow keys. */
import { LitElement } from 'lit';

/** The part never gets smaller or larger than this. */
const LEAST = 0.15;
const MOST = 0.85;
/** What an arrow key adds. */
const STEP = 0.05;

/** A share within its bounds. */
export function boundedShare(share: number): number {
  return Math.min(MOST, Math.max(LEAST, share));
}

/** Sits between two parts of its parent. Events: `pe-split` with the share of the first part, and whether that is all. */
export class PeSplitter extends LitElement {
  static override properties = {
    share: { type: Number },
    /** True if the parts are one below the other. */
    stacked: { type: Boolean },
  };

  declare share: number;
  declare stacked: boolean;

  constructor() {
    super();
    this.share = 0.5;
    this.stacked = false;
    this.addEventListener('pointerdown', (event) => this.drag(event));
    this.addEventListener('keydown', (event) => this.onKey(event));
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('splitter');
    this.tabIndex = 0;
    this.setAttribute('role', 'separator');
    this.setAttribute('aria-valuemin', String(LEAST * 100));
    this.setAttribute('aria-valuemax', String(MOST * 100));
  }

  protected override updated(): void {
    this.setAttribute('aria-orientation', this.stacked ? 'horizontal' : 'vertical');
    this.setAttribute('aria-valuenow', String(Math.round(this.share * 100)));
  }

  private tell(share: number, done: boolean): void {
    this.dispatchEvent(new CustomEvent('pe-split', { detail: { share: boundedShare(share), done } }));
  }

  private drag(event: PointerEvent): void {
    event.preventDefault();
    const box = this.parentElement?.getBoundingClientRect();
    if (!box) return;
    const share = (moved: PointerEvent) =>
      this.stacked ? (moved.clientY - box.top) / box.height : (moved.clientX - box.left) / box.width;
    const move = (moved: PointerEvent) => this.tell(share(moved), false);
    const end = (moved: PointerEvent) => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      this.tell(share(moved), true);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
  }

  private onKey(event: KeyboardEvent): void {
    const less = event.key === 'ArrowLeft' || event.key === 'ArrowUp';
    const more = event.key === 'ArrowRight' || event.key === 'ArrowDown';
    if (!less && !more) return;
    event.preventDefault();
    this.tell(this.share + (more ? STEP : -STEP), true);
  }
}

customElements.define('pe-splitter', PeSplitter);
