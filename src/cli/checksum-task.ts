/** The checksum of a large file, computed by several threads that take stretches of it in turn. */
import { readSync } from 'node:fs';
import { crc64Combine } from '../decoder/crc64/crc64.js';
import { openCrc64Stream } from '../decoder/crc64/stream.js';

/** Bytes of a stretch. */
const STRETCH = 4 * 1024 * 1024;

/** What the threads share. Everything in it can be posted to a worker. */
export interface ChecksumTask {
  readonly fd: number;
  /** Bytes from the start of the file that are covered. */
  readonly length: number;
  /** Number of the next stretch that nobody has taken, and number of stretches done. */
  readonly counters: SharedArrayBuffer;
  /** The checksum of each stretch by itself. */
  readonly results: SharedArrayBuffer;
}

const NEXT = 0;
const DONE = 1;
const CANCELLED = 2;
const FAILED = 3;

/** Prepares the checksum of the first `length` bytes of an open file. */
export function newChecksumTask(fd: number, length: number): ChecksumTask {
  return {
    fd,
    length,
    counters: new SharedArrayBuffer(16),
    results: new SharedArrayBuffer(8 * stretchCount(length)),
  };
}

function stretchCount(length: number): number {
  return Math.ceil(length / STRETCH);
}

/**
 * Computes stretches until none is left. Any number of threads may do this for one task at the same time.
 *
 * @throws the system's error if the file cannot be read, or an error if it has become shorter.
 */
export function workOnChecksum(task: ChecksumTask): void {
  const counters = new Int32Array(task.counters);
  const results = new BigUint64Array(task.results);
  const stream = openCrc64Stream();
  for (;;) {
    if (Atomics.load(counters, CANCELLED) === 1) return;
    const stretch = Atomics.add(counters, NEXT, 1);
    if (stretch >= results.length) return;
    const start = stretch * STRETCH;
    try {
      results[stretch] = checksumOf(task.fd, start, Math.min(task.length, start + STRETCH), stream);
    } catch (error) {
      Atomics.store(counters, FAILED, 1);
      throw error;
    } finally {
      // A stretch that failed counts as done, so that nobody waits for it.
      Atomics.add(counters, DONE, 1);
      Atomics.notify(counters, DONE);
    }
  }
}

function checksumOf(fd: number, start: number, end: number, stream: ReturnType<typeof openCrc64Stream>): bigint {
  let crc = 0n;
  for (let at = start; at < end; ) {
    const count = readSync(fd, stream.buffer, 0, Math.min(stream.buffer.length, end - at), at);
    if (count <= 0) throw new Error('the file has become shorter while it was read');
    crc = stream.update(crc, count);
    at += count;
  }
  return crc;
}

/** Stretches done, and their number. */
export function checksumProgress(task: ChecksumTask): { readonly done: number; readonly of: number } {
  return { done: Atomics.load(new Int32Array(task.counters), DONE), of: stretchCount(task.length) };
}

/** Makes all threads stop after the stretch that they are at. */
export function cancelChecksum(task: ChecksumTask): void {
  Atomics.store(new Int32Array(task.counters), CANCELLED, 1);
}

/**
 * Blocks until all stretches are done; for threads that have nothing else to do.
 *
 * @throws Error if another thread could not read the file.
 */
export function waitForChecksum(task: ChecksumTask): void {
  const counters = new Int32Array(task.counters);
  const count = stretchCount(task.length);
  for (let done = Atomics.load(counters, DONE); done < count; done = Atomics.load(counters, DONE)) {
    Atomics.wait(counters, DONE, done);
  }
  if (Atomics.load(counters, FAILED) === 1) throw new Error('the file could not be read to its end');
}

/**
 * The checksum of the first `length` bytes, when all stretches are done. A length other than the task's is allowed:
 * what differs is read now.
 */
export function checksumResult(task: ChecksumTask, length = task.length): bigint {
  const results = new BigUint64Array(task.results);
  let crc = 0n;
  let at = 0;
  for (let stretch = 0; stretch < results.length; stretch++) {
    const end = Math.min(task.length, at + STRETCH);
    if (end > length) break;
    crc = crc64Combine(crc, results[stretch], end - at);
    at = end;
  }
  if (at < length) crc = crc64Combine(crc, checksumOf(task.fd, at, length, openCrc64Stream()), length - at);
  return crc;
}
