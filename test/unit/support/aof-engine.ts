/** An engine of an AOF in a thread, and what tests wait for. */
import type { AofSummary } from '../../../src/aof-protocol.js';
import type { EventMessage } from '../../../src/protocol.js';
import type { TestEngine } from './programs.js';

type SummaryEvent = Extract<EventMessage, { event: 'aof.summary' }>;

/** Waits for a summary that a test wants, of those that came before too. */
export async function summaryWhere(engine: TestEngine, wanted: (summary: AofSummary) => boolean): Promise<AofSummary> {
  const { summary } = await engine.event(
    (event): event is SummaryEvent => event.event === 'aof.summary' && wanted(event.summary),
  );
  return summary;
}

/** Waits until the files are scanned. */
export function scanned(engine: TestEngine): Promise<AofSummary> {
  return summaryWhere(engine, ({ state }) => state !== 'scanning');
}
