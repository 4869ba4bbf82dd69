/** Walks the parts of a record by their layout and names each field: the same layouts that the scan skips values by. */
import type { Cursor } from '../../cursor.js';
import { DecodeError, phrase } from '../../errors.js';
import { LzfSource } from '../../lzf.js';
import { readFully } from '../../source.js';
import { ListpackReader } from '../blobs/listpack.js';
import { narrow } from '../blobs/reader.js';
import { millisOfHost, secondsOfHost } from '../host-time.js';
import type { BlobKind, Layout, Step } from '../layout.js';
import { readCount, readLength, readLength64 } from '../length.js';
import { type ModuleId, parseMetadataClass, parseModuleId } from '../module-id.js';
import {
  ITEM_DOUBLE,
  ITEM_END,
  ITEM_FLOAT,
  ITEM_SIGNED,
  ITEM_STRING,
  ITEM_UNSIGNED,
  readItem,
} from '../modules/items.js';
import { moduleType } from '../modules/module-types.js';
import { readBlob, readStringHeader, type StringHeader } from '../string.js';
import { blobFields } from './blob-fields.js';
import { type FieldEvent, type FieldValue, type FieldWalk, type Roles, reaches, type Stretch } from './events.js';
import type { FieldName } from './names.js';

/** Bytes of a string that are shown beside its field. */
const SHOWN = 200;
/** Turns of a repetition between two breaks. */
const SLICE = 1024;
/** Bytes between two places that are kept to go on from. */
const MARK_EVERY = 1 << 20;

/** What the walk over a record needs to know of the file. */
export interface WalkContext {
  readonly version: number;
  /** Number of fields of a hash template; undefined if the file does not define it. */
  templateFields(id: bigint): number | undefined;
}

/** Places in the outermost repetition of a record where a walk can begin; shared by the walks over one record. */
export class TurnMarks {
  private readonly turns: number[] = [];
  private readonly offsets: number[] = [];
  /** The repetition that they are in: the first that is long. */
  private repetition: Step | undefined;

  /** Keeps a place. Places come in ascending order, some of them again. */
  put(repetition: Step, turn: number, offset: number): void {
    this.repetition ??= repetition;
    const last = this.offsets[this.offsets.length - 1] ?? 0;
    if (this.repetition !== repetition || offset < last + MARK_EVERY) return;
    this.turns.push(turn);
    this.offsets.push(offset);
  }

  /** The last place before an offset. */
  before(repetition: Step, offset: number): readonly [turn: number, offset: number] | undefined {
    if (this.repetition !== repetition) return undefined;
    let at = this.offsets.length - 1;
    while (at >= 0 && this.offsets[at] > offset) at--;
    return at < 0 ? undefined : [this.turns[at], this.offsets[at]];
  }
}

/** A walk over the steps of one record. It ends where the stretch ends. */
export class LayoutWalk {
  private counted = 0;
  private module: ModuleId = { name: '', version: 0 };

  constructor(
    private readonly cursor: Cursor,
    private readonly context: WalkContext,
    private readonly stretch: Stretch,
    private readonly marks: TurnMarks = new TurnMarks(),
  ) {}

  private get passed(): boolean {
    return this.cursor.offset >= this.stretch.to;
  }

  private *field(name: FieldName, start: number, value?: FieldValue): Generator<FieldEvent, void> {
    const end = this.cursor.offset;
    if (end > start && reaches(this.stretch, start, end)) {
      yield value === undefined ? { kind: 'field', name, start, end } : { kind: 'field', name, start, end, value };
    }
  }

  /** The steps of a layout. @param outermost true for those of the record itself. */
  *steps(layout: Layout, outermost = false): FieldWalk {
    for (const step of layout) {
      if (this.passed) return;
      yield* this.step(step, outermost);
    }
  }

