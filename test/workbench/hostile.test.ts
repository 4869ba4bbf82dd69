/** A dump that means harm, in a folder that is not trusted: it is shown, letter by letter, and does nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytes } from '../unit/support/bytes.js';
import { aux, file, key, length, OP, selectdb, string } from '../unit/support/rdb-writer.js';
import { Editor } from './support/editor.js';
import type { View } from './support/view.js';

const STRING = 0;
const HASH = 4;

/** Names, and how each has to look. */
const NAMES: readonly (readonly [name: string, shown: string])[] = [
  ['<img src=x onerror="document.title=\'owned\'">', '<img src=x onerror="document.title=\'owned\'">'],
  ['</script><script>document.title="owned"</script>', '</script><script>document.title="owned"</script>'],
  ['"><svg onload=document.title="owned">', '"><svg onload=document.title="owned">'],
  ['photo\u202egpj.exe', 'photo\\u{202e}gpj.exe'],
  ['nul\0byte', 'nul\\x00byte'],
  ['two\nlines', 'two\\nlines'],
  ['zero\u200bwidth', 'zero\\u{200b}width'],
  ['\\x00', '\\\\x00'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the name of a key.
  ['${document.title="owned"}', '${document.title="owned"}'],
  ['command:workbench.action.terminal.new', 'command:workbench.action.terminal.new'],
  ['$(bell) $(sync~spin)', '$(bell) $(sync~spin)'],
];

const MARKUP = NAMES[0][0];

const utf8 = (text: string) => new TextEncoder().encode(text);

function hostileDump(): Uint8Array {
  const names = NAMES.map(([name]) => utf8(name));
  return file(
    'REDIS0011',
    aux('redis-ver', MARKUP),
    aux(MARKUP, NAMES[1][0]),
    bytes(
      OP.function2,
      string(`#!lua name=${MARKUP}\n-- ${NAMES[1][0]}\nredis.register_function('f', function() end)`),
    ),
    selectdb(0),
    ...names.map((name) => key(STRING, name, string(name))),
    key(HASH, 'fields', bytes(length(names.length), ...names.flatMap((name) => [string(name), string(name)]))),
    key(STRING, 'json', string(utf8(JSON.stringify({ [MARKUP]: NAMES.map(([name]) => name) })))),
    key(STRING, `${MARKUP}${'x'.repeat(20_000)}`, string('long')),
  );
}

describe('a dump that means harm, in a folder that is not trusted', () => {
  let editor: Editor;
  let view: View;

  before(async () => {
    editor = await Editor.start({ files: { 'hostile.rdb': hostileDump() }, trust: false });
    await editor.ready();
    await editor.page.getByText('Restricted Mode').first().waitFor();
    view = await editor.openFile('hostile.rdb');
    await view.waitForRows(NAMES.length + 3);
  });

  after(() => editor.stop());

  it('shows every name letter by letter', async () => {
    const names = await view.names();
    assert.deepEqual(
      names.slice(0, NAMES.length),
      NAMES.map(([, shown]) => shown),
    );
  });

  it('shows what the file says of itself as text', async () => {
    assert.ok((await view.summary()).some((part) => part.includes(MARKUP)));
  });

  it('shows each key in the value pane', async () => {
    await view.row(0).click();
    for (const [position, [, shown]] of NAMES.entries()) {
      assert.equal(await view.selectedName(position), shown);
      await view.frame.locator('#keys .pe-scroller').press('ArrowDown');
    }
  });

  it('shows fields, JSON and functions as text', async () => {
    assert.equal(await view.selectedName(NAMES.length), 'fields');
    await view.until('the fields', async () => {
      const rows = await view.itemRows(['Field', 'Value']);
      return rows.length > 5 && rows.every(([field, value], i) => field === NAMES[i][1] && value === NAMES[i][1]);
    });
    await view.frame.locator('#keys .pe-scroller').press('ArrowDown');
    await view.selectedName(NAMES.length + 1);
    const tree = view.frame.locator('pe-value-tree');
    await tree.getByText(MARKUP).first().waitFor();
    await view.tab('File');
    const library = view.frame.locator('.library');
    await library.click();
    await library.getByText(NAMES[1][0]).waitFor();
    // The name of a library ends at a space.
    assert.equal(await library.locator('.library-name').textContent(), '<img');
    await view.frame.locator('#records').getByText(MARKUP).first().waitFor();
  });

  it('ran nothing', async () => {
    // Inside the shadow of a control there may be an icon; none of that is made of the file.
    const made = await view.frame.evaluate(
      () => document.querySelectorAll('pe-app :is(img, svg, script, iframe)').length,
    );
    assert.equal(made, 0);
    assert.equal(await view.frame.title(), 'hostile.rdb');
    assert.doesNotMatch(await editor.page.title(), /owned/);
    assert.deepEqual(editor.complaints, []);
  });
});
