/** What a file shows that somebody may want to change: each finding a pure function of what the other questions found. */
import { checksumFinding, damageFinding, unknownFinding } from './findings/file.js';
import type { Finding, FindingFacts } from './findings/finding.js';
import {
  bigKeysFinding,
  expiredFinding,
  longNamesFinding,
  manyElementsFinding,
  nameShareFinding,
  nearThresholdFinding,
  noExpiryFinding,
} from './findings/keys.js';
import { idleConsumersFinding, pendingFinding, slotFinding } from './findings/servers.js';
import { jsonFinding, packedFinding, sameFieldsFinding } from './findings/values.js';

/** All findings, the worst first. */
export function findingsOf(facts: FindingFacts): readonly Finding[] {
  const found = FINDERS.flatMap((find) => find(facts));
  const order = ['error', 'warning', 'info'];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

const FINDERS: readonly ((facts: FindingFacts) => Finding[])[] = [
  checksumFinding,
  unknownFinding,
  damageFinding,
  bigKeysFinding,
  manyElementsFinding,
  pendingFinding,
  longNamesFinding,
  expiredFinding,
  slotFinding,
  noExpiryFinding,
  nearThresholdFinding,
  sameFieldsFinding,
  jsonFinding,
  packedFinding,
  nameShareFinding,
  idleConsumersFinding,
];
