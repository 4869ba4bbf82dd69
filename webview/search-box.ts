/** A box to search for names or values: by a part of them, a regular expression; names by a glob, values by bytes, too. */
import { html, LitElement, nothing } from 'lit';
import type { KeyPattern, ValuePattern } from '../src/protocol.js';
import { iconButton, named } from './controls.js';
import { t } from './strings.js';

/** Milliseconds after the last letter until a search begins. */
const SEARCH_MS = 200;

/** Events: `pe-pattern` with the pattern, or undefined when nothing is searched for; `pe-leave` when the keyboard moves on. */
export class PeSearchBox extends LitElement {
  static override properties = {
    label: { type: String },
    pattern: { attribute: false },
    problem: { type: String },
    values: { type: Boolean },
  };

  declare label: string;
  declare pattern: KeyPattern | ValuePattern | undefined;
  /** True if it searches values, not names. */
  declare values: boolean;
  /** Why the pattern cannot be used. */
  declare problem: string;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private mode: (KeyPattern | ValuePattern)['mode'] = 'substring';
  private ignoreCase = true;

  constructor() {
    super();
    this.label = '';
    this.problem = '';
    this.values = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('values') && changed.get('values') !== undefined) this.mode = 'substring';
    if (!(changed.has('pattern') || changed.has('values')) || !this.pattern) return;
    this.mode = this.pattern.mode;
    this.ignoreCase = this.pattern.ignoreCase;
  }

  private get input(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>('.search-box');
  }

  private get text(): string {
    return this.input?.value ?? this.pattern?.text ?? '';
  }

  private apply(): void {
    clearTimeout(this.timer);
    const { text } = this;
    const pattern = text === '' ? undefined : { mode: this.mode, text, ignoreCase: this.ignoreCase };
    this.dispatchEvent(new CustomEvent('pe-pattern', { detail: pattern, bubbles: true }));
  }

  private readonly onInput = (): void => {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.apply(), SEARCH_MS);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') this.apply();
    else if (event.key === 'Escape' && this.text !== '') this.clear();
    else if (event.key === 'ArrowDown' || event.key === 'Escape') {
      this.dispatchEvent(new CustomEvent('pe-leave', { bubbles: true }));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly clear = (): void => {
    if (this.input) this.input.value = '';
    this.apply();
  };

  override focus(): void {
    this.input?.focus();
  }

  private setMode(mode: (KeyPattern | ValuePattern)['mode']): void {
    this.mode = this.mode === mode ? 'substring' : mode;
    this.requestUpdate();
    if (this.text !== '') this.apply();
  }

  private readonly toggleCase = (): void => {
    this.ignoreCase = !this.ignoreCase;
    this.requestUpdate();
    if (this.text !== '') this.apply();
  };

  protected override render() {
    return html`<vscode-text-field
        class="search-box ${this.problem ? 'invalid' : ''}"
        placeholder=${this.label}
        ${named(this.label)}
        .value=${this.pattern?.text ?? ''}
        @input=${this.onInput}
        @keydown=${this.onKey}
      >
        <span slot="start" class="codicon codicon-search" aria-hidden="true"></span>
        <section slot="end">
          ${this.pattern ? iconButton('close', t('Clear the search'), this.clear) : nothing}
          ${iconButton('case-sensitive', t('Match case'), this.toggleCase, { on: !this.ignoreCase })}
          ${
            this.values
              ? iconButton('file-binary', t('Bytes, in hex digits'), () => this.setMode('bytes'), {
                  on: this.mode === 'bytes',
                })
              : iconButton('star', t('Glob pattern, as KEYS takes it'), () => this.setMode('glob'), {
                  on: this.mode === 'glob',
                })
          }
          ${iconButton('regex', t('Regular expression'), () => this.setMode('regex'), { on: this.mode === 'regex' })}
        </section>
      </vscode-text-field>
      ${this.problem ? html`<div class="message error search-problem" role="alert">${this.problem}</div>` : nothing}`;
  }
}

customElements.define('pe-search-box', PeSearchBox);
