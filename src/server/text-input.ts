/** The commands of a text for a replay: requests as RESP (`.resp`), or lines as one types them (`.redis`). */
import { NAME_LIMIT, NameTable, SELECT } from '../decoder/aof/command-names.js';
import { decimalNumber } from '../decoder/aof/words.js';
import { DecodeError, type Problem, problemMessage } from '../decoder/errors.js';
import { commandOf, parseCommandText } from '../decoder/resp/command-text.js';
import { RespDecoder } from '../decoder/resp/decoder.js';
import { writeCommand } from '../decoder/resp/writer.js';
import type { ByteSource } from '../decoder/source.js';
import { BlockWriter } from './block-writer.js';
import { BufferPool, type InputPart, type InputStep, type ReplayInput } from './replay-input.js';

/** How the commands are written. */
export type TextForm = 'resp' | 'redis';

/** Bytes that are read at once, and bytes of a block. */
const PIECE_BYTES = 64 * 1024;
const BLOCK_BYTES = 256 * 1024;
/** Bytes of a line. */
const LINE_LIMIT = 64 * 1024 * 1024;
const LF = 0x0a;

/** A command as RESP, and where it stands in the text. */
interface TextRow {
  readonly bytes: Uint8Array;
  readonly argv: readonly Uint8Array[];
  readonly offset: number;
}

/** Reads a text of commands. */
export class TextInput implements ReplayInput {
  readonly names = new NameTable();
  readonly parts: readonly InputPart[];
  readonly pool = new BufferPool(BLOCK_BYTES);
  position = 0;
  private readonly block = new BlockWriter(BLOCK_BYTES);
  private waiting: TextRow[] = [];
  private db = 0;
  private problem: Pick<Problem, 'code' | 'args' | 'offset'> | undefined;
  private done = false;
  private readonly decoder: RespDecoder;
  /** The start of a line whose end was not read yet. */
  private rest = new Uint8Array(0);

  constructor(
    file: string,
    private readonly text: ByteSource,
    private readonly form: TextForm,
  ) {
    this.parts = [{ part: 0, file, bytes: text.size }];
    this.decoder = new RespDecoder(
      (value) => {
        const argv = commandOf(value);
        if (argv) this.add(argv, value.offset);
      },
      { input: 'requests' },
    );
  }

  get bytes(): number {
    return this.text.size;
  }

  source(): undefined {
    return undefined;
  }

  file(): ByteSource {
    return this.text;
  }

  next(): InputStep {
    while (this.waiting.length === 0 && !this.done) this.read();
    if (this.waiting.length > 0) return this.fill();
    const { problem } = this;
    if (!problem) return { kind: 'end', problem: undefined };
    const [{ part, file, bytes }] = this.parts;
    const kind = problem.code === 'resp-cut-off' ? 'tail' : 'damage';
    const { offset } = problem;
    return {
      kind: 'end',
      problem: { kind, part, file, offset, message: problemMessage(problem), bytes: bytes - offset },
    };
  }

  private add(argv: readonly Uint8Array[], offset: number): void {
    this.waiting.push({ bytes: writeCommand(argv), argv, offset });
  }

  private read(): void {
    const piece = new Uint8Array(PIECE_BYTES);
    const count = this.text.read(this.position, piece);
    const base = this.position;
    this.position += count;
    this.done = count === 0;
    const bytes = piece.subarray(0, count);
    if (this.form === 'redis') this.readLines(bytes, base);
    else this.readResp(bytes);
  }

  private readResp(bytes: Uint8Array): void {
    try {
      if (this.done) this.decoder.finish();
      else this.decoder.push(bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.problem = { code: error.code, args: error.args, offset: error.offset };
      this.done = true;
    }
  }

  private readLines(bytes: Uint8Array, base: number): void {
    const joined = new Uint8Array(this.rest.length + bytes.length);
    joined.set(this.rest);
    joined.set(bytes, this.rest.length);
    const start = base - this.rest.length;
    const end = this.done ? joined.length : joined.lastIndexOf(LF) + 1;
    this.rest = joined.slice(end);
    if (this.rest.length > LINE_LIMIT) {
      this.problem = { code: 'resp-line-too-long', args: [LINE_LIMIT], offset: base + bytes.length - this.rest.length };
      this.done = true;
      return;
    }
    const { commands, problems } = parseCommandText(joined.subarray(0, end));
    const damaged = commands.findIndex((command) => command.damaged);
    for (const { tokens, start: at } of damaged < 0 ? commands : commands.slice(0, damaged)) {
      this.add(
        tokens.map((token) => token.bytes),
        start + at,
      );
    }
    if (damaged < 0) return;
    this.problem = { code: problems[0].code, args: problems[0].args, offset: start + commands[damaged].start };
    this.done = true;
  }

  /** Puts the next commands into a block. */
  private fill(): InputStep {
    const [first] = this.waiting;
    const large = first.bytes.length > BLOCK_BYTES;
    const buffer = large ? { bytes: first.bytes, users: 1 } : this.pool.take();
    this.block.begin(0, buffer, 0);
    let filled = 0;
    let taken = 0;
    for (const row of large ? [first] : this.waiting) {
      if (filled + row.bytes.length > buffer.bytes.length || this.block.full) break;
      if (!large) buffer.bytes.set(row.bytes, filled);
      this.addRow(row, filled);
      filled += row.bytes.length;
      taken++;
    }
    this.waiting = this.waiting.slice(taken);
    const block = this.block.end();
    return block ? { kind: 'block', block } : { kind: 'end', problem: undefined };
  }

  private addRow({ bytes, argv, offset }: TextRow, start: number): void {
    const [word] = argv;
    const name = this.names.number(word, 0, Math.min(word.length, NAME_LIMIT));
    const db = this.names.kind[name] === SELECT && argv.length === 2 ? decimalNumber(argv[1]) : undefined;
    if (db !== undefined) this.db = db;
    this.block.add(start, bytes.length, offset, argv.length, name, this.db, 0);
  }
}
