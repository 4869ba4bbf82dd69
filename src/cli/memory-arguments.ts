/** The arguments of `memory`. */
import { ALLOCATOR_NAMES, type AllocatorName } from '../dataset/memory/allocator.js';
import { type EncodingLimits, LIMIT_NAMES, limitOf } from '../dataset/memory/limits.js';
import { parseServerName, type TargetChoice } from '../dataset/memory/target.js';
import type { MemoryOptions } from './memory.js';
import { onlyFile, readOptions, wholeNumber } from './options.js';
import { UsageError } from './usage.js';

/** @throws UsageError */
export function memoryArguments(args: string[]): MemoryOptions & { readonly file: string } {
  const { values, positionals } = parse(args);
  const file = onlyFile('memory', positionals);
  return {
    file,
    db: values.db === undefined ? undefined : wholeNumber('db', values.db),
    match: values.match === undefined ? undefined : new TextEncoder().encode(values.match),
    type: values.type,
    value: values.value,
    target: choiceOf(values.target, values.allocator, values.config ?? []),
  };
}

function parse(args: string[]) {
  return readOptions(args, {
    db: { type: 'string' },
    match: { type: 'string' },
    type: { type: 'string' },
    value: { type: 'string' },
    target: { type: 'string' },
    allocator: { type: 'string' },
    config: { type: 'string', multiple: true },
  });
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
