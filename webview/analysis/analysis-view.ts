/** Where the memory of an RDB goes: findings, namespaces, types, sizes, expiry, the biggest keys, slots, streams. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type {
  BigBy,
  Finding,
  FindingLimits,
  KeyFilter,
  Measure,
  NamespaceStep,
  SlotShares,
} from '../../src/analysis-protocol.js';
import { narrowed } from '../../src/pictures/narrow.js';
import type { Choice, View } from '../../src/pictures/shapes.js';
import { accessView } from '../../src/pictures/views/access.js';
import { biggestView } from '../../src/pictures/views/biggest.js';
import { expiryView } from '../../src/pictures/views/expiry.js';
import { namespaceView, noExpiryRows } from '../../src/pictures/views/namespaces.js';
import { sizesView } from '../../src/pictures/views/sizes.js';
import { slotsView } from '../../src/pictures/views/slots.js';
import { streamsView } from '../../src/pictures/views/streams.js';
import { typesView } from '../../src/pictures/views/types.js';
import type { Summary } from '../../src/protocol.js';
import { iconButton, textButton } from '../controls.js';
import { t } from '../strings.js';
import { findingsList } from './findings-list.js';
import { Questions } from './questions.js';
import './section.js';
import type { PartFinder } from './section.js';
import { slotFinder } from './slot-finder.js';
import { biggestChoice, measureChoice, namespacePath, nodesChoice, separatorChoice, totalText } from './tools.js';

/** Pixels beside the pictures. */
const MARGIN = 14;

/**
 * Events: `pe-filter-keys` with the filter of what was chosen, `pe-show-key` with a row, `pe-show-offset` with an
 * offset; `pe-whole-file` if the grid shall show all keys, `pe-export-report` with the separator of namespaces.
 */
export class PeKeyspaceAnalysis extends LitElement {
  static override properties = {
    summary: { attribute: false },
    separator: { type: String },
    filter: { attribute: false },
    limits: { attribute: false },
  };

  declare summary: Summary | undefined;
  declare separator: string;
  /** The filter of the grid. */
  declare filter: KeyFilter;
  declare limits: FindingLimits;
  /** Another separator than that of the setting. */
  private chosenSeparator: string | undefined;
  private measure: Measure | undefined;
  private path: readonly NamespaceStep[] = [];
  private bigBy: BigBy | undefined;
  private bigType = '';
  private bigDb = '';
  private nodes = 3;
  private readonly questions = new Questions(() => this.requestUpdate());
  private asked = '';
  private readonly views = new Map<string, { readonly of: readonly unknown[]; readonly view: View }>();
  private finder:
    | { readonly slots: SlotShares; readonly measure: Measure; readonly width: number; readonly finder: PartFinder }
    | undefined;
  /** What the path is in. */
  private pathOf = '';

  constructor() {
    super();
    this.separator = ':';
    this.filter = {};
    this.limits = { bigKeyBytes: 10 * 1024 * 1024, bigKeyElements: 100_000 };
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.questions.cancel();
    this.asked = '';
  }

  /** Forgets what was shown. */
  reset(): void {
    this.asked = '';
    this.path = [];
    this.questions.reset();
  }

  protected override shouldUpdate(): boolean {
    return !this.hidden;
  }

  protected override willUpdate(): void {
    const { summary, filter, border: separator } = this;
    if (!summary || summary.state === 'scanning') return;
    const within = JSON.stringify([filter, separator]);
    if (within !== this.pathOf) {
      this.pathOf = within;
      this.path = [];
    }
    const { measure, path, bigBy, bigType, bigDb, limits } = this;
    const { target, allocator } = summary.memory;
    // Problems are found by the deep check, too; and another server may be chosen for the memory.
    const asked = JSON.stringify([
      within,
      path,
      measure,
      bigBy,
      bigType,
      bigDb,
      limits,
      summary.problems.length,
      target,
      allocator,
    ]);
    if (asked === this.asked) return;
    this.asked = asked;
    void this.questions.load({
      filter,
      separator,
      limits,
      measure,
      path,
      bigBy,
      bigType,
      bigDb,
      bytes: summary.bytes,
    });
  }

  /** What separates the parts of names. */
  private get border(): string {
    return this.chosenSeparator ?? this.separator;
  }

