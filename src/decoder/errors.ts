/** What can be wrong with a file, and how it is said: one code and one message template for each kind of damage. */

/**
 * How bad a problem is: `error` means that something of the file cannot be shown or that a server would refuse it,
 * `warning` that it can be shown whole but a server may refuse or change it.
 */
export type Severity = 'error' | 'warning';

/** The message templates by problem code; `{0}`, `{1}` … are filled from {@link Problem.args}. */
export const PROBLEM_TEMPLATES = {
  'not-rdb': 'This is not an RDB file: it starts with {0}, where REDIS or VALKEY and a version should stand.',
  'not-rdb-aof': 'This is an append-only file (AOF), not an RDB file: it starts with the command {0}.',
  'not-rdb-replication': 'This is a replication stream, not an RDB file: the RDB file in it starts after the line {0}.',
  'read-error': 'The file cannot be read any further: {0}.',
  'empty-file': 'The file is empty (0 bytes).',
  'bad-version': 'The version in the header is {0}, which is no RDB version.',
  'unknown-version': 'RDB version {0} is newer than the newest known version {1}; records of known types are shown.',
  'foreign-version': 'Version {0} does not go with the magic {1}: no server writes or loads this combination.',
  truncated: 'The file ends here, {0} bytes short: {1} is cut off.',
  'length-beyond-end': '{0} says it has {1} bytes, but the file has only {2} left.',
  'count-beyond-end': '{0} says it has {1} elements, but the {2} bytes left in the file cannot hold them.',
  'bad-length': 'Byte {0} is no length encoding, where the length of {1} should stand.',
  'number-out-of-range': '{0} is {1}; it can be at most {2}.',
  'bad-string-encoding': 'Byte {0} is no string encoding, where {1} should stand.',
  'length-is-encoded': 'Byte {0} starts an encoded string, where the length of {1} should stand.',
  'unknown-type': 'Byte {0} is neither a value type nor an opcode of this format.{1}',
  'unknown-opcode': 'Opcode {0} ({1}) is not documented; nothing after it can be read.',
  'type-newer-than-version':
    'Value type {0} ({1}) is newer than RDB version {2} of this file: it exists since version {3}.',
  'unknown-module':
    'The value of module {0} has no tags (written by a Redis 4.0 release candidate): its end is unknown.',
  'bad-module-item': 'Byte {0} is no module item, in the value of module {1}.',
  'bad-module-when': 'Module data with the time {0}: only 1 (before the keys) and 2 (after the keys) exist.',
  'bad-array-tag': 'Array element with the tag {0}: only 0 to 3 exist.',
  'unknown-template': 'The hash refers to template {0}, which the file does not define.',
  'too-many-templates': 'The file defines more than {0} hash templates; later ones are ignored.',
  'bad-lzf': 'The compressed string is damaged: {0}.',
  'lzf-length': 'The compressed string says it has {0} bytes, but its {1} compressed bytes cannot hold them.',
  'bad-ziplist': 'The ziplist is damaged: {0}.',
  'bad-listpack': 'The listpack is damaged: {0}.',
  'bad-intset': 'The intset is damaged: {0}.',
  'bad-zipmap': 'The zipmap is damaged: {0}.',
  'bad-quicklist': 'The quicklist node has the container {0}: only 1 (plain) and 2 (packed) exist.',
  'bad-pairs': '{0} holds {1} elements, which is no multiple of {2}.',
  'bad-score': '{0} is no score.',
  'bad-field-expiry': '{0} is no field expiry.',
  'bad-stream': 'The stream is damaged: {0}.',
  'bad-hash-template': 'The hash template is damaged: {0}.',
  'bad-module-value': 'The value does not have the layout of {0}: {1}.',
  'bad-function': 'The function library is damaged: {0}.',
  'empty-value': '{0} has no elements; servers never write this, and drop the key when loading.',
  'duplicate-element': '{0} holds {1} more than once.',
  'duplicate-key': 'The key stands twice in database {0}: first at offset {1}. Servers refuse to load the file.',
  'no-end-mark': 'The file ends without its end mark (opcode 255): {0}.',
  'checksum-missing': 'The file ends inside its checksum: {0} of 8 bytes are there.',
  'checksum-mismatch':
    'The checksum is wrong: the file says {0}, its bytes give {1}. Some byte changed after the file was written.',
  'aof-not-command': 'Byte {0} stands where a command (*) or an annotation (#) should begin.',
  'aof-bad-count': 'The number of arguments is no number with CR LF behind it.',
  'aof-bad-length': 'The length of argument {0} is no number with CR LF behind it.',
  'aof-lone-lf': 'The line ends with LF alone, where CR LF should stand.',
  'aof-not-bulk': 'Byte {0} stands where argument {1} of the command should begin with $.',
  'aof-no-crlf': 'Argument {0} has {1} bytes by its length, but then {2} follow where CR LF should stand.',
  'aof-cut-off': 'The file ends inside a command: only its first {0} bytes are there.',
  'aof-unclosed-multi':
    'The file ends inside a transaction: {0} commands from this MULTI on have no EXEC behind them, and do not happen.',
  'aof-nested-multi': 'MULTI stands inside a transaction: redis-check-aof stops here, servers go on.',
  'aof-exec-without-multi': 'EXEC stands outside of a transaction: redis-check-aof stops here, servers go on.',
  'aof-empty-command': 'The command has {0} arguments: redis-check-aof lets it pass, servers refuse the file.',
  'aof-unknown-command': 'No known server has the command {0}; one that does not have it refuses the file.',
  'aof-missing-part': 'The manifest names the file {0}, which is not there; servers refuse to start.',
  'manifest-empty': 'The manifest is empty.',
  'manifest-no-line-end': 'The last line has no line end; servers refuse the manifest.',
  'manifest-long-line': 'The line is longer than 1024 bytes; servers refuse the manifest.',
  'manifest-quotes': 'The quotes of the line are not balanced.',
  'manifest-blank-line': 'The line is blank; servers refuse the manifest.',
  'manifest-tokens':
    'The line has {0} words; it must have at least three pairs: file, seq and type, each with a value.',
  'manifest-incomplete': 'The line lacks a file, a seq other than 0 or a type.',
  'manifest-path': 'The file {0} is a path; only a name in the folder of the manifest can stand here.',
  'manifest-type': 'The type {0} is unknown: there are b (base), h (history) and i (incremental).',
  'manifest-two-bases': 'This is the second base file; {0} is one already.',
  'manifest-sequence': 'The sequence number {0} is not greater than that of the incremental file before, {1}.',
  'resp-type': 'Byte {0} is no RESP type, where a value should start.',
  'resp-not-bulk': 'Byte {0} stands where an argument should start with $: a command is an array of bulk strings.',
  'resp-length': '"{0}" is no length: it must be a number from 0 up, without sign or leading zeros.',
  'resp-number': '"{0}" is no {1}.',
  'resp-line-end': 'CR LF should end this line; {0} stands there.',
  'resp-bulk-end': 'CR LF should stand behind the {0} bytes of the string; {1} stands there.',
  'resp-verbatim': 'The verbatim string has no format: three characters and a colon should stand at its start.',
  'resp-place': '{0} cannot stand here.',
  'resp-odd-map': 'The map ends with a key that has no value.',
  'resp-cut-off': 'The data end inside the value that begins at offset {0}.',
  'resp-depth': 'More than {0} aggregates stand within each other.',
  'resp-elements': 'The aggregate has {0} elements; {1} are allowed.',
  'resp-bulk-too-long': 'The string has {0} bytes; {1} are allowed.',
  'resp-line-too-long': 'The line is longer than the {0} bytes that are allowed.',
  'quote-not-closed': 'This quote is not closed before the end of the line.',
  'quote-not-followed-by-blank': 'A blank or the end of the line must follow this closing quote.',
} as const;

