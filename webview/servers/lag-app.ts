/** The page below the list of servers: how far the replicas of one were behind over the last minutes. */
import { html, LitElement } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { formatBytes } from '../../src/format/quantities.js';
import type { LagLine, LagMessage, LagPageState, LagPicture } from '../../src/servers-protocol.js';
import { tell } from '../connection.js';
import { segments } from '../controls.js';
import { setStrings, t } from '../strings.js';
import { alignedLines, type LagUnit } from './lag-lines.js';
import { drawLag, type LagPlot, lookOf } from './lag-plot.js';

export class PeLagApp extends LitElement {
  private picture: LagPicture = { server: null, lines: [], from: 0, to: 1 };
  private unit: LagUnit = 'bytes';
  private plot: LagPlot | undefined;
  /** What the plot on the page was drawn for. */
  private drawn = '';
  private resizing: ResizeObserver | undefined;
  private themes: MutationObserver | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { strings, picture } = JSON.parse(this.dataset.state ?? '{}') as LagPageState;
    setStrings(strings);
    this.picture = picture;
    window.addEventListener('message', this.onMessage);
    tell({ ready: 'lag' });
    this.resizing = new ResizeObserver(() => {
      const { host } = this;
      if (host && host.clientWidth > 0) this.plot?.resize(host.clientWidth, host.clientHeight);
    });
    this.resizing.observe(this);
    this.themes = new MutationObserver(() => this.requestUpdate());
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.onMessage);
    this.resizing?.disconnect();
    this.themes?.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
    this.drawn = '';
  }

  private readonly onMessage = ({ data }: MessageEvent<Partial<LagMessage>>): void => {
    if (data.event !== 'lag' || !data.picture) return;
    this.picture = data.picture;
    this.requestUpdate();
  };

  private get host(): HTMLElement | null {
    return this.querySelector<HTMLElement>('.lag-plot');
  }

  protected override updated(): void {
    const { host, picture } = this;
    if (!host) {
      this.plot?.destroy();
      this.plot = undefined;
      this.drawn = '';
      return;
    }
    const { times, values } = alignedLines(picture.lines, this.unit);
    const content = { times, lines: values.map((row) => ({ values: row })), from: picture.from, to: picture.to };
    const { className, dataset } = document.body;
    const wanted = [this.unit, picture.server, values.length, className, dataset.vscodeThemeId].join(' ');
    if (this.plot && this.drawn === wanted) {
      this.plot.show(content);
      return;
    }
    this.plot?.destroy();
    host.replaceChildren();
    this.drawn = wanted;
    const { unit } = this;
    this.plot = drawLag(host, values.length, content, (value) => valueText(value, unit));
  }

  protected override render() {
    const { server, lines } = this.picture;
    if (server === null || lines.length === 0) {
      return html`<p class="lag-none dim">
        ${t('A server with replicas that is connected shows here how far they are behind.')}
      </p>`;
    }
    return html`
      <div class="lag-head">
        <span class="lag-server">${server}</span>
        ${segments(
          t('Unit'),
          [
            ['bytes', t('Bytes')],
            ['seconds', t('Seconds')],
          ],
          this.unit,
          (unit: LagUnit) => {
            this.unit = unit;
            this.requestUpdate();
          },
        )}
      </div>
      <div class="lag-plot" role="img" aria-label=${this.spoken(server, lines)}></div>
      <ul class="lag-legend">
        ${lines.map(
          (line, i) =>
            html`<li>
              <canvas width="18" height="10" aria-hidden="true" ${ref((canvas) => paint(canvas, i))}></canvas>
              <span class="lag-replica">${line.replica}</span>
              <span class="dim">${nowText(line)}</span>
            </li>`,
        )}
      </ul>
    `;
  }

  private spoken(server: string, lines: readonly LagLine[]): string {
    return `${t('How far replicas of {0} are behind', server)}: ${lines.map((line) => `${line.replica} ${nowText(line)}`).join(', ')}`;
  }
}

function valueText(value: number, unit: LagUnit): string {
  return unit === 'bytes' ? formatBytes(Math.round(value)) : `${value} s`;
}

/** The last sample of a replica. */
function nowText({ bytes, seconds }: LagLine): string {
  const last = seconds.at(-1);
  return [formatBytes(bytes.at(-1) ?? 0), ...(last === null || last === undefined ? [] : [`${last} s`])].join(', ');
}

function paint(canvas: Element | undefined, index: number): void {
  const pen = (canvas as HTMLCanvasElement | undefined)?.getContext('2d');
  if (!pen) return;
  const { colour, dash } = lookOf(index);
  pen.clearRect(0, 0, 18, 10);
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.setLineDash([...dash]);
  pen.beginPath();
  pen.moveTo(0, 5);
  pen.lineTo(18, 5);
  pen.stroke();
}

customElements.define('pe-lag-app', PeLagApp);
