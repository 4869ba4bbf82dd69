/** The program of a thread that helps with a checksum. It is kept small: a thread starts as fast as its program is read. */
import { workerData } from 'node:worker_threads';
import { type ChecksumTask, workOnChecksum } from './checksum-task.js';

workOnChecksum(workerData as ChecksumTask);