  private *step(step: Step, outermost: boolean): FieldWalk {
    const { cursor } = this;
    const start = cursor.offset;
    switch (step.step) {
      case 'length': {
        const value = readLength64(cursor, 'the value');
        if (step.counts) this.counted = Number(value);
        yield* this.field(step.name ?? 'number', start, narrow(value));
        break;
      }
      case 'bytes':
        yield* this.field(step.name ?? 'content', start, this.fixed(step));
        break;
      case 'string':
        yield* this.string(step.name ?? 'string', undefined, step.holds, step.roles);
        break;
      case 'kept-string':
        yield* this.string(step.name ?? 'string');
        break;
      case 'blob':
        yield* this.string(step.name ?? 'value', undefined, step.kind, step.roles);
        break;
      case 'text-score': {
        const length = cursor.u8('the score');
        const special = ['nan', 'inf', '-inf'][length - 253];
        yield* this.field('length', start, special ?? length);
        if (special === undefined) yield* this.content(step.name ?? 'score', length);
        break;
      }
      case 'repeat': {
        const least = step.body.length;
        const count = readCount(cursor, 'the value', Math.max(1, least));
        if (step.counts) this.counted = count;
        yield* this.field('count', start, count);
        yield* this.repeat(step, step.body, count, step.name, step.each, outermost);
        break;
      }
      case 'repeat-counted':
        yield* this.repeat(step, step.body, this.counted, step.name, step.each, outermost);
        break;
      case 'template-values': {
        const id = readLength64(cursor, 'the hash template');
        yield* this.field('template', start, narrow(id));
        const count = this.context.templateFields(id);
        if (count === undefined) throw new DecodeError('unknown-template', cursor.toFileOffset(start), String(id));
        yield* this.repeat(step, VALUE, count, undefined, 'value', outermost);
        break;
      }
      case 'template': {
        const id = readLength64(cursor, 'the hash template');
        yield* this.field('template', start, narrow(id));
        yield* this.step(NAMES, outermost);
        break;
      }
      case 'quicklist-node': {
        const container = readLength(cursor, 'the list node');
        if (container !== 1 && container !== 2) {
          throw new DecodeError('bad-quicklist', cursor.toFileOffset(start), container);
        }
        yield* this.field('container', start, container === 1 ? '1 (plain)' : '2 (packed)');
        if (container === 1) yield* this.string('element');
        else yield* this.string('value', undefined, 'listpack', ['element']);
        break;
      }
      case 'array-element':
        yield* this.arrayElement();
        break;
      case 'template-names': {
        const format = readLength(cursor, 'the hash template');
        yield* this.field('format', start, format);
        if (format > 1) {
          const reason = phrase('names in format {0}', format);
          throw new DecodeError('bad-hash-template', cursor.toFileOffset(start), reason);
        }
        if (format === 1) {
          const at = cursor.offset;
          this.counted = readLength(cursor, 'the hash template');
          cursor.offset = at;
          yield* this.step(NAMES, outermost);
        } else {
          this.counted = elementsOf(cursor);
          yield* this.string('names', undefined, 'listpack', ['name']);
        }
        break;
      }
      case 'module-id': {
        this.module = parseModuleId(readLength64(cursor, 'the module data'));
        yield* this.field('module', start, `${this.module.name} v${this.module.version}`);
        break;
      }
      case 'metadata-class': {
        const spec = parseMetadataClass(cursor.u32le('the key metadata'));
        this.module = { name: spec.name, version: spec.version };
        yield* this.field('class-spec', start, `${spec.name} v${spec.version}`);
        break;
      }
      case 'module-items':
        yield* this.moduleItems(step, outermost);
        break;
      case 'untagged-module': {
        const layout = moduleType(this.module.name)?.untagged?.layout;
        if (!layout) throw new DecodeError('unknown-module', cursor.toFileOffset(start), this.module.name);
        yield* this.steps(layout, outermost);
        break;
      }
      case 'optional': {
        const present = readLength(cursor, 'the value');
        yield* this.field('present', start, present);
        if (present !== 0) yield* this.steps(step.body, outermost);
        break;
      }
    }
  }

  private fixed({ name, as, count }: Extract<Step, { step: 'bytes' }>): FieldValue | undefined {
    const { cursor, context } = this;
    const start = cursor.offset;
    switch (as) {
      case 'double':
        return cursor.f64le();
      case 'time': {
        const time = cursor.i64le();
        return time === -1n ? -1 : { time: narrow(name === 'expiry' ? millisOfHost(time, context.version) : time) };
      }
      case 'milliseconds':
        return narrow(cursor.i64le());
      case 'stream-id':
        return { id: { ms: cursor.u64be(), seq: cursor.u64be() } };
      default:
        if (name === 'expiry') return { time: secondsOfHost(cursor.i32le('the expiry'), context.version) * 1000 };
        if (count === 1) return cursor.u8();
        cursor.skip(count);
        return this.preview(start, count);
    }
  }

  private preview(start: number, length: number): FieldValue {
    const bytes = new Uint8Array(Math.min(SHOWN, length));
    return { bytes: bytes.subarray(0, readFully(this.cursor.origin, start, bytes)), length };
  }

