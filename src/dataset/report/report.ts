/** The report of an analysis: one page of HTML that needs nothing beside it, no script, no other file. */
import { displayText } from '../../format/display.js';
import { type MessageArg, phraseText } from '../../format/messages.js';
import { formatBytes, formatCount, formatTime } from '../../format/quantities.js';
import type { Picture, Table, View, Words } from '../../pictures/shapes.js';
import { accessView } from '../../pictures/views/access.js';
import { biggestView } from '../../pictures/views/biggest.js';
import { expiryView } from '../../pictures/views/expiry.js';
import { namespaceView, noExpiryRows } from '../../pictures/views/namespaces.js';
import { sizesView } from '../../pictures/views/sizes.js';
import { slotsView } from '../../pictures/views/slots.js';
import { streamsView } from '../../pictures/views/streams.js';
import { typesView } from '../../pictures/views/types.js';
import type { BigBy, BigKey } from '../analysis/biggest.js';
import { type AnalysisFacts, mainMeasure } from '../analysis/facts.js';
import type { AnalysedKeys } from '../analysis/keys.js';
import { nameOf } from '../names.js';
import { Html, html, NOTHING } from './html.js';
import { REPORT_STYLE } from './style.js';
import { barOf, svgOf, swatchOf } from './svg.js';

/** What a report says of the file as a whole. */
export interface ReportHead {
  readonly fileName: string;
  readonly bytes: number;
  /** `REDIS0011` and the like. */
  readonly magic: string;
  readonly server: string;
  /** When the file was saved, ms since the epoch. */
  readonly savedAt: number | null;
  readonly usedMemory: number | null;
  /** All keys of the file, of which the report may be about some. */
  readonly keys: number;
  /** In words, what was filtered; empty if the report is about all keys. */
  readonly filter: string;
  /** True if not all of the file could be read. */
  readonly damaged: boolean;
  /** Name of the server that memory is estimated for; empty if it is the one that wrote the file. */
  readonly target: string;
}

export interface ReportOptions {
  /** Rows of each table. */
  readonly limit: number;
  /** Words in the language of the reader, and its code. */
  readonly words: Words;
  readonly language: string;
}

/** What a server is called. @param version undefined where the file does not say. */
export function serverName(make: 'redis' | 'valkey' | 'keydb', version: string | undefined): string {
  const name = { redis: 'Redis', valkey: 'Valkey', keydb: 'KeyDB' }[make];
  return version === undefined ? name : `${name} ${version}`;
}

/** Pixels of the pictures. */
const WIDTH = 980;
const NAME_BYTES = 500;
const INNER = 24;
const NODES = 3;

/** Writes the report. */
export function reportPage(keys: AnalysedKeys, facts: AnalysisFacts, head: ReportHead, options: ReportOptions): string {
  const { words: t, language, limit } = options;
  const { hasMemory, separator, tree } = facts;
  const measure = mainMeasure(hasMemory);
  const shown = { measure, hasMemory, separator };
  const level = tree.level([], measure, limit, INNER);
  const big = (by: BigBy, list: readonly BigKey[]) =>
    biggestView(bigRows(keys, list.slice(0, limit)), by, hasMemory, t);
  const biggest = [
    ...(hasMemory ? [titled(big('memory', facts.byMemory), t('Biggest keys in memory'))] : []),
    titled(big('bytes', facts.byBytes), t('Biggest keys in the file')),
    titled(big('elements', facts.byElements), t('Keys with the most elements')),
  ];
  const sections = [
    { id: 'namespaces', view: namespaceView(level, shown, t) },
    { id: 'types', view: typesView(facts.types, measure, hasMemory, t) },
    ...biggest.map((view, i) => ({ id: `biggest-${i}`, view })),
    { id: 'sizes', view: sizesView(facts.sizes, measure, t) },
    { id: 'expiry', view: expiryView(facts.expiry, measure, hasMemory, t) },
    ...(facts.expiry.expiring.keys > 0 ? [{ id: 'no-expiry', view: noExpiryRows(level, shown, t) }] : []),
    { id: 'access', view: accessView(facts.access, measure, hasMemory, t) },
    { id: 'slots', view: slotsView(facts.slots, measure, hasMemory, NODES, t) },
    { id: 'streams', view: streamsView(facts.streams, facts.expiry.savedAt, t) },
  ];
  // Nothing may be loaded or run: a name of a key that gets out of its place finds nothing there to do.
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  const page = html`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${t('Analysis of {0}', head.fileName)}</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body>
<header>
<h1>${t('Analysis of {0}', head.fileName)}</h1>
${headOf(head, facts, t)}
</header>
<nav><ul><li><a href="#findings">${t('Findings')}</a></li>${sections.map(({ id, view }) => html`<li><a href="#${id}">${view.title}</a></li>`)}</ul></nav>
<main>
${findingsOf(facts, t)}
${sections.map(({ id, view }) => sectionOf(id, view, limit, t))}
</main>
<footer>${t('Made by Persistence Explorer from the file itself. Memory is estimated.')}</footer>
</body>
</html>
`;
  return page.source;
}

