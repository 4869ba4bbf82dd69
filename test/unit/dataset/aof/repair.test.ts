/** Plans of repairs: what they keep, what they lose, and that the result is what servers load. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { type AofSet, openAofSet } from '../../../../src/dataset/aof/aof-set.js';
import {
  isLost,
  type RepairPlan,
  RepairPlanner,
  type RepairWay,
  repairedBytes,
} from '../../../../src/dataset/aof/repair.js';
import { parseManifest } from '../../../../src/decoder/aof/manifest.js';
import { newRestoration, restoreCrs } from '../../../../src/decoder/aof/restore-crs.js';
import { MemorySource } from '../../../../src/decoder/source.js';
import { AOFS, memoryFolder, multiPart, scanSet, singleFile } from '../../support/aof-files.js';
import { resp } from '../../support/aof-scanned.js';
import { file, key, string } from '../../support/rdb-writer.js';

function joined(...parts: (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))));
}

const set = (name: string) => resp('SET', name, 'value');
const [A, B, C, D] = ['a', 'b', 'c', 'd'].map(set);
const MULTI = resp('MULTI');
const EXEC = resp('EXEC');
const CUT = set('cut').subarray(0, 17);
const RDB = file('REDIS0010', key(0, 'k', string('v')));
const at = (time: number) => `#TS:${time}\r\n`;

function planOf(aof: AofSet, way: RepairWay, time?: number): RepairPlan {
  const planner = new RepairPlanner(aof, way, time);
  while (planner.step());
  return planner.plan();
}

/** What a plan writes, by file. */
function written(plan: RepairPlan): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const planned of plan.files) {
    files[planned.part.file] = joined(...Array.from(repairedBytes(planned), (piece) => piece.slice()));
  }
  if (plan.manifest) files[plan.manifest.file] = plan.manifest.bytes;
  return files;
}

/** Plans, writes, and sees that a server would load the result and that nothing else is lost than was said. */
function repaired(aof: AofSet, way: RepairWay, time?: number): Record<string, string> {
  const plan = planOf(aof, way, time);
  const files = written(plan);
  const again = openAofSet(memoryFolder(files), plan.manifest?.file ?? plan.files[0].part.file);
  const after = scanSet(again, { checksum: true });
  assert.equal(after.scan.judgement?.verdict, 'loads');
  assert.deepEqual(after.scan.problems, []);
  const before = scanSet(aof).commands.filter(({ part }) => aof.parts[part].role !== 'history');
  assert.deepEqual(
    after.commands.map(({ name }) => name),
    before.filter(({ part, offset }) => !isLost(plan, part, offset)).map(({ name }) => name),
  );
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString('latin1')]),
  );
}

const text = (...parts: (string | Uint8Array)[]) => Buffer.from(joined(...parts)).toString('latin1');

