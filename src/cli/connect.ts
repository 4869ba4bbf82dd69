/** How commands that talk to servers connect: with passwords of the environment, or such as are asked for. */
import { addressText } from '../server/address.js';
import { ServerError } from '../server/errors.js';
import { type OpenTarget, openTarget } from '../server/node/open-target.js';
import type { ServerMode } from '../server/target.js';
import { parseTarget, type TargetAddress } from '../server/target-url.js';
import { askAtTerminal, isAtTerminal, passwordFromEnvironment, sentinelPasswordFromEnvironment } from './password.js';
import { UsageError } from './usage.js';

/** Connects; asks for a password if the server, or a Sentinel, wants one and a person is there. */
export async function connectAsking(target: TargetAddress): Promise<OpenTarget> {
  let password = passwordFromEnvironment();
  let ofSentinels = sentinelPasswordFromEnvironment();
  for (let asked = 0; ; asked++) {
    const sentinel = target.sentinel && { ...target.sentinel, ...(ofSentinels ? { password: ofSentinels } : {}) };
    try {
      return await openTarget({
        ...target,
        ...(password === undefined ? {} : { password }),
        ...(sentinel ? { sentinel } : {}),
      });
    } catch (error) {
      const wanted = error instanceof ServerError && error.code === 'auth-required';
      if (!wanted || !isAtTerminal() || asked === 2) throw error;
      const isSentinel = target.sentinel?.addresses.some((address) => addressText(address) === error.args[0]);
      const entered = await askAtTerminal(isSentinel ? 'Password of the Sentinels: ' : 'Password: ', true);
      if (isSentinel) ofSentinels = entered;
      else password = entered;
    }
  }
}

/** The mode of a server as it is written on the command line. @throws UsageError for another word. */
export function modeNamed(text: string): ServerMode {
  if (text === 'standalone' || text === 'cluster') return text;
  throw new UsageError(`--mode takes standalone or cluster, not ${text}`);
}

/** Reads the URL of a server to write to. @throws ServerError, UsageError for one with a database. */
export function parseWriteTarget(url: string, what: string): TargetAddress {
  const target = parseTarget(url);
  if (target.address.db === 0) return target;
  throw new UsageError(`the address of a target has no database; --db-map says where ${what} go`);
}