/** The stable name of a kind of problem. */
export type ProblemCode = keyof typeof PROBLEM_TEMPLATES;

/** Part of a message that is a sentence fragment of its own, so that it can be translated like the templates. */
export interface Phrase {
  readonly phrase: string;
  readonly args: readonly (string | number)[];
}

/** Makes a {@link Phrase}: an English fragment with `{0}` placeholders, and what fills them. */
export function phrase(template: string, ...args: (string | number)[]): Phrase {
  return { phrase: template, args };
}

/** The parts of a file that messages name; each can be translated. */
export const PARTS = [
  'the header',
  'the value',
  'the key name',
  'the key metadata',
  'the expiry',
  'the idle time',
  'the access frequency',
  'the database number',
  'the size hint',
  'the name of an aux field',
  'the value of an aux field',
  'the function library',
  'the slot information',
  'the slot import',
  'the hash template',
  'the module data',
  'the string',
  'the list',
  'the list element',
  'the list node',
  'the set',
  'the set member',
  'the sorted set',
  'the sorted set member',
  'the score',
  'the hash',
  'the hash field',
  'the hash value',
  'the field expiry',
  'the stream',
  'the stream node',
  'the stream id',
  'the consumer group',
  'the consumer',
  'the pending entries',
  'the producer',
  'the array',
  'the array element',
  'the scheduled script',
  'the ziplist',
  'the listpack',
  'the intset',
  'the zipmap',
  'the checksum',
  'the compressed string',
  'the command',
  'the argument',
] as const;

