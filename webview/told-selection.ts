/** Tells the extension which rows are selected, so that its commands can say what they would work on. */
import type { EditorSelection } from '../src/job-protocol.js';
import { ask } from './connection.js';
import { type Selection, selectedCount } from './grid/selection.js';

let told = '';

/** Tells a selection, unless it is the one that was told last. */
export function tellSelection(
  { ranges }: Selection,
  where: Pick<EditorSelection, 'of' | 'view' | 'filtered' | 'command' | 'part'>,
): void {
  const selection: EditorSelection = {
    ...where,
    positions: ranges,
    rows: selectedCount({ ranges, focus: -1, anchor: -1 }),
  };
  const text = JSON.stringify(selection);
  if (text === told) return;
  told = text;
  void ask('host.selection', { selection }).answer;
}
