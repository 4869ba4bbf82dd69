/** The fields of records: they tile every record of every file, and a part of a walk gives what the whole gives there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Cursor } from '../../../src/decoder/cursor.js';
import { DecodeError } from '../../../src/decoder/errors.js';
import { blobFields } from '../../../src/decoder/rdb/fields/blob-fields.js';
import type { FieldEvent, FieldWalk, Stretch } from '../../../src/decoder/rdb/fields/events.js';
import {
  type FieldsFile,
  headerFields,
  keyFields,
  recordFields,
} from '../../../src/decoder/rdb/fields/record-fields.js';
import { TurnMarks } from '../../../src/decoder/rdb/fields/walk.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { dumps } from '../support/fixtures.js';
import { seededRandom } from '../support/random.js';
import { SAMPLE_FILES } from '../support/samples.js';
import { fileOf, type Scanned, scan } from '../support/scanned.js';

type Field = Extract<FieldEvent, { kind: 'field' }>;

const ALL: Stretch = { from: 0, to: Number.POSITIVE_INFINITY };

interface Walked {
  readonly fields: Field[];
  /** The containers around each field. */
  readonly paths: string[][];
}

/** Runs a walk to its end and checks on the way that containers hold what is in them. */
function run(walk: FieldWalk, whole = true): Walked {
  const fields: Field[] = [];
  const paths: string[][] = [];
  const open: { name: string; start: number; end: number | null }[] = [];
  for (const event of walk) {
    if (!event) continue;
    if (event.kind === 'open') {
      open.push(event);
    } else if (event.kind === 'close') {
      const closed = open.pop();
      assert.ok(closed, 'nothing is closed that is not open');
      assert.ok(closed.end === null || closed.end === event.end, `${closed.name} ends where it said: ${event.end}`);
    } else {
      assert.ok(event.end > event.start, `${event.name} at ${event.start} is not empty`);
      for (const { name, start, end } of open) {
        assert.ok(event.start >= start && event.end <= (end ?? event.end), `${event.name} is inside of ${name}`);
      }
      fields.push(event);
      paths.push(open.map(({ name }) => name));
    }
  }
  if (whole) assert.deepEqual(open, [], 'everything is closed');
  return { fields, paths };
}

/** The walks over all records of a file, in order. */
function* walks(file: FieldsFile, scanned: Scanned, stretch: Stretch): Generator<FieldWalk> {
  const { keys, records, aux } = scanned;
  const inKey = (offset: number) => keys.some((key) => offset >= key.offset && offset < key.end);
  const others = [...records, ...aux]
    .filter(({ offset }) => !inKey(offset))
    .map(({ offset }) => ({ offset, walk: () => recordFields(file, offset, stretch) }));
  const ofKeys = keys.map(({ offset, typeOffset, end }) => ({
    offset,
    walk: () => keyFields(file, offset, typeOffset, end, stretch),
  }));
  yield headerFields(file);
  for (const { walk } of [...others, ...ofKeys].sort((a, b) => a.offset - b.offset)) yield walk();
}

const CASES = [
  ...SAMPLE_FILES.map(({ title, bytes }) => ({ title: `the sample file of ${title}`, bytes })),
  ...dumps().map((dump) => ({
    title: dump.name,
    get bytes() {
      return dump.bytes;
    },
  })),
];

describe('the fields of a file', () => {
  const met = new Set<string>();

  for (const { title, bytes } of CASES) {
    it(`tile it without gap and overlap: ${title}`, () => {
      const scanned = scan(bytes);
      const file = fileOf(new MemorySource(bytes), scanned);
      let at = 0;
      for (const walk of walks(file, scanned, ALL)) {
        const { fields, paths } = run(walk);
        for (const name of paths.flat()) met.add(name);
        for (const field of fields) {
          assert.equal(field.start, at, `${field.name} begins where the field before it ends`);
          at = field.end;
          met.add(field.name);
          if (field.compressed?.holds) runCompressed(field, met);
        }
      }
      assert.equal(at, bytes.length);
    });
  }

  it('are of all the kinds that layouts have', () => {
    const wanted = [
      'backlen',
      'checksum',
      'class-spec',
      'compressed',
      'delivery-time',
      'end-item',
      'freq',
      'free-length',
    ];
    for (const name of [...wanted, 'idle', 'insert-index', 'previous', 'sequence-offset', 'template', 'width']) {
      assert.ok(met.has(name), name);
    }
  });
});

