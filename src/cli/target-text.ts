/** What is said of a server before anything is written to it. */
import { formatBytes, formatCount } from '../format/quantities.js';
import type { ServerFacts } from '../server/facts.js';
import type { TargetCaution } from '../server/target-checks.js';

/** Address, release, role and keys of a server, in one line. */
export function targetLine(facts: ServerFacts): string {
  const keys = facts.databases.map(({ db, keys }) => `${formatCount(keys)} keys in database ${db}`);
  const what = [
    `${facts.make} ${facts.version}`,
    `${facts.role}, ${facts.mode}${facts.nodes === undefined ? '' : ` of ${formatCount(facts.nodes)} primaries`}`,
    ...(facts.user === undefined ? [] : [`user ${facts.user}`]),
    ...(keys.length === 0 ? ['no keys'] : keys),
  ];
  return `to      ${facts.address}: ${what.join(', ')}`;
}

/** A caution, in one line. */
export function cautionLine(caution: TargetCaution): string {
  const { used, limit, needed } = caution;
  const sizes = `it uses ${formatBytes(used)} of ${formatBytes(limit)}, and about ${formatBytes(needed)} may be needed`;
  const what = caution.kind === 'memory' ? 'and then refuses all writes' : `and then evicts keys (${caution.policy})`;
  return `caution the memory of the server may get full, ${what}: ${sizes}`;
}
