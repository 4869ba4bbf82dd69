/** What stands beside the pictures of the analysis: choices of what they show, the path of a namespace, the totals. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Amount, BigBy, Measure, NamespaceStep } from '../../src/analysis-protocol.js';
import { formatBytes, formatCount } from '../../src/format/quantities.js';
import type { Summary } from '../../src/protocol.js';
import { dropdown, segments, textButton } from '../controls.js';
import { t } from '../strings.js';

/** What separates the parts of names, often. */
const SEPARATORS = [':', '/', '.', '|', '-', '_'];
/** Nodes that slots can be divided among. */
const NODES = [3, 4, 5, 6, 8, 12, 16, 32];

/** What is measured. */
export function measureChoice(hasMemory: boolean, measure: Measure, choose: (measure: Measure) => void) {
  const choices = [...memoryChoice(hasMemory), ['bytes', t('In the file')], ['keys', t('Keys')]] as const;
  return segments(t('Measure'), choices, measure, choose);
}

function memoryChoice(hasMemory: boolean): (readonly ['memory', string])[] {
  return hasMemory ? [['memory', t('Memory')]] : [];
}

/** The separator of namespaces. @param own that of the setting. */
export function separatorChoice(own: string, separator: string, choose: (separator: string) => void) {
  const choices = [...new Set([own, separator, ...SEPARATORS])].map((one) => [one, t('split at {0}', one)] as const);
  return dropdown(t('Separator'), choices, separator, (chosen) => {
    if (chosen !== separator) choose(chosen);
  });
}

/** Into how many equal ranges the slots are divided. */
export function nodesChoice(nodes: number, choose: (nodes: number) => void): TemplateResult {
  const choices = NODES.map((count) => [String(count), t('{0} nodes', count)] as const);
  return dropdown(t('Nodes'), choices, String(nodes), (count) => {
    if (Number(count) !== nodes) choose(Number(count));
  });
}

/** Among which keys the biggest are looked for, and by what. An empty text stands for all. */
export interface BigChoice {
  readonly by: BigBy;
  readonly type: string;
  readonly db: string;
}

/** The choices of {@link BigChoice}. */
export function biggestChoice(
  hasMemory: boolean,
  { types = [], databases = [] }: Partial<Pick<Summary, 'types' | 'databases'>>,
  { by, type, db }: BigChoice,
  choose: (change: Partial<BigChoice>) => void,
): TemplateResult {
  const among = (name: string, all: string, values: readonly string[], shown: string, pick: (value: string) => void) =>
    values.length > 1
      ? dropdown(name, [['', all], ...values.map((value) => [value, value] as const)], shown, (value) => {
          if (value !== shown) pick(value);
        })
      : nothing;
  return html`${segments<BigBy>(
    t('Biggest by'),
    [
      ...memoryChoice(hasMemory),
      ['bytes', t('In the file')],
      ['elements', t('Elements')],
      ['longest', t('Longest element')],
    ],
    by,
    (chosen) => choose({ by: chosen }),
  )}
  ${among(
    t('Type'),
    t('all types'),
    types.map((one) => one.type),
    type,
    (chosen) => choose({ type: chosen }),
  )}
  ${among(
    t('Database'),
    t('all databases'),
    databases.map((one) => String(one.db)),
    db,
    (chosen) => choose({ db: chosen }),
  )}`;
}

/** Where in the tree of namespaces the picture is, and what else can be done with it. */
export function namespacePath(
  path: readonly NamespaceStep[],
  separator: string,
  go: (path: readonly NamespaceStep[]) => void,
  showKeys: () => void,
): TemplateResult {
  if (path.length === 0) return html``;
  return html`<nav class="analysis-path" aria-label=${t('Path')}>
    <button class="link" @click=${() => go([])}>${t('All keys')}</button>
    ${path.map(
      ({ text }, i) =>
        html`<span class="dim" aria-hidden="true">${i === 0 ? '›' : separator}</span>${
          i === path.length - 1
            ? html`<span aria-current="location">${text}</span>`
            : html`<button class="link" @click=${() => go(path.slice(0, i + 1))}>${text}</button>`
        }`,
    )}
    ${textButton(t('Show the keys'), showKeys, 'list-flat')}
  </nav>`;
}

/** What is shown, of how much. @param all keys of the file, if the filter lets only some through. */
export function totalText(
  totals: Amount & { readonly hasMemory: boolean },
  all: number | undefined,
  usedMemory: number | null,
): string {
  const keys =
    all !== undefined
      ? t('{0} of {1} keys', formatCount(totals.keys), formatCount(all))
      : totals.keys === 1
        ? t('1 key')
        : t('{0} keys', formatCount(totals.keys));
  const parts = [keys, t('{0} in the file', formatBytes(totals.bytes))];
  if (totals.hasMemory) {
    parts.push(t('about {0} of memory', formatBytes(totals.memory)));
    if (all === undefined && usedMemory !== null) parts.push(t('of {0} that the server used', formatBytes(usedMemory)));
  }
  return parts.join(' · ');
}
