/** What a scan tells about a file as a whole: header, aux fields, records that are no keys, problems. */
import { latin1 } from '../decoder/bytes.js';
import type { Problem } from '../decoder/errors.js';
import type { Header } from '../decoder/rdb/header.js';
import { OP_AUX, OP_FUNCTION_PRE_GA, OP_FUNCTION2, type Opcode } from '../decoder/rdb/opcodes.js';
import type { ScanSink } from '../decoder/rdb/scan.js';
import { type ServerInfo, serverInfo } from './server-info.js';

/** An aux field that says something about the file, not about a key. */
export interface AuxField {
  readonly name: string;
  /** One character a byte; cut if it is very long. */
  readonly value: string;
  readonly offset: number;
}

/** The most aux fields, other records and problems that are kept; more are only counted. */
const KEEP_LIMIT = 1 << 20;
const PROBLEM_LIMIT = 1000;

/** Aux fields of KeyDB that belong to one key. */
const KEY_AUX = new Set(['mvcc-tstamp', 'keydb-subexpire-key', 'keydb-subexpire-when']);

/** Collects everything of a scan but the keys. */
export class FileFacts implements Omit<ScanSink, 'keys'> {
  private headerSeen: Header | undefined;
  readonly auxFields: AuxField[] = [];
  readonly problems: Problem[] = [];
  /** Problems that were met beyond the limit. */
  moreProblems = 0;
  /** Opcode and offset of each record that is neither a key nor says something about one. */
  readonly recordCodes: number[] = [];
  readonly recordOffsets: number[] = [];
  /** Records beyond the limit. */
  moreRecords = 0;
  functions = 0;
  /** True if KeyDB wrote the file. */
  keydb = false;
  private named: ServerInfo | undefined;

  /** The header; undefined until it was read, and for good if the file is no RDB. */
  get fileHeader(): Header | undefined {
    return this.headerSeen;
  }

  /** The server that wrote the file, as far as read. */
  get server(): ServerInfo {
    if (!this.named) {
      const header = this.headerSeen ?? { magic: '', family: 'redis', version: 0 };
      const names = new Map(this.auxFields.map((field) => [field.name, field.value] as const));
      this.named = serverInfo(header, names, this.keydb);
    }
    return this.named;
  }

  /** The value of an aux field. */
  auxValue(name: string): string | undefined {
    return this.auxFields.find((field) => field.name === name)?.value;
  }

  header(header: Header): void {
    this.headerSeen = header;
  }

  aux(name: string, value: Uint8Array, offset: number): void {
    this.named = undefined;
    if (KEY_AUX.has(name) || name === 'repl-masters') this.keydb = true;
    if (KEY_AUX.has(name)) return;
    if (this.auxFields.length >= KEEP_LIMIT) {
      this.moreRecords++;
      return;
    }
    this.auxFields.push({ name, value: latin1(value), offset });
    this.keep(OP_AUX, offset);
  }

  record(opcode: Opcode, offset: number): void {
    if (opcode.code === OP_FUNCTION2 || opcode.code === OP_FUNCTION_PRE_GA) this.functions++;
    this.keep(opcode.code, offset);
  }

  private keep(code: number, offset: number): void {
    if (this.recordCodes.length >= KEEP_LIMIT) {
      this.moreRecords++;
      return;
    }
    this.recordCodes.push(code);
    this.recordOffsets.push(offset);
  }

  problem(problem: Problem): void {
    if (this.problems.length < PROBLEM_LIMIT) this.problems.push(problem);
    else this.moreProblems++;
  }
}
