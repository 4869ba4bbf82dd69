/**
 * The layouts of values and opcode payloads, as data: what a scan needs to find the end of a record without decoding
 * it, and to count its elements on the way. Each structure states its own layout beside its decoder; this file gives
 * the words for it and turns them into the flat code that the scanner runs.
 */

import type { FieldName, Meaning } from './fields/names.js';

/** How to find the number of elements of a compact structure in its first bytes. */
export type BlobKind = 'listpack' | 'ziplist' | 'intset' | 'zipmap';

/**
 * One step of a layout. `name` says what the field is called where the bytes of a file are shown; the scan does not
 * need it.
 */
export type Step =
  /** A length or number in length encoding; with `counts`, it is the number of elements. */
  | { readonly step: 'length'; readonly name?: FieldName; readonly counts?: boolean }
  /** A fixed number of bytes, at most 16. */
  | { readonly step: 'bytes'; readonly name?: FieldName; readonly as?: Meaning; readonly count: number }
  /** A string of any encoding; `holds` says which compact structure is in it, where the scan counts nothing there. */
  | {
      readonly step: 'string';
      readonly name?: FieldName;
      readonly holds?: BlobKind;
      readonly roles?: readonly FieldName[] | 'stream';
    }
  /** A string that the scan hands on, up to a limit: names and values of aux fields. */
  | { readonly step: 'kept-string'; readonly name?: FieldName }
  /**
   * A compact structure, whose own count, divided by `per`, is added to the number of elements. `roles` names what
   * its entries are in turn.
   */
  | {
      readonly step: 'blob';
      readonly name?: FieldName;
      readonly kind: BlobKind;
      readonly per: number;
      readonly less?: number;
      readonly roles?: readonly FieldName[];
    }
  /** A score as ASCII text with its own length byte (§1.9). */
  | { readonly step: 'text-score'; readonly name?: FieldName }
  /**
   * A count, then that many times the body; with `counts`, the count is the number of elements. `each` names a turn.
   */
  | {
      readonly step: 'repeat';
      readonly name?: FieldName;
      readonly each?: FieldName;
      readonly body: Layout;
      readonly counts?: boolean;
    }
  /** The body as often as the number of elements says that a `length` gave before. */
  | { readonly step: 'repeat-counted'; readonly name?: FieldName; readonly each?: FieldName; readonly body: Layout }
  /** A template id, then one string for each field of that template. */
  | { readonly step: 'template-values' }
  /** The definition of a template: its id, a count, the names. */
  | { readonly step: 'template' }
  /** A quicklist 2 node: its container, then a plain element or a listpack. */
  | { readonly step: 'quicklist-node' }
  /** An array element: index, tag, payload. */
  | { readonly step: 'array-element' }
  /** Names of a self-contained template hash: their format, then a listpack or a count with strings. */
  | { readonly step: 'template-names' }
  /** A module id, which names the type of the value. */
  | { readonly step: 'module-id' }
  /** The class of key metadata: four bytes. */
  | { readonly step: 'metadata-class' }
  /** Module items up to the end item. */
  | { readonly step: 'module-items' }
  /** Untagged data of a module from before 4.0, whose layout depends on the module. */
  | { readonly step: 'untagged-module' }
  /** A flag as a length: 0 means that the body is absent, anything else that it is there. */
  | { readonly step: 'optional'; readonly body: Layout };

/** The parts of a record, in the order in which they stand in the file. */
export type Layout = readonly Step[];

/** The codes of the steps, as the scanner's inner loop knows them. */
export const Code = {
  End: 0,
  Length: 1,
  CountLength: 2,
  Bytes: 3,
  String: 4,
  KeptString: 5,
  Blob: 6,
  TextScore: 7,
  Repeat: 8,
  CountRepeat: 9,
  Next: 10,
  TemplateValues: 11,
  Template: 12,
  QuicklistNode: 13,
  ArrayElement: 14,
  TemplateNames: 15,
  ModuleId: 16,
  ModuleItems: 17,
  UntaggedModule: 18,
  Optional: 19,
  /** The count of a repetition whose body is only strings; operand = strings a turn. StringsRun follows. */
  Strings: 20,
  CountStrings: 21,
  RepeatCounted: 22,
  /** Skips the strings that the instruction before it has counted. */
  StringsRun: 23,
  MetadataClass: 24,
} as const;