describe('cutting the tail', () => {
  it('cuts where the last whole command ends, and keeps an annotation behind it', () => {
    assert.deepEqual(repaired(singleFile(joined(A, at(17), CUT)), 'cut-tail'), { 'a.aof': text(A, at(17)) });
    const parts = repaired(multiPart([A, joined(B, CUT)], RDB), 'cut-tail');
    assert.equal(parts['a.2.incr.aof'], text(B));
    assert.equal(parts['a.1.base.rdb'], text(RDB));
  });

  it('cuts before a transaction that is not closed, or that has damage in it', () => {
    for (const tail of [joined(MULTI, B), joined(MULTI, B, CUT), joined(MULTI, B, 'garbage', C, EXEC)]) {
      assert.deepEqual(repaired(singleFile(joined(A, tail)), 'cut-tail'), { 'a.aof': text(A) });
    }
  });

  it('changes nothing of what servers load', () => {
    for (const aof of [singleFile(A), multiPart([A, B], RDB), singleFile(joined()), singleFile(joined(A, EXEC, B))]) {
      assert.equal(planOf(aof, 'cut-tail').changes, false);
    }
  });

  it('says what it cannot mend', () => {
    const { notes, changes } = planOf(multiPart([joined(A, 'garbage'), B], RDB.subarray(0, -9)), 'cut-tail');
    assert.equal(changes, false);
    assert.deepEqual(
      notes.map(({ args }) => args[0]),
      ['a.1.base.rdb', 'a.1.incr.aof'],
    );
  });

  it('leaves missing and history files out of the new manifest, and what else is wrong with it', () => {
    const manifest = [
      'file h.1.incr.aof seq 1 type h',
      '',
      'file old.base.rdb seq 1 type b',
      'file a.2.base.rdb seq 2 type b',
      'file a.3.incr.aof seq 3 type i',
      'file a.2.incr.aof seq 2 type i startoffset 5 endoffset 9 colour blue',
    ].join('\n');
    const files = {
      'old.base.rdb': RDB,
      'a.2.base.rdb': RDB,
      'a.2.incr.aof': A,
      'h.1.incr.aof': A,
      'a.manifest': `${manifest}\n`,
    };
    const plan = planOf(openAofSet(memoryFolder(files), null), 'cut-tail');
    assert.equal(
      Buffer.from(plan.manifest?.bytes ?? []).toString(),
      'file a.2.base.rdb seq 2 type b\nfile a.2.incr.aof seq 2 type i startoffset 5 endoffset 9 colour blue\n',
    );
    assert.deepEqual(plan.leftOut.map((part) => part.file).sort(), ['a.3.incr.aof', 'h.1.incr.aof', 'old.base.rdb']);
  });
});

describe('cutting at a time', () => {
  const parts = () => multiPart([joined(at(10), A, at(20), B), joined(at(30), C, at(40), D), joined(at(50), A)], RDB);

  it('cuts before the first later annotation, in whichever file it is', () => {
    const names = (files: Record<string, string>) =>
      parseManifest(joined(files['a.manifest'])).lines.map(({ fileName }) => fileName);
    const cut = repaired(parts(), 'cut-at-time', 30);
    assert.equal(cut['a.2.incr.aof'], text(at(30), C));
    assert.deepEqual(names(cut), ['a.1.base.rdb', 'a.1.incr.aof', 'a.2.incr.aof']);
    const inFirst = repaired(parts(), 'cut-at-time', 19);
    assert.equal(inFirst['a.1.incr.aof'], text(at(10), A));
    assert.deepEqual(names(inFirst), ['a.1.base.rdb', 'a.1.incr.aof']);
  });

  it('leaves out a file that begins later', () => {
    assert.deepEqual(Object.keys(repaired(parts(), 'cut-at-time', 25)).sort(), [
      'a.1.base.rdb',
      'a.1.incr.aof',
      'a.manifest',
    ]);
  });

  it('keeps transactions whole', () => {
    const content = joined(at(10), A, MULTI, B, at(20), C, EXEC);
    assert.deepEqual(repaired(singleFile(content), 'cut-at-time', 15), { 'a.aof': text(at(10), A) });
  });

  it('cuts nothing where nothing is later, or nothing is annotated', () => {
    for (const aof of [parts(), singleFile(A)]) {
      const plan = planOf(aof, 'cut-at-time', 60);
      assert.deepEqual([plan.changes, plan.notes.length], [false, 1]);
    }
  });
});

describe('leaving out damage', () => {
  it('keeps what stands behind it, in every file', () => {
    const parts = repaired(multiPart([joined(A, 'garbage', B), joined(C, CUT, D, CUT)]), 'drop-damage');
    assert.deepEqual([parts['a.1.incr.aof'], parts['a.2.incr.aof']], [text(A, B), text(C, D)]);
  });

  it('keeps a transaction whose EXEC is there, and leaves out one whose is not', () => {
    const content = (...tail: (string | Uint8Array)[]) => singleFile(joined(A, MULTI, B, 'garbage', ...tail));
    assert.deepEqual(repaired(content(C, EXEC, D), 'drop-damage'), { 'a.aof': text(A, MULTI, B, C, EXEC, D) });
    assert.deepEqual(repaired(content(MULTI, C, EXEC, D), 'drop-damage'), { 'a.aof': text(A, MULTI, C, EXEC, D) });
    assert.deepEqual(repaired(content(C), 'drop-damage'), { 'a.aof': text(A, C) });
  });

  it('leaves out an EXEC whose MULTI was damaged, and a transaction that the file ends in', () => {
    assert.deepEqual(repaired(singleFile(joined(A, 'garbage', B, EXEC, C)), 'drop-damage'), { 'a.aof': text(A, B, C) });
    assert.deepEqual(repaired(singleFile(joined(A, 'garbage', B, MULTI, C)), 'drop-damage'), { 'a.aof': text(A, B) });
  });
});

