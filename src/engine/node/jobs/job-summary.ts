/** Words of caution about a server, before something is written to it. */
import type { JobCaution } from '../../../job-protocol.js';
import type { ServerFacts } from '../../../server/facts.js';

/** That the memory of a server may not be enough. @param needed bytes, as they are in the file. */
export function memoryCaution({ usedMemory = 0, maxMemory = 0 }: ServerFacts, needed: number): JobCaution[] {
  if (maxMemory === 0 || usedMemory + needed <= maxMemory) return [];
  return [{ kind: 'memory', used: usedMemory, limit: maxMemory, needed }];
}
