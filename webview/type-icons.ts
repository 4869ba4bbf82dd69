/** The icons of the editor that stand for types of values. */

const ICONS: Readonly<Record<string, string>> = {
  string: 'symbol-string',
  list: 'list-ordered',
  set: 'symbol-array',
  zset: 'list-filter',
  hash: 'symbol-structure',
  stream: 'pulse',
  array: 'symbol-array',
  cronjob: 'watch',
  gcra: 'dashboard',
  vectorset: 'graph-scatter',
  'ReJSON-RL': 'json',
  'TSDB-TYPE': 'graph-line',
};

/** The icon of a type; a module's own if it has none. */
export function typeIcon(type: string): string {
  return ICONS[type] ?? 'extensions';
}
