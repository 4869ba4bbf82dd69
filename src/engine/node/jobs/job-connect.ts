/** The way to a server that is to be written to. */
import type { ServerFacts } from '../../../server/facts.js';
import { type OpenTarget, openTarget } from '../../../server/node/open-target.js';
import type { ServerTarget } from '../../../server/target.js';
import { factsForWriting } from '../../../server/target-checks.js';

/** Connects, and asks the server what it is. @throws ServerError; ReplayInputError if nothing may be written there. */
export async function openForWriting(target: ServerTarget): Promise<OpenTarget & { readonly facts: ServerFacts }> {
  const open = await openTarget(target);
  try {
    return { ...open, facts: await factsForWriting(open, target.mode) };
  } catch (error) {
    open.control.close();
    throw error;
  }
}
