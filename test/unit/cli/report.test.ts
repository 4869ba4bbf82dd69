/** `report`: one page of HTML about real, hostile and damaged files, and its exit status. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { bytes } from '../support/bytes.js';
import { CORPUS, dumps } from '../support/fixtures.js';
import { cli } from '../support/programs.js';
import { aux, counted, expireMs, file, key, selectdb, string } from '../support/rdb-writer.js';
import { tempFolder } from '../support/temp.js';

const folder = tempFolder();
const out = (name: string) => path.join(folder, name);

async function reportOf(source: string, name: string, ...options: string[]) {
  const run = await cli('report', source, '--out', out(name), ...options);
  return { ...run, html: existsSync(out(name)) ? readFileSync(out(name), 'utf8') : '' };
}

/** What names of keys try, to get out of their place. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '</title></style></svg><svg onload=alert(1)>',
  '&lt;b&gt;',
  '<!-- ',
  ']]>',
  '\u202egnp.txt',
  '\x00\xff\x1b[31m',
  '{"></td><td onclick=alert(1)>}',
];

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Elements and attributes of a page, by a reader that knows nothing but the syntax. */
function markup(html: string): { readonly tags: ReadonlySet<string>; readonly attributes: ReadonlySet<string> } {
  const tags = new Set<string>();
  const attributes = new Set<string>();
  const text = html.replace(/<style>[\s\S]*?<\/style>/, '');
  for (const [, name, rest] of text.matchAll(/<\/?([a-zA-Z][^\s/>]*)((?:"[^"]*"|[^">])*)>/g)) {
    tags.add(name);
    for (const [, attribute] of rest.matchAll(/\s([^\s=/">]+)(?:="[^"]*")?/g)) attributes.add(attribute);
  }
  return { tags, attributes };
}

const TAGS = new Set(
  'html head meta title style body header h1 h2 h3 dl dt dd nav ul li a main section p span br svg rect text line path details summary div table thead tbody tr th td footer'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'lang charset http-equiv content name id class href scope role aria-label aria-hidden viewBox width height x y x1 y1 x2 y2 d text-anchor'.split(
    ' ',
  ),
);

function assertHarmless(html: string): void {
  const { tags, attributes } = markup(html);
  assert.deepEqual(
    [...tags].filter((tag) => !TAGS.has(tag)),
    [],
  );
  assert.deepEqual(
    [...attributes].filter((attribute) => !ATTRIBUTES.has(attribute)),
    [],
  );
  assert.match(html, /<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src/);
  for (const [, link] of html.matchAll(/href="([^"]*)"/g)) assert.match(link, /^#[a-z-]+\d*$/);
  assert.doesNotMatch(html, /https?:|url\(|@import/);
}

describe('report', () => {
  it('is about every dump of the corpus without a script, a link or a file beside it', async () => {
    for (const { name, folder: at } of dumps().filter(({ size }, i) => i % 8 === 0 && size < 200_000)) {
      const { status, stderr, html } = await reportOf(path.join(at, 'dump.rdb'), 'corpus.html', '--overwrite');
      assert.equal(stderr, '', name);
      assert.equal(status, 0, name);
      assertHarmless(html);
      assert.ok(html.endsWith('</html>\n'));
    }
  });

  it('keeps names of keys, fields and hash tags text', async () => {
    const source = out('hostile.rdb');
    const records = HOSTILE.map((name, i) => [
      i % 2 ? expireMs(1_700_000_100_000 + i) : [],
      key(1, utf8(name), counted([string(utf8(name))])),
      Array.from({ length: 3 }, (_, k) => key(0, bytes(utf8(name), `:${k}`), string('v'))),
    ]);
    const fields = counted([string('<b>'), string('1'), string('"onload="'), string('2')].flat());
    const hashes = Array.from({ length: 80 }, (_, i) => key(4, `h:${i}`, bytes(2, fields.subarray(1))));
    writeFileSync(
      source,
      file('REDIS0010', aux('redis-ver', '<i>7</i>'), aux('ctime', '1700000000'), selectdb(0), records, hashes),
    );
    const { status, html } = await reportOf(source, '"><script>.html', '--top', '500');
    assert.equal(status, 0);
    assertHarmless(html);
    assert.ok(html.includes('&#60;script&#62;alert(1)&#60;/script&#62;'));
    assert.ok(html.includes('\\u{202e}gnp.txt'));
  });

  it('counts what passes the filters, and says which these are', async () => {
    const source = path.join(CORPUS, 'redis-8.6.3', 'types', 'dump.rdb');
    const { html, stdout } = await reportOf(
      source,
      'filtered.html',
      '--type',
      'hash',
      '--match',
      '*',
      '--db',
      '0',
      '--top',
      '3',
    );
    const [, count] = /: (\d+) keys/.exec(stdout) ?? [];
    const decoded = await cli('decode', source, '--type', 'hash', '--db', '0', '--keys-only');
    assert.equal(Number(count), decoded.stdout.trim().split('\n').length);
    assert.match(html, /<dd>name matches \*; type hash; database 0<\/dd>/);
    assert.match(html, /and \d+ more/);
  });

  it('estimates memory for another server', async () => {
    const source = path.join(CORPUS, 'redis-8.6.3', 'types', 'dump.rdb');
    const { html } = await reportOf(source, 'target.html', '--target', 'valkey-8.0');
    assert.match(html, /<dt>Memory as of<\/dt><dd>Valkey 8\.0<\/dd>/);
  });

  it('is about what is intact of a damaged file, and says so', async () => {
    const whole = readFileSync(path.join(CORPUS, 'redis-8.6.3', 'types', 'dump.rdb'));
    const source = out('damaged.rdb');
    writeFileSync(source, whole.subarray(0, Math.floor(whole.length / 2)));
    const { status, html, stdout } = await reportOf(source, 'damaged.html');
    assert.equal(status, 1);
    assert.match(html, /The file is damaged\. This report is about what is intact of it\./);
    assert.match(stdout, /the file is damaged/);
    assertHarmless(html);
  });

  it('refuses what it cannot do', async () => {
    const source = path.join(CORPUS, 'redis-7.2.6', 'mini', 'dump.rdb');
    writeFileSync(out('there.html'), 'mine');
    for (const [args, message] of [
      [[source], /report needs --out FILE/],
      [[source, '--out', out('there.html')], /is there; --overwrite replaces it/],
      [[source, '--out', source], /--out is the file that is read/],
      [[source, '--out', out('x.html'), '--top', '0'], /--top takes a number/],
      [[source, '--out', out('x.html'), '--target', 'mysql'], /--target takes a version/],
      [[out('there.html'), '--out', out('x.html')], /is no RDB file/],
      [[out('nothing.rdb'), '--out', out('x.html')], /does not exist/],
    ] as const) {
      const { status, stderr } = await cli('report', ...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, message);
    }
    assert.equal(readFileSync(out('there.html'), 'utf8'), 'mine');
    assert.ok(!existsSync(out('x.html')));
  });
});
