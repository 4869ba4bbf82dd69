/** The arguments of `memory`. */
import { parseArgs } from 'node:util';
import { ALLOCATOR_NAMES, type AllocatorName } from '../dataset/memory/allocator.js';
import { type EncodingLimits, LIMIT_NAMES, limitOf } from '../dataset/memory/limits.js';
import { parseServerName, type TargetChoice } from '../dataset/memory/target.js';
import type { MemoryOptions } from './memory.js';
import { UsageError } from './usage.js';

/** @throws UsageError */
export function memoryArguments(args: string[]): MemoryOptions & { readonly file: string } {
  const { values, positionals } = parse(args);
  const [file, ...rest] = positionals;
  if (file === undefined) throw new UsageError('memory needs a file');
  if (rest.length > 0) throw new UsageError(`${rest[0]} is one argument too many`);
  if (values.db !== undefined && !/^\d+$/.test(values.db)) {
    throw new UsageError(`--db takes a number, not ${values.db}`);
  }
  return {
    file,
    db: values.db === undefined ? undefined : Number(values.db),
    match: values.match === undefined ? undefined : new TextEncoder().encode(values.match),
    type: values.type,
    value: values.value,
    target: choiceOf(values.target, values.allocator, values.config ?? []),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        db: { type: 'string' },
        match: { type: 'string' },
        type: { type: 'string' },
        value: { type: 'string' },
        target: { type: 'string' },
        allocator: { type: 'string' },
        config: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function choiceOf(server: string | undefined, allocator: string | undefined, config: readonly string[]): TargetChoice {
  const choice: { server?: NonNullable<TargetChoice['server']>; allocator?: AllocatorName } = {};
  if (server !== undefined && server !== 'auto') {
    const named = parseServerName(server);
    if (!named) throw new UsageError(`--target takes a version, such as 7.2, redis-8.0 or valkey-9.1, not ${server}`);
    choice.server = named;
  }
  if (allocator !== undefined) {
    const named = ALLOCATOR_NAMES.find((name) => name === allocator);
    if (!named) throw new UsageError(`--allocator takes ${ALLOCATOR_NAMES.join(', ')}, not ${allocator}`);
    choice.allocator = named;
  }
  return { ...choice, limits: limitsOf(config) };
}

function limitsOf(config: readonly string[]): Partial<EncodingLimits> {
  const limits: Partial<Record<keyof EncodingLimits, number>> = {};
  for (const setting of config) {
    const [name = '', value = ''] = setting.split('=');
    const limit = limitOf(name);
    if (!limit) throw new UsageError(`--config knows ${LIMIT_NAMES.join(', ')}, not ${name}`);
    if (!/^-?\d{1,9}$/.test(value)) throw new UsageError(`--config ${name} takes a number, not ${value}`);
    limits[limit] = Number(value);
  }
  return limits;
}
