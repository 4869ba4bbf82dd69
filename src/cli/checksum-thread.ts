/** Computing the checksum beside the scan, on a second thread of the same program. */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { openCrc64Stream } from '../decoder/crc64/stream.js';
import {
  type ChecksumTask,
  cancelChecksum,
  checksumResult,
  newChecksumTask,
  waitForChecksum,
  workOnChecksum,
} from '../engine/node/checksum.js';

/** Files with fewer bytes than this are done before a thread has started. */
export const THREAD_WORTH = 16 * 1024 * 1024;

/** The start of data that tells the program that it runs as such a thread. */
interface ThreadData {
  readonly checksum: ChecksumTask;
}

/** Does the work of the thread if this is one. @returns true if it was. */
export function runChecksumThread(): boolean {
  if (isMainThread || !('checksum' in workerData)) return false;
  workOnChecksum((workerData as ThreadData).checksum);
  return true;
}

/** A checksum being computed. */
export interface PendingChecksum {
  /** Computes a stretch, for threads that wait for something else. @returns false if there is none left. */
  work(): boolean;
  /** Takes part in the work until it is done. @param length bytes that the checksum covers after all. */
  result(length: number): bigint;
  cancel(): void;
}

/**
 * Begins to compute the checksum of the first `length` bytes of an open file.
 *
 * @param alone whether a thread of its own does it.
 */
export function startChecksum(fd: number, length: number, alone = true): PendingChecksum {
  const task = newChecksumTask(fd, Math.max(0, length));
  let stream: ReturnType<typeof openCrc64Stream> | undefined;
  if (alone && task.length >= THREAD_WORTH) {
    const worker = new Worker(__filename, { workerData: { checksum: task } satisfies ThreadData });
    // A failure of the thread is in the task too, where `result` finds it.
    worker.on('error', () => {});
    worker.unref();
  }
  return {
    work() {
      stream ??= openCrc64Stream();
      return workOnChecksum(task, 1, stream);
    },
    result(wanted) {
      workOnChecksum(task);
      waitForChecksum(task);
      return checksumResult(task, wanted);
    },
    cancel: () => cancelChecksum(task),
  };
}
