/** Draws the picture of an element again when its size changes, or the theme whose colours it has. */
import type { LitElement, ReactiveController } from 'lit';

/** Observes while the element is there. */
export class Redrawing implements ReactiveController {
  private readonly sizes: ResizeObserver;
  private readonly themes: MutationObserver;

  constructor(
    private readonly host: LitElement,
    draw: () => void,
  ) {
    this.sizes = new ResizeObserver(draw);
    this.themes = new MutationObserver(draw);
    host.addController(this);
  }

  hostConnected(): void {
    this.sizes.observe(this.host);
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  }

  hostDisconnected(): void {
    this.sizes.disconnect();
    this.themes.disconnect();
  }
}
