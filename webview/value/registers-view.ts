/** A HyperLogLog: what it estimates, how its registers are spread, and each of the 16,384 as a dot. */
import { html, LitElement } from 'lit';
import { formatCount } from '../../src/format/quantities.js';
import type { CellAddress } from '../../src/protocol.js';
import type { RegistersInfo } from '../../src/viewer-protocol.js';
import { ask, RequestError } from '../connection.js';
import { Cancelled } from '../running.js';
import { message, t } from '../strings.js';
import { Redrawing } from './redrawing.js';

/** Registers in a row of the picture, and pixels of each. */
const WIDE = 128;
const DOT = 4;

export class PeRegistersView extends LitElement {
  static override properties = { address: { attribute: false } };

  declare address: CellAddress | undefined;
  private info: RegistersInfo | undefined;
  private failure = '';
  private loading = 0;

  constructor() {
    super();
    new Redrawing(this, () => this.draw());
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('address')) void this.load();
  }

  private async load(): Promise<void> {
    const cell = this.address;
    const mine = ++this.loading;
    if (!cell) return;
    try {
      const info = await ask('registers.read', { cell }).answer;
      if (mine !== this.loading) return;
      this.info = info;
      this.failure = '';
    } catch (error) {
      if (mine !== this.loading || error instanceof Cancelled) return;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
    }
    this.requestUpdate();
  }

  protected override updated(): void {
    this.draw();
  }

  private draw(): void {
    const canvas = this.querySelector('canvas');
    if (canvas && this.info) drawRegisters(canvas, this.info.registers);
    for (const bar of this.querySelectorAll<HTMLElement>('.register-bar')) bar.style.width = `${bar.dataset.part}%`;
  }

  protected override render() {
    const { info } = this;
    if (this.failure) return html`<div class="message error" role="alert">${this.failure}</div>`;
    if (!info) return html`<div class="string-body dim">…</div>`;
    const counts = histogram(info.registers);
    const most = Math.max(...counts.map(({ registers }) => registers));
    const fact = (name: string, value: string) => html`<div class="facts-row"><dt>${name}</dt><dd>${value}</dd></div>`;
    return html`<div class="registers">
      <dl class="facts-table">
        ${fact(t('Estimated elements'), formatCount(info.estimate))}
        ${fact(t('Encoding'), info.encoding)}
        ${fact(t('Estimate stored'), info.cached ? t('yes') : t('no'))}
        ${fact(t('Standard error'), '0.81 %')}
      </dl>
      <table class="register-table">
        <caption>${t('Registers by value')}</caption>
        <thead>
          <tr><th scope="col">${t('Value')}</th><th scope="col">${t('Registers')}</th><th scope="col">${t('Share')}</th></tr>
        </thead>
        <tbody>
          ${counts.map(
            ({ value, registers }) => html`<tr>
              <td>${value}</td>
              <td>${formatCount(registers)}</td>
              <td class="register-share"><span class="register-bar" data-part=${((100 * registers) / most).toFixed(2)}></span></td>
            </tr>`,
          )}
        </tbody>
      </table>
      <figure class="register-grid">
        <figcaption class="dim">${t('Each register as a dot, 128 in a row; the stronger, the higher its value.')}</figcaption>
        <canvas
          role="img"
          aria-label=${t('{0} of {1} registers are set; the highest is {2}.', formatCount(info.registers.length - (counts[0]?.value === 0 ? counts[0].registers : 0)), formatCount(info.registers.length), counts[counts.length - 1]?.value ?? 0)}
        ></canvas>
      </figure>
    </div>`;
  }
}

/** How many registers have each value that occurs. */
function histogram(registers: Uint8Array): { value: number; registers: number }[] {
  const counts = new Array<number>(64).fill(0);
  for (const value of registers) counts[value]++;
  return counts.map((count, value) => ({ value, registers: count })).filter((one) => one.registers > 0);
}

function drawRegisters(canvas: HTMLCanvasElement, registers: Uint8Array): void {
  const scale = window.devicePixelRatio || 1;
  const high = Math.ceil(registers.length / WIDE);
  canvas.width = WIDE * DOT * scale;
  canvas.height = high * DOT * scale;
  canvas.style.width = `${WIDE * DOT}px`;
  canvas.style.height = `${high * DOT}px`;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  context.fillStyle = getComputedStyle(canvas).color;
  let highest = 1;
  for (const value of registers) highest = Math.max(highest, value);
  for (let i = 0; i < registers.length; i++) {
    if (registers[i] === 0) continue;
    context.globalAlpha = 0.15 + (0.85 * registers[i]) / highest;
    context.fillRect((i % WIDE) * DOT, Math.floor(i / WIDE) * DOT, DOT - 1, DOT - 1);
  }
}

customElements.define('pe-registers-view', PeRegistersView);
