/** Strings that somebody looks at, decoded: the last results stay, so that pages of them need no second decoding. */
import { type Decoded, Decoders, TRY_LIMIT } from '../dataset/decoders/chain.js';
import type { BytesDecoder, ChainStep, Decoder, DecoderId, Member, TreeNode } from '../dataset/decoders/decoder.js';
import { LIMITS } from '../dataset/decoders/decoder.js';
import { memberName, nodeAt, nodeBytes, pathText, scalarText, treeJsonWithin } from '../dataset/decoders/tree-text.js';
import { type Phrase, phrase } from '../decoder/errors.js';
import { type Text, textSlice } from '../decoder/rdb/string.js';
import { displayText } from '../format/display.js';
import type { BytePage } from '../protocol.js';
import type { DecodeStage, Decoding, RememberedDecoders, ValueRow } from '../viewer-protocol.js';
import type { FoundString } from './folded-name.js';
import { TooLongError } from './too-long.js';
import { NoSuchPartError } from './value-sessions.js';

/** A longer string is decoded by itself only where its first bytes are those of a compression. */
const WHOLE_LIMIT = 4 * 1024 * 1024;
/** Results that are kept, and bytes of them all. */
const KEPT = 6;
const KEPT_BYTES = 128 * 1024 * 1024;
/** Characters of a value that a row shows, and bytes of binary data. */
const SHOWN = 400;
const SHOWN_BYTES = 32;

interface Session {
  readonly decoded: Decoded;
  readonly bytes: number;
}

let lastHandle = 0;

/** The decoded strings of a file. */
export class DecodeSessions {
  private readonly sessions = new Map<number, Session>();
  private readonly decoders: Decoders;

  /** @param extra decoders that the platform brings. */
  constructor(extra: readonly BytesDecoder[]) {
    this.decoders = new Decoders(extra);
  }

  /** Decodes a string. What cannot be decoded is told in the answer. */
  *open(
    { text, pattern }: FoundString,
    asked: readonly ChainStep[] | null,
    remembered: RememberedDecoders,
  ): Generator<void, Decoding> {
    const chosen = asked ?? (Object.hasOwn(remembered, pattern) ? remembered[pattern] : null);
    const origin = asked ? 'asked' : chosen ? 'remembered' : 'automatic';
    const large = text.length > LIMITS.bytes;
    const wanted = chosen ? chosen[0] !== 'as-is' : this.worthReading(text);
    const bytes = large || !wanted ? new Uint8Array(0) : textSlice(text, 0, text.length);
    yield;
    const decoded: Decoded =
      large || !wanted ? { steps: [], bytes, tree: undefined } : yield* this.decoders.decode(bytes, chosen);
    const handle = ++lastHandle;
    this.keep(handle, { decoded, bytes: decoded.bytes.length });
    const first = textSlice(text, 0, TRY_LIMIT);
    const stages = yield* this.stagesOf(decoded, text.length > first.length ? first.subarray(0, 64) : first);
    const [firstStep] = chosen ?? [];
    const tooLarge = large && firstStep !== undefined && firstStep !== 'as-is' ? this.tooLarge(firstStep) : null;
    return {
      handle,
      pattern,
      origin,
      stages,
      decoders: this.decoders.all.map(({ id, label }) => ({ id, label })),
      bytes: decoded.steps.some(({ decoder }) => decoder.kind === 'bytes') ? decoded.bytes.length : text.length,
      tree: decoded.tree ? valueRow({ value: decoded.tree }, null) : null,
      failure: tooLarge ?? this.failureOf(decoded),
    };
  }

  /** True if a string is small enough to be looked at whole, or begins like a compression. */
  private worthReading(text: Text): boolean {
    if (text.length <= WHOLE_LIMIT) return true;
    const start = textSlice(text, 0, 64);
    return this.decoders.all.some(
      (decoder) => decoder.kind === 'bytes' && decoder.id !== 'base64' && decoder.id !== 'hex' && decoder.starts(start),
    );
  }