/** A part of a file, as messages name it. */
export type Part = (typeof PARTS)[number];

const PART_NAMES: ReadonlySet<string> = new Set(PARTS);

/** True for what fills a placeholder if it names a part of a file and so can be translated. */
export function isPart(arg: string): arg is Part {
  return PART_NAMES.has(arg);
}

/** What can fill a placeholder of a message. */
export type MessageArg = string | number | Phrase;

/** Takes an English template with `{0}` placeholders and its arguments, as `vscode.l10n.t` does. */
export type Translate = (template: string, ...args: (string | number)[]) => string;

/** A fact about a file that its user should know and act on. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** Offset in bytes from the start of the file where the problem was met. */
  readonly offset: number;
  /** What fills the placeholders of the message template. */
  readonly args: readonly MessageArg[];
  /** Offset of the type byte of the key whose value the problem is in, if it is in one. */
  readonly entryOffset?: number;
}

/** The problem as an English sentence, or in another language where a translation is given. */
export function problemMessage(problem: Pick<Problem, 'code' | 'args'>, translate: Translate = fillTemplate): string {
  const args = problem.args.map((arg) => {
    if (typeof arg === 'object') return translate(arg.phrase, ...arg.args);
    return typeof arg === 'string' && isPart(arg) ? translate(arg) : arg;
  });
  const message = translate(PROBLEM_TEMPLATES[problem.code], ...args);
  // Parts of a file have small initials, also where one begins the sentence.
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** Fills `{0}`, `{1}` … of a template; a placeholder without an argument stays. */
export function fillTemplate(template: string, ...args: (string | number)[]): string {
  return template.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? whole : String(value);
  });
}

/** Thrown by the decoder where bytes cannot be read as what they should be. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';

  /**
   * @param code what is wrong.
   * @param offset where, in bytes from the start of the file.
   * @param args what fills the placeholders of the message.
   */
  constructor(
    readonly code: ProblemCode,
    readonly offset: number,
    ...args: MessageArg[]
  ) {
    super(problemMessage({ code, args }));
    this.args = args;
  }

  readonly args: readonly MessageArg[];

  /** The error as a problem of a file. */
  toProblem(entryOffset?: number): Problem {
    const problem = { code: this.code, severity: 'error' as const, offset: this.offset, args: this.args };
    return entryOffset === undefined ? problem : { ...problem, entryOffset };
  }
}

/** What damage of a compact structure is called: where it ends too early, the file goes on. */
const STRUCTURES: Partial<Record<Part, ProblemCode>> = {
  'the ziplist': 'bad-ziplist',
  'the listpack': 'bad-listpack',
  'the intset': 'bad-intset',
  'the zipmap': 'bad-zipmap',
};

/**
 * The error for bytes that end in the middle of a part.
 *
 * @param missing how many bytes are not there.
 */
export function cutOff(offset: number, missing: number, what: Part): DecodeError {
  const structure = STRUCTURES[what];
  if (structure) return new DecodeError(structure, offset, phrase('it ends inside an element'));
  return new DecodeError('truncated', offset, missing, what);
}

/** A byte as messages show it: `0x1b (27)`. */
export function byteName(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')} (${byte})`;
}