  private *content(name: FieldName, length: number): FieldWalk {
    const start = this.cursor.offset;
    this.cursor.skip(length);
    yield* this.field(name, start, reaches(this.stretch, start, this.cursor.offset) ? this.preview(start, length) : 0);
  }

  /** A string of any encoding. @param holds the compact structure that is in it. */
  *string(name: FieldName, index?: number, holds?: BlobKind, roles: Roles = ['element']): FieldWalk {
    const { cursor, stretch } = this;
    const start = cursor.offset;
    const header = readStringHeader(cursor, 'the string');
    const end = cursor.offset;
    if (!reaches(stretch, start, end)) return;
    const value =
      header.integer ?? (header.encoding === 'raw' ? this.preview(header.offset, header.length) : undefined);
    yield {
      kind: 'open',
      name,
      start,
      end,
      ...(index === undefined ? {} : { index }),
      ...(value === undefined || holds !== undefined ? {} : { value }),
    };
    yield* this.stringParts(start, header, holds, roles);
    cursor.offset = end;
    yield { kind: 'close', end };
  }

  private *stringParts(start: number, header: StringHeader, holds: BlobKind | undefined, roles: Roles): FieldWalk {
    const { cursor, stretch } = this;
    const { encoding, offset, stored, length } = header;
    if (encoding === 'lzf') {
      cursor.offset = start + 1;
      yield* this.field('encoding', start, 'LZF');
      const lengths: readonly (readonly [FieldName, number])[] = [
        ['compressed-length', stored],
        ['uncompressed-length', length],
      ];
      for (const [name, value] of lengths) {
        const at = cursor.offset;
        readLength(cursor, 'the compressed string');
        yield* this.field(name, at, value);
      }
      const fileOffset = cursor.toFileOffset(offset);
      const source = new LzfSource(cursor.origin, offset, stored, length, fileOffset);
      const end = offset + stored;
      if (stored > 0 && reaches(stretch, offset, end)) {
        const compressed = { source, holds, roles, fileOffset };
        yield { kind: 'field', name: 'compressed', start: offset, end, compressed };
      }
      return;
    }
    cursor.offset = offset;
    if (encoding !== 'raw') {
      yield* this.field('encoding', start, encoding);
      cursor.skip(stored);
      yield* this.field('integer', offset, header.integer);
      return;
    }
    yield* this.field('length', start, length);
    if (holds === undefined) {
      cursor.skip(length);
      yield* this.field('content', offset);
    } else if (reaches(stretch, offset, offset + length)) {
      yield* blobFields(holds, cursor.within(offset, offset + length), roles, stretch);
    }
  }

  private *repeat(
    step: Step,
    body: Layout,
    count: number,
    name: FieldName | undefined,
    each: FieldName = 'element',
    outermost = false,
  ): FieldWalk {
    const { cursor, stretch, marks } = this;
    const start = cursor.offset;
    if (name !== undefined && count > 0) yield { kind: 'open', name, start, end: null };
    let turn = 0;
    const mark = outermost ? marks.before(step, stretch.from) : undefined;
    if (mark) [turn, cursor.offset] = mark;
    for (; turn < count && !this.passed; turn++) {
      if (turn % SLICE === SLICE - 1) {
        if (outermost) marks.put(step, turn, cursor.offset);
        yield undefined;
      }
      const at = cursor.offset;
      this.skip(body);
      const end = cursor.offset;
      if (end <= stretch.from) continue;
      cursor.offset = at;
      const [only] = body;
      if (body.length === 1 && only?.step === 'string' && only.holds === undefined) {
        yield* this.string(only.name ?? each, turn);
      } else {
        yield { kind: 'open', name: each, index: turn, start: at, end };
        yield* this.steps(body);
        cursor.offset = end;
        yield { kind: 'close', end };
      }
    }
    if (name !== undefined && count > 0 && turn >= count) yield { kind: 'close', end: cursor.offset };
  }

  private *arrayElement(): FieldWalk {
    const { cursor } = this;
    const start = cursor.offset;
    yield* this.field('index', start, narrow(readLength64(cursor, 'the array element')));
    const at = cursor.offset;
    const tag = readLength(cursor, 'the array element');
    yield* this.field('tag', at, tag);
    const from = cursor.offset;
    if (tag === 0 || tag === 3) yield* this.string('value');
    else if (tag === 1) yield* this.field('integer', from, narrow(cursor.i64le('the array element')));
    else if (tag === 2) yield* this.field('number', from, cursor.f64le('the array element'));
    else throw new DecodeError('bad-array-tag', cursor.toFileOffset(at), tag);
  }