  private *stagesOf(decoded: Decoded, start: Uint8Array): Generator<void, DecodeStage[]> {
    const stages: DecodeStage[] = [];
    for (const [i, { decoder, bytes }] of decoded.steps.entries()) {
      stages.push({ decoder: nameOf(decoder), fits: yield* this.decoders.fitting(i === 0 ? start : bytes) });
    }
    if (!decoded.tree) {
      const rest = decoded.steps.length === 0 ? start : decoded.bytes;
      stages.push({ decoder: null, fits: yield* this.decoders.fitting(rest) });
    }
    return stages;
  }

  private failureOf({ failure }: Decoded): Decoding['failure'] {
    if (!failure) return null;
    const decoder = this.decoders.find(failure.id);
    const name = decoder ? nameOf(decoder) : { id: failure.id, label: failure.id };
    if (!failure.error) return { decoder: name, offset: 0, reason: phrase('it is not available in a browser') };
    const { offset, reason } = failure.error;
    return { decoder: name, offset, reason };
  }

  private tooLarge(id: DecoderId): Decoding['failure'] {
    const decoder = this.decoders.all.find((one) => one.id === id) ?? this.decoders.all[0];
    return { decoder: nameOf(decoder), offset: 0, reason: tooLong() };
  }

  private keep(handle: number, session: Session): void {
    this.sessions.set(handle, session);
    let bytes = [...this.sessions.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [oldest, one] of this.sessions) {
      if ((this.sessions.size <= KEPT && bytes <= KEPT_BYTES) || oldest === handle) break;
      this.sessions.delete(oldest);
      bytes -= one.bytes;
    }
  }

  private session(handle: number): Decoded {
    const session = this.sessions.get(handle);
    if (!session) throw new NoSuchPartError(`decoded string ${handle}`);
    return session.decoded;
  }

  /** Bytes after the last step that gave bytes. */
  bytes(handle: number, from: number, count: number): BytePage {
    const { bytes } = this.session(handle);
    return { from, bytes: bytes.slice(from, from + count), total: bytes.length };
  }

  /** Values in a value of the tree. */
  nodes(handle: number, path: readonly number[], from: number, count: number) {
    const node = this.nodeOf(handle, path);
    const children = node.children ?? [];
    const rows = children.slice(from, from + count).map((member, i) => valueRow(member, from + i));
    return { rows, total: children.length };
  }

  /** A value as text: where it is, what it is, or all of it as JSON. */
  copy(handle: number, path: readonly number[], what: 'path' | 'value' | 'json'): { text: string } {
    const root = this.session(handle).tree;
    const node = this.nodeOf(handle, path);
    if (!root || what === 'path') return { text: root ? pathText(root, path) : '' };
    if (what === 'value' && !node.children) return { text: scalarText(node) };
    const text = treeJsonWithin(node);
    if (text === undefined) throw new TooLongError();
    return { text };
  }

  private nodeOf(handle: number, path: readonly number[]): TreeNode {
    const { tree } = this.session(handle);
    const node = tree && nodeAt(tree, path);
    if (!node) throw new NoSuchPartError(`value ${path.join('.')} of decoded string ${handle}`);
    return node;
  }
}

function tooLong(): Phrase {
  return phrase('it is longer than {0} bytes', LIMITS.bytes);
}

function nameOf({ id, label }: Decoder) {
  return { id, label };
}

function valueRow(member: Member, position: number | null): ValueRow {
  const { value: node } = member;
  const name = position === null || member.name === undefined ? null : memberName(member, position);
  const { kind, type, start, end } = node;
  const children = node.children?.length ?? null;
  const common = { name: name === null ? null : shown(name).text, kind, type, children, start, end };
  if (node.children) return { ...common, text: node.text ?? '', cut: false, bytes: null };
  if (kind === 'binary') {
    const bytes = nodeBytes(node);
    const hex = [...bytes.subarray(0, SHOWN_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return { ...common, text: hex, cut: bytes.length > SHOWN_BYTES, bytes: bytes.length };
  }
  if (kind === 'string') {
    const bytes = nodeBytes(node);
    const { text, whole } = displayText(bytes.subarray(0, SHOWN + 8), SHOWN);
    return { ...common, text, cut: !whole || bytes.length > SHOWN + 8, bytes: bytes.length };
  }
  return { ...common, ...shown(node.text ?? ''), bytes: null };
}

function shown(text: string): { text: string; cut: boolean } {
  return text.length > SHOWN ? { text: text.slice(0, SHOWN), cut: true } : { text, cut: false };
}
