/** What an allocator really gives when a server asks for a number of bytes. */

/**
 * The allocators: jemalloc as Debian and other distributions package it (small sizes in steps of 16 bytes), as the
 * sources of the servers bundle it (in steps of 8), and the C library of Linux.
 */
export const ALLOCATOR_NAMES = ['jemalloc', 'jemalloc-bundled', 'libc'] as const;

export type AllocatorName = (typeof ALLOCATOR_NAMES)[number];

/** Bytes that are taken for a request of `size` bytes. */
export type Allocator = (size: number) => number;

/** Requests up to this size are looked up. */
const TABLE_SIZE = 8192;
const PAGE = 4096;
/** From this size on the C library asks the system for pages of their own. */
const LIBC_MAPPED = 128 * 1024;

const COMPUTED: Readonly<Record<AllocatorName, Allocator>> = {
  jemalloc: (size) => jemallocClass(size, 16),
  'jemalloc-bundled': (size) => jemallocClass(size, 8),
  libc: libcUsable,
};

const known = new Map<AllocatorName, Allocator>();

/** The allocator of a name. */
export function allocatorOf(name: AllocatorName): Allocator {
  let allocator = known.get(name);
  if (!allocator) {
    allocator = tabled(COMPUTED[name]);
    known.set(name, allocator);
  }
  return allocator;
}

/** Small requests are by far the most. What an allocator gives for a size it also gives for all sizes from there to it. */
function tabled(compute: Allocator): Allocator {
  const table = new Uint16Array(TABLE_SIZE + 1);
  for (let size = 0; size <= TABLE_SIZE; ) {
    const given = compute(size);
    table.fill(given, size, given + 1);
    size = given + 1;
  }
  return (size) => (size <= TABLE_SIZE ? table[size] : compute(size));
}

/** Four classes for each power of two; below that steps of the quantum. */
function jemallocClass(size: number, quantum: number): number {
  if (size <= 8) return 8;
  if (size <= quantum * 8) return Math.ceil(size / quantum) * quantum;
  const power = 2 ** Math.floor(Math.log2(size - 1));
  const step = power / 4;
  return power + Math.ceil((size - power) / step) * step;
}

/** A chunk has a word before the user's bytes and may use the next chunk's first word; chunks are multiples of 16. */
function libcUsable(size: number): number {
  if (size >= LIBC_MAPPED) return Math.ceil((size + 16) / PAGE) * PAGE - 16;
  return Math.max(32, Math.ceil((size + 8) / 16) * 16) - 8;
}
