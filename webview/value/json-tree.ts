/** A JSON text as a tree of rows that open and close. */
import { html, LitElement, type TemplateResult } from 'lit';
import { t } from '../strings.js';
import type { JsonNode } from './json.js';

/** Members of an object or array that are shown at first, and more at a time. */
const STEP = 200;

export class PeJsonTree extends LitElement {
  static override properties = { root: { attribute: false } };

  declare root: JsonNode | undefined;
  /** Nodes that are open, by path; the root is open. */
  private open = new Set<string>(['$']);
  private shown = new Map<string, number>();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('root')) return;
    this.open = new Set(['$']);
    this.shown = new Map();
    // Small documents are shown whole.
    if (this.root && countNodes(this.root, 60) < 60) this.openAll(this.root, '$');
  }

  private openAll(node: JsonNode, path: string): void {
    this.open.add(path);
    for (const [i, [, child]] of childrenOf(node).entries()) this.openAll(child, `${path}/${i}`);
  }

  protected override render() {
    if (!this.root) return html``;
    return html`<div class="json-tree" role="tree" aria-label="JSON" @keydown=${this.onKey}>
      ${this.renderNode(undefined, this.root, '$', 1)}
    </div>`;
  }

  private renderNode(name: string | undefined, node: JsonNode, path: string, level: number): TemplateResult {
    const children = childrenOf(node);
    const branch = node.kind === 'object' || node.kind === 'array';
    const open = branch && this.open.has(path);
    const label =
      name === undefined ? '' : html`<span class="json-name">${name}</span><span class="json-colon">: </span>`;
    if (!branch) {
      return html`<div class="json-row" role="treeitem" tabindex="-1" aria-level=${level} data-path=${path}>
        <span class="json-twisty"></span>${label}${leaf(node)}
      </div>`;
    }
    const size = children.length;
    const limit = this.shown.get(path) ?? STEP;
    return html`<div
        class="json-row"
        role="treeitem"
        tabindex=${path === '$' ? '0' : '-1'}
        aria-level=${level}
        aria-expanded=${open}
        data-path=${path}
        @click=${() => this.toggle(path)}
      >
        <span class="json-twisty codicon codicon-chevron-${open ? 'down' : 'right'}" aria-hidden="true"></span>${label}<span
          class="json-summary"
          >${node.kind === 'object' ? `{${size}}` : `[${size}]`}</span
        >
      </div>
      ${
        open
          ? html`<div class="json-children" role="group">
              ${children.slice(0, limit).map(([child, value], i) => this.renderNode(child, value, `${path}/${i}`, level + 1))}
              ${
                size > limit
                  ? html`<button class="link" @click=${() => this.showMore(path, limit)}>
                      ${t('Show {0} more', Math.min(STEP, size - limit))}
                    </button>`
                  : ''
              }
            </div>`
          : ''
      }`;
  }

  private toggle(path: string): void {
    if (!this.open.delete(path)) this.open.add(path);
    this.requestUpdate();
  }

  private showMore(path: string, limit: number): void {
    this.shown.set(path, limit + STEP);
    this.requestUpdate();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const row = (event.target as Element).closest<HTMLElement>('.json-row');
    const path = row?.dataset.path;
    if (!row || path === undefined) return;
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
      this.querySelector<HTMLElement>(`[data-path="${path.replace(/\/\d+$/, '')}"]`)?.focus();
    else if ((event.key === 'Enter' || event.key === ' ') && expanded !== null) this.toggle(path);
    else return;
    event.preventDefault();
  };
}

function leaf(node: JsonNode): TemplateResult {
  if (node.kind === 'string') return html`<span class="json-string">${JSON.stringify(node.value)}</span>`;
  if (node.kind === 'number') return html`<span class="json-number">${node.text}</span>`;
  return html`<span class="json-word">${node.kind === 'word' ? node.text : ''}</span>`;
}

function childrenOf(node: JsonNode): readonly (readonly [string, JsonNode])[] {
  if (node.kind === 'object') return node.members;
  if (node.kind === 'array') return node.items.map((item, i) => [String(i), item] as const);
  return [];
}

/** Number of nodes, counted no further than a limit. */
function countNodes(node: JsonNode, limit: number): number {
  let count = 0;
  const waiting = [node];
  while (waiting.length > 0 && count < limit) {
    const next = waiting.pop() as JsonNode;
    count++;
    for (const [, child] of childrenOf(next)) waiting.push(child);
  }
  return count;
}

customElements.define('pe-json-tree', PeJsonTree);
