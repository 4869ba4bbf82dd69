/** Tables as text to paste elsewhere: tab-separated for spreadsheets, Markdown for documents. */
import type { Table } from './shapes.js';

/** A line for each row, cells with tabs between them; numbers as they are, without units. */
export function tableAsTsv({ columns, rows }: Table): string {
  const cell = (text: string) => text.replace(/[\t\r\n]/g, ' ');
  const lines = [columns.map(({ label }) => cell(label))];
  for (const { cells } of rows)
    lines.push(cells.map(({ text, value }) => (value === undefined ? cell(text) : String(value))));
  return `${lines.map((line) => line.join('\t')).join('\n')}\n`;
}

/** A Markdown table in which whatever the cells hold stays text. */
export function tableAsMarkdown({ columns, rows }: Table): string {
  const cell = (text: string) =>
    text.replace(/[\\`*_{}[\]<>|~#&!]/g, (character) => `\\${character}`).replace(/[\r\n]+/g, ' ');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `${[
    line(columns.map(({ label }) => cell(label))),
    line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
    ...rows.map(({ cells }) => line(cells.map(({ text }) => cell(text)))),
  ].join('\n')}\n`;
}