  private emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  private readonly onChoice = (event: Event): void => {
    const choice = (event as CustomEvent<Choice>).detail;
    if ('row' in choice) this.emit('pe-show-key', choice.row);
    else if ('path' in choice) this.goTo(choice.path);
    else this.emit('pe-filter-keys', narrowed(this.filter, choice.filter, Date.now()));
  };

  private readonly onFinding = (finding: Finding): void => {
    if (finding.filter) this.emit('pe-filter-keys', narrowed(this.filter, finding.filter, Date.now()));
    else if (finding.offset !== null) this.emit('pe-show-offset', finding.offset);
  };

  private goTo(path: readonly NamespaceStep[]): void {
    this.path = path;
    this.requestUpdate();
  }

  protected override render() {
    const { summary } = this;
    if (!summary || summary.state === 'scanning')
      return html`<div class="pane-empty dim">${t('The pictures are drawn as soon as the file is read.')}</div>`;
    const { failure, answers } = this.questions;
    return html`<div class="analysis keyspace-analysis">
      ${failure ? html`<div class="message error" role="alert">${failure}</div>` : nothing} ${this.renderTools()}
      ${findingsList(answers.findings, this.onFinding)} ${this.renderNamespaces()}
      <div class="analysis-grid">
        ${this.renderTypes()} ${this.renderSizes()} ${this.renderExpiry()} ${this.renderNoExpiry()}
      </div>
      ${this.renderBiggest()}
      <div class="analysis-grid">${this.renderAccess()}</div>
      ${this.renderSlots()} ${this.renderStreams()}
    </div>`;
  }

  private renderTools() {
    const { totals } = this.questions.answers;
    const measure = this.questions.measureOf(this.measure);
    const filtered = Object.keys(this.filter).length > 0;
    return html`<div class="analysis-tools">
      ${measureChoice(totals?.hasMemory ?? false, measure, (chosen) => {
        this.measure = chosen;
        this.requestUpdate();
      })}
      <span class="analysis-total" role="status">${totals ? totalText(totals, filtered ? (this.summary?.keys ?? totals.keys) : undefined, this.summary?.usedMemory ?? null) : ''}</span>
      ${filtered ? textButton(t('Whole file'), () => this.emit('pe-whole-file', undefined), 'close') : nothing}
      ${this.renderBusy()}
      ${textButton(t('Export report…'), () => this.emit('pe-export-report', this.border), 'export')}
    </div>`;
  }

  private renderBusy() {
    const { busy, done } = this.questions;
    if (busy === '') return nothing;
    const percent = Math.floor(done * 100);
    return html`<span class="scan-progress" role="status"
      ><vscode-progress-ring></vscode-progress-ring>${busy === 'memory' ? t('Estimating memory…') : t('Counting…')}${percent > 0 ? ` ${percent} %` : ''}
      ${iconButton('close', t('Cancel'), () => {
        this.questions.cancel();
        this.requestUpdate();
      })}</span
    >`;
  }

  /** A view of an answer, made anew only if what it is made of has changed: progress is told ten times a second. */
  private made(name: string, of: readonly unknown[], make: () => View): View {
    const known = this.views.get(name);
    if (known && known.of.length === of.length && known.of.every((one, i) => one === of[i])) return known.view;
    const view = make();
    this.views.set(name, { of, view });
    return view;
  }

  private section(
    name: string,
    title: string,
    view: View | undefined,
    extra: { readonly tools?: TemplateResult; readonly above?: TemplateResult; readonly finder?: PartFinder } = {},
  ): TemplateResult {
    return html`<section id="analysis-${name}" aria-label=${title}>
      <pe-section
        .name=${name}
        .view=${view}
        .waiting=${title}
        .tools=${extra.tools}
        .above=${extra.above}
        .finder=${extra.finder}
        @pe-choice=${this.onChoice}
      ></pe-section>
    </section>`;
  }

  private get options() {
    const { answers } = this.questions;
    return {
      measure: this.questions.measureOf(this.measure),
      hasMemory: answers.totals?.hasMemory ?? false,
      separator: this.border,
    };
  }

