/** AOF manifests in an editor: links, diagnostics with fixes that are safe, and what a line means. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  manifestDiagnostics,
  manifestHover,
  manifestLinks,
  manifestSymbols,
  readManifestText,
} from '../../../src/language/manifest-text.js';
import { fixed, textIn, words } from './support.js';

const BASE = 'file a.aof.2.base.rdb seq 2 type b\n';
const HISTORY = 'file a.aof.1.incr.aof seq 1 type h\n';
const INCR = 'file a.aof.2.incr.aof seq 2 type i\n';
const NEXT = 'file "a.aof.3.incr.aof" seq 3 type i\n';
const FILES = ['a.aof.2.base.rdb', 'a.aof.1.incr.aof', 'a.aof.2.incr.aof', 'a.aof.3.incr.aof'];

const diagnosticsOf = (text: string, files: readonly string[] | null = FILES) =>
  manifestDiagnostics(readManifestText(text, files));
const told = (text: string, files?: readonly string[] | null) =>
  diagnosticsOf(text, files).map(({ severity, code, range }) => `${severity} ${code} | ${textIn(text, range)}`);

describe('a manifest', () => {
  it('has nothing wrong if servers load it', () => {
    assert.deepEqual(told(BASE + HISTORY + INCR + NEXT), []);
    assert.deepEqual(told(`# comment\n${BASE}`, null), []);
  });

  it('links to its parts that are there', () => {
    const text = BASE + INCR + NEXT;
    const links = manifestLinks(readManifestText(text, FILES.slice(2)));
    assert.deepEqual(
      links.map(({ file, range }) => [file, textIn(text, range)]),
      [
        ['a.aof.2.incr.aof', 'a.aof.2.incr.aof'],
        ['a.aof.3.incr.aof', '"a.aof.3.incr.aof"'],
      ],
    );
  });

  it('has parts as its outline, and tells what a line means', () => {
    const text = readManifestText(BASE + INCR.replace('\n', ' startoffset 5 endoffset 9\n'), []);
    assert.deepEqual(
      manifestSymbols(text).map(({ name, detail }) => `${words(name)} ${words(detail)}`),
      ['a.aof.2.base.rdb b 2', 'a.aof.2.incr.aof i 2'],
    );
    const said = manifestHover(text, BASE.length + 3)?.parts.map((part) =>
      'phrase' in part ? words(part.phrase) : '',
    );
    assert.equal(said?.length, 5);
    assert.match(said?.join(' ') ?? '', /incremental file.*number 2\..*offset 5\..*offset 9\..*not there/);
  });

  it('lacks parts: a history file can be taken out, others cannot', () => {
    const text = BASE + HISTORY + INCR;
    assert.deepEqual(told(text, []), [
      'error missing-part | a.aof.2.base.rdb',
      'warning missing-history | a.aof.1.incr.aof',
      'error missing-part | a.aof.2.incr.aof',
    ]);
    const [base, history] = diagnosticsOf(text, []);
    assert.equal(base.fixes.length, 0);
    assert.equal(fixed(text, history.fixes[0]), BASE + INCR);
  });

  it('has a gap in its sequence, and numbers that do not rise', () => {
    const gap = BASE + INCR + NEXT.replace('seq 3', 'seq 5');
    assert.deepEqual(told(gap), ['warning sequence-gap | 5']);
    assert.equal(fixed(gap, diagnosticsOf(gap)[0].fixes[0]), BASE + INCR + NEXT);
    const same = BASE + INCR + NEXT.replace('seq 3', 'seq 2');
    assert.deepEqual(told(same), ['error manifest-sequence | 2']);
    assert.equal(fixed(same, diagnosticsOf(same)[0].fixes[0]), BASE + INCR + NEXT);
  });

  it('is refused for what servers refuse it for', () => {
    assert.deepEqual(told(BASE + BASE.replace('2.base', '3.base'), null), [
      'error manifest-two-bases | file a.aof.3.base.rdb seq 2 type b',
    ]);
    assert.deepEqual(told('file ../x seq 1 type i\n', null), ['error manifest-path | ../x']);
    assert.deepEqual(told('file x seq 1 type q\n', null), ['error manifest-type | q']);
    assert.deepEqual(told('file x seq 1\n', null), ['error manifest-tokens | file x seq 1']);
    assert.deepEqual(told('file "x seq 1 type i\n', null), ['error manifest-quotes | "x']);
    assert.equal(told('', null).length, 1);
    assert.deepEqual(told(INCR + INCR.replace('seq 2', 'seq 3')), ['warning repeated-file | a.aof.2.incr.aof']);
  });

  it('is mended where a line is blank or has no end', () => {
    const blank = `${BASE}\n${INCR}`;
    assert.equal(fixed(blank, diagnosticsOf(blank)[0].fixes[0]), BASE + INCR);
    const open = BASE + INCR.trimEnd();
    assert.equal(fixed(open, diagnosticsOf(open)[0].fixes[0]), BASE + INCR);
  });
});
