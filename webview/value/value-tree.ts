/** A decoded string as a tree of rows that open and close; what is in them is asked for when they open. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { ValueRow } from '../../src/viewer-protocol.js';
import { ask, RequestError } from '../connection.js';
import { Cancelled } from '../running.js';
import { message, t } from '../strings.js';
import type { DecodingAccess } from './decoding.js';

/** Values of a container that are shown at first, and more at a time. */
const STEP = 200;
/** Documents of up to this many values are shown whole. */
const SMALL = 60;

/** What is known of a container: the values that were asked for so far. */
interface Opened {
  rows: readonly ValueRow[];
  loading: boolean;
}

/** Events: `pe-notice` with words about what was copied, or why not. */
export class PeValueTree extends LitElement {
  static override properties = {
    root: { attribute: false },
    handle: { type: Number },
    access: { attribute: false },
    label: { type: String },
  };

  declare root: ValueRow | undefined;
  declare handle: number;
  declare access: DecodingAccess | undefined;
  /** What the tree is of, for screen readers. */
  declare label: string;
  /** The containers that are open, by path. */
  private opened = new Map<string, Opened>();
  /** The row that the keyboard is on. */
  private focused = '';
  private failure = '';

  constructor() {
    super();
    this.handle = 0;
    this.label = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('handle') && !changed.has('root')) return;
    this.opened = new Map();
    this.focused = '';
    this.failure = '';
    void this.openSmall();
  }

  /** Opens the root, and everything in it as long as it is little. */
  private async openSmall(): Promise<void> {
    const { handle, root } = this;
    if (!root || root.children === null) return;
    const waiting: (readonly [path: string, children: number])[] = [['', root.children]];
    let shown = 0;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [path, children] = next;
      shown += children;
      if (path !== '' && shown > SMALL) break;
      await this.load(path);
      if (handle !== this.handle) return;
      for (const [i, row] of (this.opened.get(path)?.rows ?? []).entries()) {
        if (row.children !== null && row.children > 0) waiting.push([childPath(path, i), row.children]);
      }
    }
  }

  /** Asks for the next values of a container. */
  private async load(path: string): Promise<void> {
    const { access, handle } = this;
    const known = this.opened.get(path) ?? { rows: [], loading: false };
    if (!access || known.loading) return;
    this.opened.set(path, { rows: known.rows, loading: true });
    this.requestUpdate();
    try {
      const { rows } = await access.nodes(handle, positions(path), known.rows.length, STEP).answer;
      if (handle !== this.handle) return;
      this.opened.set(path, { rows: [...known.rows, ...rows], loading: false });
    } catch (error) {
      if (handle !== this.handle || error instanceof Cancelled) return;
      this.opened.delete(path);
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
    }
    this.requestUpdate();
  }

  protected override render() {
    const { root } = this;
    if (!root) return nothing;
    return html`
      ${this.failure ? html`<div class="message error" role="alert">${this.failure}</div>` : nothing}
      <div class="json-tree" role="tree" aria-label=${this.label} @keydown=${this.onKey} @focusin=${this.onFocus}>
        ${this.renderRow(root, '', undefined, 1)}
      </div>
    `;
  }

  private renderRow(row: ValueRow, path: string, position: number | undefined, level: number): TemplateResult {
    const branch = row.children !== null;
    const open = branch ? this.opened.get(path) : undefined;
    const name = row.name ?? (position === undefined ? undefined : String(position));
    const label =
      name === undefined
        ? nothing
        : html`<span class=${row.name === null ? 'json-index' : 'json-name'}>${name}</span><span class="json-colon">: </span>`;
    return html`<div
        class="json-row ${path === this.focused ? 'selected' : ''}"
        role="treeitem"
        tabindex=${path === this.focused ? '0' : '-1'}
        aria-level=${level}
        aria-expanded=${branch ? open !== undefined : nothing}
        aria-selected=${path === this.focused}
        data-path=${path}
        @click=${() => this.onClick(path, branch)}
      >
        <span
          class="json-twisty ${branch ? `codicon codicon-chevron-${open ? 'down' : 'right'}` : ''}"
          aria-hidden="true"
        ></span
        >${label}${branch ? summary(row) : leaf(row)}
      </div>
      ${open ? this.renderChildren(row, path, open, level) : nothing}`;
  }

  private renderChildren(row: ValueRow, path: string, { rows, loading }: Opened, level: number) {
    const left = (row.children ?? 0) - rows.length;
    return html`<div class="json-children" role="group">
      ${rows.map((child, i) => this.renderRow(child, childPath(path, i), i, level + 1))}
      ${
        left > 0 && !loading
          ? html`<button class="link" @click=${() => void this.load(path)}>${t('Show {0} more', formatCount(Math.min(STEP, left)))}</button>`
          : nothing
      }
    </div>`;
  }

  private onClick(path: string, branch: boolean): void {
    this.focused = path;
    if (branch) this.toggle(path);
    else this.requestUpdate();
  }

  private toggle(path: string): void {
    if (this.opened.delete(path)) this.requestUpdate();
    else void this.load(path);
  }

  private readonly onFocus = (event: FocusEvent): void => {
    const path = (event.target as HTMLElement).dataset.path;
    if (path === undefined || path === this.focused) return;
    this.focused = path;
    this.requestUpdate();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const row = (event.target as Element).closest<HTMLElement>('.json-row');
    const path = row?.dataset.path;
    if (!row || path === undefined) return;
    if ((event.ctrlKey || event.metaKey) && event.key === 'c') {
      if (String(getSelection() ?? '') !== '') return;
      void this.copy('value');
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...this.querySelectorAll<HTMLElement>('.json-row')];
    const at = rows.indexOf(row);
    const expanded = row.getAttribute('aria-expanded');
    if (event.key === 'ArrowDown') rows[at + 1]?.focus();
    else if (event.key === 'ArrowUp') rows[at - 1]?.focus();
    else if (event.key === 'Home') rows[0]?.focus();
    else if (event.key === 'End') rows[rows.length - 1]?.focus();
    else if (event.key === 'ArrowRight' && expanded === 'false') this.toggle(path);
    else if (event.key === 'ArrowRight' && expanded === 'true') rows[at + 1]?.focus();
    else if (event.key === 'ArrowLeft' && expanded === 'true') this.toggle(path);
    else if (event.key === 'ArrowLeft')
      this.querySelector<HTMLElement>(`.json-row[data-path="${path.replace(/\/?\d+$/, '')}"]`)?.focus();
    else if ((event.key === 'Enter' || event.key === ' ') && expanded !== null) this.toggle(path);
    else return;
    event.preventDefault();
  };

  /** Copies of the row that is selected where it is, what it is, or all of it as JSON. */
  async copy(what: 'path' | 'value' | 'json'): Promise<void> {
    const { access, handle } = this;
    if (!access) return;
    const words = {
      path: () => t('Path copied.'),
      value: () => t('Value copied.'),
      json: () => t('Value copied as JSON.'),
    };
    try {
      const { text } = await access.copy(handle, positions(this.focused), what).answer;
      await ask('host.clipboard', { text, what: words[what]() }).answer;
    } catch (error) {
      if (error instanceof Cancelled) return;
      this.failure = error instanceof RequestError ? message(error.info) : String(error);
      this.requestUpdate();
    }
  }
}