  private renderNamespaces() {
    const { level } = this.questions.answers;
    const { options, border } = this;
    const { measure, hasMemory } = options;
    const view =
      level && this.made('namespaces', [level, measure, hasMemory, border], () => namespaceView(level, options, t));
    const showKeys = () => {
      const filter = { namespace: { separator: border, path: level?.path ?? [] } };
      this.emit('pe-filter-keys', narrowed(this.filter, filter, Date.now()));
    };
    const tools = separatorChoice(this.separator, border, (chosen) => {
      this.chosenSeparator = chosen;
      this.requestUpdate();
    });
    const above = level && namespacePath(level.path, border, (path) => this.goTo(path), showKeys);
    return this.section('namespaces', t('Namespaces'), view, { tools, ...(above ? { above } : {}) });
  }

  private renderTypes() {
    const { types } = this.questions.answers;
    const { measure, hasMemory } = this.options;
    return this.section(
      'types',
      t('Types and encodings'),
      types && this.made('types', [types, measure, hasMemory], () => typesView(types, measure, hasMemory, t)),
    );
  }

  private renderSizes() {
    const { sizes, sizesBy = 'bytes' } = this.questions.answers;
    return this.section(
      'sizes',
      t('Sizes'),
      sizes && this.made('sizes', [sizes, sizesBy], () => sizesView(sizes, sizesBy, t)),
    );
  }

  private renderExpiry() {
    const { expiry } = this.questions.answers;
    const { measure, hasMemory } = this.options;
    return this.section(
      'expiry',
      t('Expiry'),
      expiry && this.made('expiry', [expiry, measure, hasMemory], () => expiryView(expiry, measure, hasMemory, t)),
    );
  }

  private renderNoExpiry() {
    const { roots, expiry } = this.questions.answers;
    const { options } = this;
    // Of a file in which nothing expires, it would be the table of namespaces once more.
    if (expiry && expiry.expiring.keys === 0) return nothing;
    return this.section(
      'no-expiry',
      t('Without expiry, by namespace'),
      roots && this.made('no-expiry', [roots, ...Object.values(options)], () => noExpiryRows(roots, options, t)),
    );
  }

  private renderBiggest() {
    const { biggest, biggestBy = 'bytes' } = this.questions.answers;
    const { hasMemory } = this.options;
    const chosen = { by: biggestBy, type: this.bigType, db: this.bigDb };
    const tools = biggestChoice(hasMemory, this.summary ?? {}, chosen, (change) => {
      if (change.by) this.bigBy = change.by;
      this.bigType = change.type ?? this.bigType;
      this.bigDb = change.db ?? this.bigDb;
      this.requestUpdate();
    });
    const shown =
      biggest &&
      this.made('biggest', [biggest, biggestBy, hasMemory], () => {
        const view = biggestView(biggest, biggestBy, hasMemory, t);
        // Without any, it can be changed what is looked for all the same.
        return { ...view, nothing: '' };
      });
    return this.section('biggest', t('Biggest keys'), shown, { tools });
  }

  private renderAccess() {
    const { access } = this.questions.answers;
    const { measure, hasMemory } = this.options;
    return this.section(
      'access',
      t('Hot and cold'),
      access && this.made('access', [access, measure, hasMemory], () => accessView(access, measure, hasMemory, t)),
    );
  }

  private renderSlots() {
    const { slots } = this.questions.answers;
    const { measure, hasMemory } = this.options;
    if (!slots) return this.section('slots', t('Cluster slots'), undefined);
    const nodes = nodesChoice(this.nodes, (count) => {
      this.nodes = count;
      this.requestUpdate();
    });
    const width = this.clientWidth - 2 * MARGIN;
    if (this.finder?.slots !== slots || this.finder.measure !== measure || this.finder.width !== width)
      this.finder = { slots, measure, width, finder: slotFinder(slots, measure, width) };
    const { finder } = this.finder;
    const view = this.made('slots', [slots, measure, hasMemory, this.nodes], () =>
      slotsView(slots, measure, hasMemory, this.nodes, t),
    );
    return this.section('slots', t('Cluster slots'), view, { tools: nodes, finder });
  }

  private renderStreams() {
    const { streams } = this.questions.answers;
    const savedAt = this.summary?.created ?? null;
    return this.section(
      'streams',
      t('Streams'),
      streams && this.made('streams', [streams, savedAt], () => streamsView(streams, savedAt, t)),
    );
  }
}

customElements.define('pe-keyspace-analysis', PeKeyspaceAnalysis);