  private *moduleItems(step: Step, outermost: boolean): FieldWalk {
    const { cursor, stretch, marks } = this;
    const mark = outermost ? marks.before(step, stretch.from) : undefined;
    let index = 0;
    if (mark) [index, cursor.offset] = mark;
    for (; !this.passed; index++) {
      if (index % SLICE === SLICE - 1) {
        if (outermost) marks.put(step, index, cursor.offset);
        yield undefined;
      }
      const start = cursor.offset;
      const last = this.skipItem();
      const end = cursor.offset;
      if (end > stretch.from) {
        cursor.offset = start;
        yield* this.moduleItem(index, end);
        cursor.offset = end;
      }
      if (last) return;
    }
  }

  private *moduleItem(index: number, end: number): FieldWalk {
    const { cursor } = this;
    const start = cursor.offset;
    const tag = readLength(cursor, 'the module data');
    if (tag === ITEM_END) {
      yield* this.field('end-item', start, tag);
      return;
    }
    yield { kind: 'open', name: 'item', index, start, end, value: ITEM_NAMES[tag] };
    yield* this.field('tag', start, `${tag} (${ITEM_NAMES[tag]})`);
    const at = cursor.offset;
    if (tag === ITEM_STRING) {
      yield* this.string('string');
    } else {
      cursor.offset = start;
      const value = readItem(cursor, this.module)?.value;
      yield* this.field('number', at, typeof value === 'bigint' ? narrow(value) : (value as number));
    }
    yield { kind: 'close', end };
  }

  /** Moves behind a module item. @returns true for the end item. */
  private skipItem(): boolean {
    const { cursor } = this;
    const start = cursor.offset;
    const tag = readLength(cursor, 'the module data');
    if (tag === ITEM_STRING) {
      readStringHeader(cursor, 'the module data');
      return false;
    }
    cursor.offset = start;
    return readItem(cursor, this.module) === undefined;
  }

  /** Moves behind the steps of a layout without telling of them. */
  private skip(layout: Layout): void {
    for (const step of layout) this.skipStep(step);
  }

  private skipStep(step: Step): void {
    const { cursor } = this;
    switch (step.step) {
      case 'length':
        readLength(cursor, 'the value');
        break;
      case 'bytes':
        cursor.skip(step.count);
        break;
      case 'string':
      case 'kept-string':
      case 'blob':
        readStringHeader(cursor, 'the string');
        break;
      case 'text-score': {
        const length = cursor.u8('the score');
        if (length < 253) cursor.skip(length, 'the score');
        break;
      }
      case 'repeat':
        for (let left = readCount(cursor, 'the value', step.body.length); left > 0; left--) this.skip(step.body);
        break;
      case 'quicklist-node':
        readLength(cursor, 'the list node');
        readStringHeader(cursor, 'the list node');
        break;
      case 'array-element': {
        readLength(cursor, 'the array element');
        const tag = readLength(cursor, 'the array element');
        if (tag === 1 || tag === 2) cursor.skip(8, 'the array element');
        else readStringHeader(cursor, 'the array element');
        break;
      }
      case 'metadata-class':
        cursor.skip(4, 'the key metadata');
        break;
      case 'module-items':
        while (!this.skipItem());
        break;
      default:
        // What stands nowhere inside a repetition.
        throw new DecodeError('unknown-type', cursor.fileOffset, step.step, '');
    }
  }
}

/** Number of elements of the listpack at a cursor, which stays where it is. */
function elementsOf(cursor: Cursor): number {
  const reader = new ListpackReader(readBlob(cursor.fork(cursor.offset), 'the hash template'));
  while (reader.read());
  return reader.taken;
}

const VALUE: Layout = [{ step: 'string', name: 'value' }];
const NAMES: Step = { step: 'repeat', each: 'name', body: [{ step: 'string', name: 'name' }] };

const ITEM_NAMES: Readonly<Record<number, string>> = {
  [ITEM_SIGNED]: 'signed',
  [ITEM_UNSIGNED]: 'unsigned',
  [ITEM_FLOAT]: 'float',
  [ITEM_DOUBLE]: 'double',
  [ITEM_STRING]: 'string',
};