describe('restoring CRs', () => {
  const withoutCrs = (content: Uint8Array) => joined(Buffer.from(content).toString('latin1').replaceAll('\r\n', '\n'));

  /** What a restoration gives, and how it went. */
  function restored(content: Uint8Array) {
    const result = newRestoration();
    const pieces = [...restoreCrs(new MemorySource(content), 0, result)];
    return { bytes: joined(...pieces), result };
  }

  it('gives back a file of a server exactly', () => {
    for (const [variant, name] of [
      ['redis-8.6.3/aof-timestamps', 'appendonlydir/appendonly.aof.1.incr.aof'],
      ['redis-7.2.6/aof-upgraded', 'appendonlydir/appendonly.aof'],
    ]) {
      const content = new Uint8Array(readFileSync(path.join(AOFS, variant, name)));
      const { bytes, result } = restored(withoutCrs(content));
      assert.deepEqual(result.doubts, []);
      assert.ok(Buffer.from(bytes).equals(content), variant);
    }
  });

  it('gives back CR LF inside of values where all LF were CR LF', () => {
    const content = joined(
      resp('SET', 'k', 'one\r\ntwo\r\n'),
      resp('SET', 'k', 'one\ntwo'),
      resp('SET', 'k', '\r\n\r\n'),
      A,
    );
    const { bytes, result } = restored(withoutCrs(content));
    assert.ok(Buffer.from(bytes).equals(content));
    assert.deepEqual([result.inValues, result.doubts], [4, []]);
  });

  it('says where it cannot tell which LF were CR LF, and keeps the length right', () => {
    const content = joined(A, resp('SET', 'k', 'one\ntwo\r\nthree'), B);
    const broken = withoutCrs(content);
    const { bytes, result } = restored(broken);
    assert.equal(bytes.length, content.length);
    assert.deepEqual(result.doubts, [{ offset: Buffer.from(broken).indexOf('one'), missing: 1, lineFeeds: 2 }]);
    assert.equal(scanSet(singleFile(bytes)).scan.judgement?.verdict, 'loads');
  });

  it('leaves alone what has its CRs, also where a server has gone on writing', () => {
    assert.ok(Buffer.from(restored(joined(A, B)).bytes).equals(joined(A, B)));
    assert.ok(Buffer.from(restored(joined(withoutCrs(A), B)).bytes).equals(joined(A, B)));
    assert.equal(planOf(multiPart([A], RDB), 'restore-crs').changes, false);
  });

  it('is planned for the files that need it, and leaves out a tail that is cut off', () => {
    const plan = planOf(multiPart([withoutCrs(joined(A, B, CUT)), C], RDB), 'restore-crs');
    const files = written(plan);
    assert.ok(Buffer.from(files['a.1.incr.aof']).equals(joined(A, B)));
    assert.ok(Buffer.from(files['a.2.incr.aof']).equals(C));
    assert.deepEqual(
      plan.files.map(({ lost }) => lost.length),
      [0, 1, 0],
    );
  });

  it('stops at what is no AOF even without CRs', () => {
    for (const content of ['garbage', '*x\n', '*1\n$x\n', '*1\n$3\nab', '*1\n$1\nabc\n', '*1\n:3\n', '']) {
      const { bytes, result } = restored(joined(withoutCrs(A), content));
      assert.ok(Buffer.from(bytes).equals(A), content);
      assert.equal(result.restoredUpTo, withoutCrs(A).length);
    }
  });
});