/** The order of {@link BlobKind} in code operands. */
export const BLOB_KINDS: readonly BlobKind[] = ['listpack', 'ziplist', 'intset', 'zipmap'];

/** A layout as flat code: each instruction is its code and three operands. */
export type Program = Int32Array;

/** Numbers an instruction takes. */
export const INSTRUCTION = 4;

/** Turns a layout into code. Repetitions are nested at most {@link MAX_DEPTH} deep. */
export function compileLayout(layout: Layout): Program {
  const code: number[] = [];
  emit(layout, code);
  code.push(Code.End, 0, 0, 0);
  return Int32Array.from(code);
}

/** The deepest nesting of repetitions in any layout: groups of a stream, their consumers, their pending entries. */
export const MAX_DEPTH = 4;

function emit(layout: Layout, code: number[]): void {
  for (const step of layout) emitStep(step, code);
}

function emitStep(step: Step, code: number[]): void {
  switch (step.step) {
    case 'length':
      code.push(step.counts ? Code.CountLength : Code.Length, 0, 0, 0);
      break;
    case 'bytes':
      code.push(Code.Bytes, step.count, 0, 0);
      break;
    case 'string':
      code.push(Code.String, 0, 0, 0);
      break;
    case 'kept-string':
      code.push(Code.KeptString, 0, 0, 0);
      break;
    case 'blob':
      code.push(Code.Blob, BLOB_KINDS.indexOf(step.kind), step.per, step.less ?? 0);
      break;
    case 'text-score':
      code.push(Code.TextScore, 0, 0, 0);
      break;
    case 'repeat':
      emitRepeat(step.body, step.counts === true ? Code.CountRepeat : Code.Repeat, code);
      break;
    case 'repeat-counted':
      emitRepeat(step.body, Code.RepeatCounted, code);
      break;
    case 'optional': {
      const at = code.length;
      code.push(Code.Optional, 0, 0, 0);
      emit(step.body, code);
      code[at + 1] = code.length;
      break;
    }
    case 'template-values':
      code.push(Code.TemplateValues, 0, 0, 0);
      code.push(Code.StringsRun, 0, 0, 0);
      break;
    case 'template':
      code.push(Code.Template, 0, 0, 0);
      code.push(Code.StringsRun, 0, 0, 0);
      break;
    case 'quicklist-node':
      code.push(Code.QuicklistNode, 0, 0, 0);
      break;
    case 'array-element':
      code.push(Code.ArrayElement, 0, 0, 0);
      break;
    case 'template-names': {
      // Names in a listpack are done in one step, which then jumps over the loop for names one by one.
      const at = code.length;
      code.push(Code.TemplateNames, 0, 0, 0);
      code.push(Code.CountStrings, 1, 0, 0);
      code.push(Code.StringsRun, 0, 0, 0);
      code[at + 1] = code.length;
      break;
    }
    case 'module-id':
      code.push(Code.ModuleId, 0, 0, 0);
      break;
    case 'metadata-class':
      code.push(Code.MetadataClass, 0, 0, 0);
      break;
    case 'module-items':
      code.push(Code.ModuleItems, 0, 0, 0);
      break;
    case 'untagged-module':
      code.push(Code.UntaggedModule, 0, 0, 0);
      break;
  }
}

/** Repeat: operands are the instruction behind the loop and the fewest bytes of one turn. Next closes the body. */
function emitRepeat(body: Layout, repeat: number, code: number[]): void {
  if (repeat !== Code.RepeatCounted && body.every((step) => step.step === 'string')) {
    code.push(repeat === Code.CountRepeat ? Code.CountStrings : Code.Strings, body.length, 0, 0);
    code.push(Code.StringsRun, 0, 0, 0);
    return;
  }
  const at = code.length;
  code.push(repeat, 0, Math.max(1, leastBytes(body)), 0);
  emit(body, code);
  code.push(Code.Next, at + INSTRUCTION, 0, 0);
  code[at + 1] = code.length;
}

/** The fewest bytes that a layout can take, to refuse counts that cannot be true. */
function leastBytes(layout: Layout): number {
  let bytes = 0;
  for (const step of layout) {
    if (step.step === 'bytes') bytes += step.count;
    else if (step.step === 'quicklist-node' || step.step === 'template') bytes += 2;
    else if (step.step === 'array-element') bytes += 3;
    else if (step.step === 'metadata-class') bytes += 4;
    else bytes += 1;
  }
  return bytes;
}
