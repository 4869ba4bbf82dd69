/** Errors of the engine as those who asked can show them. */
import { NoAofError } from '../dataset/aof/aof-set.js';
import { NoTextError } from '../dataset/aof/command-text.js';
import { PatternError } from '../dataset/key-pattern.js';
import { TooLargeError } from '../dataset/key-text.js';
import { DecodeError } from '../decoder/errors.js';
import { DumpError } from '../decoder/rdb/dump.js';
import type { ErrorInfo } from '../protocol.js';
import { OutputError } from './aof-files.js';
import { problemInfo } from './cells.js';
import { TooLongError } from './too-long.js';
import { NoSuchPartError } from './value-sessions.js';

/** The file on disk is no longer the one that was opened. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
}

/** What is made in memory would be larger than the one who asked allows. */
export class ExportTooLargeError extends Error {
  override readonly name = 'ExportTooLargeError';

  /** @param limit in bytes. */
  constructor(readonly limit: number) {
    super(`more than ${limit} bytes`);
  }
}

/** Files that are merged have the same key, and that was not to be. */
export class SameKeyError extends Error {
  override readonly name = 'SameKeyError';

  /** @param key as it is shown. @param files their names. */
  constructor(
    readonly key: string,
    readonly db: number,
    readonly files: readonly [string, string],
  ) {
    super(key);
  }
}

/** An error as those who asked can show it. */
export function errorInfo(error: unknown): ErrorInfo {
  if (error instanceof FileChangedError) {
    return {
      code: 'file-changed',
      template: 'The file was overwritten on disk since it was opened. Reload it to go on.',
      args: [],
    };
  }
  if (error instanceof PatternError) {
    return error.reason === 'exponential'
      ? {
          code: 'bad-pattern',
          template: 'This expression repeats a repetition, which can take time without end. Use a simpler one.',
          args: [],
        }
      : { code: 'bad-pattern', template: 'This is no regular expression: {0}', args: [error.message] };
  }
  if (error instanceof TooLargeError) {
    return {
      code: 'too-large',
      template: 'This is more than the {0} MB that can be copied at once. Select fewer keys.',
      args: [Math.round(error.limit / (1024 * 1024))],
    };
  }
  if (error instanceof ExportTooLargeError) {
    return {
      code: 'too-large',
      template:
        'Where files can only be written whole, an export must fit into memory, and this one is larger than the setting redisPersistence.maxInMemoryFileSize allows ({0} MB).',
      args: [Math.round(error.limit / (1024 * 1024))],
    };
  }
  if (error instanceof TooLongError) {
    return {
      code: 'too-large',
      template: 'This is more than the 32 MB that can be copied at once. Copy a part of it.',
      args: [],
    };
  }
  if (error instanceof NoTextError) {
    return {
      code: 'no-text',
      template: 'The command at offset {0} holds bytes that are no text. Copy it as redis-cli line or as JSON instead.',
      args: [error.offset],
    };
  }
  if (error instanceof DumpError) {
    return error.reason === 'too-large'
      ? { code: 'too-large', template: 'The value is too large to be copied: it has {0} bytes.', args: [error.bytes] }
      : {
          code: 'damaged',
          template:
            'This value cannot be written as a RESTORE command: a Redis 4.0 release candidate wrote it without the tags that RESTORE needs.',
          args: [],
        };
  }
  if (error instanceof DecodeError) {
    const { template, args } = problemInfo(error.toProblem(), () => undefined);
    return { code: 'damaged', template, args };
  }
  if (error instanceof SameKeyError) {
    return {
      code: 'not-written',
      template: 'Nothing was written: {0} and {1} both have the key {2} in database {3}.',
      args: [...error.files, error.key, error.db],
    };
  }
  if (error instanceof OutputError) return outputErrorInfo(error);
  if (error instanceof NoSuchPartError) {
    return { code: 'not-open', template: 'There is no such part of the file: {0}.', args: [error.message] };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', template: 'Something went wrong in the extension: {0}', args: [message] };
}

function outputErrorInfo({ reason, file, message }: OutputError): ErrorInfo {
  const code = 'not-written';
  switch (reason) {
    case 'is-source':
      return {
        code,
        template: 'The file or folder {0} is what is being read, and is never changed. Choose another place.',
        args: [file],
      };
    case 'exists':
      return {
        code,
        template: 'There is a file {0} already, and it is not replaced. Choose another folder.',
        args: [file],
      };
    case 'system':
      return { code, template: 'The file {0} could not be written: {1}', args: [file, message] };
  }
}

/** Why files cannot be opened at all, in words for the one who opened them. */
export function failureText(error: unknown): string {
  if (error instanceof NoAofError) {
    const [first = ''] = error.files;
    switch (error.reason) {
      case 'no-manifest':
        return 'The folder has no manifest of an AOF.';
      case 'many-manifests':
        return `The folder has several manifests: ${error.files.join(', ')}. Open one of them.`;
      case 'no-file':
        return `There is no file ${first}.`;
    }
  }
  return error instanceof Error ? error.message : String(error);
}
