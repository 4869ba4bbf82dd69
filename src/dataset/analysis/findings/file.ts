/** Findings about the file as a whole: its checksum, records that are not known, damage. */
import { count, type Finding, type FindingFacts, finding, phrase } from './finding.js';

/** The bytes of the file are not those that were written. */
export function checksumFinding({ problems }: Pick<FindingFacts, 'problems'>): Finding[] {
  return problems
    .filter(({ code }) => code === 'checksum-mismatch')
    .map(({ offset }) =>
      finding(
        'checksum-mismatch',
        'error',
        phrase('The checksum of the file is not that of its bytes.'),
        phrase('Fetch the file again from where it was copied; a server with rdbchecksum refuses to load it.'),
        { offset },
      ),
    );
}

const UNKNOWN: ReadonlySet<string> = new Set([
  'unknown-type',
  'unknown-opcode',
  'unknown-module',
  'unknown-version',
  'type-newer-than-version',
]);

/** Records of a kind that is not known. */
export function unknownFinding({ problems }: Pick<FindingFacts, 'problems'>): Finding[] {
  const unknown = problems.filter(({ code }) => UNKNOWN.has(code));
  if (unknown.length === 0) return [];
  return [
    finding(
      'unknown-records',
      'warning',
      phrase('{0} records or versions are not known.', count(unknown.length)),
      phrase('See the File tab for their offsets; load the file with the server that wrote it, or a newer one.'),
      { offset: unknown[0].offset },
    ),
  ];
}

/** Whatever else is wrong with the bytes. */
export function damageFinding({ problems }: Pick<FindingFacts, 'problems'>): Finding[] {
  const damage = problems.filter(({ code }) => code !== 'checksum-mismatch' && !UNKNOWN.has(code));
  if (damage.length === 0) return [];
  const severity = damage.some((problem) => problem.severity === 'error') ? 'error' : 'warning';
  return [
    finding(
      'damage',
      severity,
      phrase('The file has {0} places that are damaged or doubtful.', count(damage.length)),
      phrase('See the File tab; what is intact is counted here, and can be exported or restored without the rest.'),
      { offset: damage[0].offset },
    ),
  ];
}