/** The structure in a compressed string is tiled by its own fields. */
function runCompressed(field: Field, met: Set<string>): void {
  const { compressed } = field;
  if (!compressed?.holds) return;
  const { source, holds, roles } = compressed;
  let at = 0;
  for (const inner of run(blobFields(holds, new Cursor(source), roles, ALL)).fields) {
    assert.equal(inner.start, at);
    at = inner.end;
    met.add(inner.name);
  }
  assert.equal(at, source.size);
}

describe('a walk over a part of a record', () => {
  for (const { title, bytes } of SAMPLE_FILES) {
    it(`tells what the whole walk tells of that part: ${title}`, () => {
      const scanned = scan(bytes);
      const file = fileOf(new MemorySource(bytes), scanned);
      for (const { offset, typeOffset, end } of scanned.keys) {
        const { fields, paths } = run(keyFields(file, offset, typeOffset, end, ALL));
        const marks = new TurnMarks();
        const step = Math.max(1, Math.floor((end - offset) / 40));
        for (let at = offset; at < end; at += step) {
          const stretch = { from: at, to: at + 1 };
          const part = run(keyFields(file, offset, typeOffset, end, stretch, marks), false);
          const i = fields.findIndex((field) => field.start <= at && at < field.end);
          assert.equal(part.fields.length, 1, `one field holds byte ${at}`);
          assert.deepEqual({ ...part.fields[0], compressed: null }, { ...fields[i], compressed: null });
          assert.deepEqual(part.paths[0], paths[i]);
        }
      }
    });
  }

  it('begins near the part in a record of many elements', () => {
    // A list of 400,000 elements of ten bytes: 4 MB.
    const count = 400_000;
    const element = [9, ...Buffer.from('some text')];
    const head = [...Buffer.from('REDIS0011'), 0xfe, 0, 1, 1, 0x6b, 0x80, 0, 6, 0x1a, 0x80];
    const bytes = new Uint8Array(head.length + count * element.length + 1);
    bytes.set(head);
    for (let i = 0; i < count; i++) bytes.set(element, head.length + i * element.length);
    bytes[bytes.length - 1] = 0xff;
    let read = 0;
    const memory = new MemorySource(bytes);
    const source = {
      size: bytes.length,
      read(position: number, target: Uint8Array) {
        const got = memory.read(position, target);
        read += got;
        return got;
      },
    };
    const file = {
      source,
      header: { family: 'redis', version: 11, magic: 'REDIS0011' } as const,
      templates: new Map(),
    };
    const marks = new TurnMarks();
    const end = bytes.length - 1;
    const at = head.length + 350_000 * element.length + 3;
    const find = () => run(keyFields(file, 11, 11, end, { from: at, to: at + 1 }, marks), false);
    const first = find();
    assert.equal(first.fields[0]?.name, 'content');
    const before = read;
    assert.ok(before > 3_000_000, 'the first walk passes all elements before');
    assert.deepEqual(find(), first);
    assert.ok(read - before < 1_300_000, `the second begins at a mark: ${read - before} bytes`);
  });
});

describe('the fields of damaged records', () => {
  it('stand before the damage, in order, and the walk ends', () => {
    const seed = 20261128;
    const random = seededRandom(seed);
    for (const { bytes: whole } of SAMPLE_FILES) {
      const scanned = scan(whole);
      for (let round = 0; round < 300; round++) {
        const bytes = Uint8Array.from(whole);
        for (let i = 1 + random(6); i > 0; i--) bytes[9 + random(bytes.length - 9)] = random(256);
        const file = fileOf(new MemorySource(bytes), scanned);
        for (const { offset, typeOffset, end } of scanned.keys) {
          let at = offset;
          try {
            for (const event of keyFields(file, offset, typeOffset, end, ALL)) {
              if (event?.kind !== 'field') continue;
              assert.equal(event.start, at, `seed ${seed}, round ${round}: fields follow each other`);
              at = event.end;
            }
          } catch (error) {
            assert.ok(error instanceof DecodeError, `seed ${seed}, round ${round}: ${error}`);
          }
          assert.ok(at <= bytes.length);
        }
      }
    }
  });
});