function headOf(head: ReportHead, { all, hasMemory }: AnalysisFacts, t: Words): Html {
  const { savedAt, usedMemory, target } = head;
  const rows: (readonly [string, string])[] = [
    [t('Format'), head.magic],
    [t('Server'), head.server],
    ...(savedAt === null ? [] : [[t('Saved'), `${formatTime(savedAt)} UTC`] as const]),
    [t('File'), `${formatBytes(head.bytes)} (${formatCount(head.bytes)} B)`],
    [
      t('Keys'),
      head.filter === '' ? formatCount(all.keys) : t('{0} of {1} keys', formatCount(all.keys), formatCount(head.keys)),
    ],
    ...(head.filter === '' ? [] : [[t('Only'), head.filter] as const]),
    [t('Bytes of these keys'), formatBytes(all.bytes)],
    ...(hasMemory ? [[t('Memory of these keys'), t('about {0}', formatBytes(all.memory))] as const] : []),
    ...(target === '' ? [] : [[t('Memory as of'), target] as const]),
    ...(usedMemory === null ? [] : [[t('Memory of the server'), formatBytes(usedMemory)] as const]),
  ];
  return html`${
    head.damaged
      ? html`<p class="warning" role="note">${t('The file is damaged. This report is about what is intact of it.')}</p>`
      : NOTHING
  }<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function findingsOf({ findings }: AnalysisFacts, t: Words): Html {
  const translate: Words = t;
  const say = (phrase: { readonly phrase: string; readonly args: readonly MessageArg[] }) =>
    phraseText(phrase, translate);
  const classes = { error: 'error', warning: 'warn', info: 'info' } as const;
  return html`<section id="findings"><h2>${t('Findings')}</h2>${
    findings.length === 0
      ? html`<p class="dim">${t('Nothing stands out.')}</p>`
      : html`<ul class="findings">${findings.map(
          ({ severity, title, advice, offset }) =>
            html`<li class="${classes[severity]}">${say(title)}${offset === null ? NOTHING : html` <span class="dim">${t('Offset {0}.', formatCount(offset))}</span>`}<br><span class="dim">${say(advice)}</span></li>`,
        )}</ul>`
  }</section>
`;
}

function titled(view: View, title: string): View {
  return { ...view, title, tables: view.tables.map(({ table }) => ({ title, table })) };
}

function sectionOf(id: string, view: View, limit: number, t: Words): Html {
  const { title, note, nothing, draw, legend, tables } = view;
  if (nothing !== '')
    return html`<section id="${id}"><h2>${title}</h2><p class="dim">${nothing}</p></section>
`;
  const picture = draw ? pictureOf(draw(WIDTH), title) : NOTHING;
  const shown = tables.map(({ title: name, table }, i) => {
    const content = tableOf(table, limit, t);
    // Behind a picture the first table is for those who want the numbers.
    if (i === 0 && draw) return html`<details><summary>${t('As a table')}</summary>${content}</details>`;
    return html`${name === title ? NOTHING : html`<h3>${name}</h3>`}${content}`;
  });
  return html`<section id="${id}"><h2>${title}${note === '' ? NOTHING : html` <span class="note">${note}</span>`}</h2>${
    draw && legend.length > 0
      ? html`<p class="legend">${legend.map(({ paint, text }) => html`<span>${swatchOf(paint)}${text}</span>`)}</p>`
      : NOTHING
  }${picture}${shown}</section>
`;
}

function pictureOf(picture: Picture, title: string): Html {
  return svgOf(picture, title);
}

function tableOf({ columns, rows }: Table, limit: number, t: Words): Html {
  const shown = rows.slice(0, limit);
  const numeric = (i: number) => (columns[i]?.numeric ? ' class="numeric"' : '');
  const hasBars = rows.some(({ share }) => share !== undefined);
  return html`<div class="scroll"><table><thead><tr>${columns.map(
    ({ label }, i) => html`<th scope="col"${new Html(numeric(i))}>${label}</th>`,
  )}${hasBars ? html`<td></td>` : NOTHING}</tr></thead><tbody>${shown.map(
    ({ cells, share }) =>
      html`<tr><th scope="row">${cells[0].text}</th>${cells
        .slice(1)
        .map(
          ({ text }, i) => html`<td${new Html(numeric(i + 1))}>${text}</td>`,
        )}${hasBars ? html`<td>${barOf(share ?? 0)}</td>` : NOTHING}</tr>`,
  )}</tbody></table></div>${rows.length > shown.length ? html`<p class="dim">${t('and {0} more', formatCount(rows.length - shown.length))}</p>` : NOTHING}`;
}

function bigRows({ file, index, memory }: AnalysedKeys, list: readonly BigKey[]) {
  return list.map(({ row, value }) => {
    const { kind, db, size, elements, expireAt } = index.fact(row);
    const { text, whole } = displayText(nameOf(file.source, index, row, NAME_BYTES), NAME_BYTES);
    return {
      row,
      name: text,
      nameCut: !whole || text.length >= NAME_BYTES,
      type: kind.type,
      encoding: kind.encoding,
      elements: elements ?? null,
      db,
      size,
      expireAt: expireAt === undefined ? null : typeof expireAt === 'bigint' ? String(expireAt) : expireAt,
      value,
      memory: memory?.(row) ?? null,
    };
  });
}
