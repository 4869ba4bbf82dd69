/** What is said of a server before anything is written to it. */
import { formatBytes, formatCount } from '../format/quantities.js';
import type { ServerFacts } from '../server/facts.js';
import type { ScriptCounts } from '../server/script-counter.js';
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

/** What is said of scripts, in lines. @param sent true if those are sent too that name what steers the server. */
export function scriptLines({ count, naming, first, unread }: ScriptCounts, sent: boolean): string[] {
  const places = first.map(({ command, file, offset }) => `${command} at ${file}:${offset}`).join(', ');
  return [
    `caution ${formatCount(count)} commands run or load scripts; what they do is known only as far as their text names it`,
    ...(naming > 0
      ? [
          `caution ${formatCount(naming)} of them name what steers the server or empties databases, and are ${sent ? 'sent too' : 'left out'}: ${places}${naming > first.length ? ' …' : ''}`,
        ]
      : []),
    ...(unread > 0 ? [`caution ${formatCount(unread)} of them are read only when they are sent`] : []),
  ];
}