function childPath(path: string, position: number): string {
  return path === '' ? String(position) : `${path}/${position}`;
}

function positions(path: string): number[] {
  return path === '' ? [] : path.split('/').map(Number);
}

function typeMark(row: ValueRow) {
  return row.type === '' ? nothing : html` <span class="json-type">${row.type}</span>`;
}

function summary(row: ValueRow): TemplateResult {
  const count = formatCount(row.children ?? 0);
  const brackets = row.kind === 'object' ? `{${count}}` : `[${count}]`;
  const name = row.text === '' ? nothing : html`<span class="json-class">${row.text}</span> `;
  return html`${name}<span class="json-summary">${brackets}</span>${typeMark(row)}`;
}

function leaf(row: ValueRow): TemplateResult {
  const cut = row.cut ? '…' : '';
  switch (row.kind) {
    case 'string':
      return html`<span class="json-string">"${row.text}${cut}"</span>${
        row.cut ? html` <span class="json-type">${formatBytes(row.bytes ?? 0)}</span>` : nothing
      }${typeMark(row)}`;
    case 'binary':
      return html`<span class="json-binary">${row.text}${cut}</span
        > <span class="json-type">${formatBytes(row.bytes ?? 0)}</span>${typeMark(row)}`;
    case 'number':
      return html`<span class="json-number">${row.text}${cut}</span>${typeMark(row)}`;
    default:
      return html`<span class="json-word">${row.text}${cut}</span>${typeMark(row)}`;
  }
}

customElements.define('pe-value-tree', PeValueTree);
