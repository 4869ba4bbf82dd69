/** What an export did: what was written, what was left out and why, and what the form or the server could not keep. */
import { type Phrase, type Problem, phrase } from '../../decoder/errors.js';

/** Why a key is left out: it is whole, but not for this form or server. */
export type LeftOut =
  | 'type'
  | 'field-expiry'
  | 'module'
  | 'no-command'
  | 'expiry-range'
  | 'too-large'
  | 'anonymised-module';

/** What a key loses. */
export type Loss =
  | 'field-expiry'
  | 'member-expiry'
  | 'metadata'
  | 'producers'
  | 'released'
  | 'access'
  | 'groups'
  | 'functions'
  | 'module-data';

/** How often something was met, and where first. */
export interface Met<Kind> {
  readonly kind: Kind;
  /** The type of the keys. */
  readonly type: string;
  readonly count: number;
  /** Offset of the first. */
  readonly offset: number;
}

/** A file that was written. */
export interface WrittenPart {
  /** What distinguishes it from the others; empty for an export in one file. */
  readonly part: string;
  readonly keys: number;
  readonly bytes: number;
}

/** What an export did. */
export interface ExportReport {
  readonly keys: number;
  readonly bytes: number;
  readonly parts: readonly WrittenPart[];
  /** Keys left out because they had expired, and because another file has them. */
  readonly expired: number;
  readonly duplicates: number;
  readonly leftOut: readonly Met<LeftOut>[];
  readonly losses: readonly Met<Loss>[];
  /** What is wrong with values that were therefore left out. */
  readonly damaged: readonly Problem[];
  readonly moreDamaged: number;
}

/** The most problems that are kept. */
const KEPT = 1000;

/** Collects what happens to keys. */
export class Findings {
  readonly damaged: Problem[] = [];
  moreDamaged = 0;
  private readonly left = new Map<string, Met<LeftOut>>();
  private readonly lost = new Map<string, Met<Loss>>();

  leftOut(kind: LeftOut, type: string, offset: number): void {
    count(this.left, kind, type, offset);
  }

  loss(kind: Loss, type: string, offset: number, times = 1): void {
    count(this.lost, kind, type, offset, times);
  }

  damage(problem: Problem): void {
    if (this.damaged.length < KEPT) this.damaged.push(problem);
    else this.moreDamaged++;
  }

  get allLeftOut(): readonly Met<LeftOut>[] {
    return [...this.left.values()];
  }

  get losses(): readonly Met<Loss>[] {
    return [...this.lost.values()];
  }
}

function count<Kind extends string>(
  counts: Map<string, Met<Kind>>,
  kind: Kind,
  type: string,
  offset: number,
  times = 1,
): void {
  const name = `${kind} ${type}`;
  const known = counts.get(name);
  counts.set(name, known ? { ...known, count: known.count + times } : { kind, type, count: times, offset });
}

/** Why keys were left out, in words: without their number. */
export function leftOutPhrase({ kind, type }: Met<LeftOut>): Phrase {
  switch (kind) {
    case 'type':
      return phrase('the server knows no values of type {0}', type);
    case 'field-expiry':
      return phrase('the server knows no expiry of fields, which would be lost');
    case 'module':
      return phrase('the server has no values of module {0}', type);
    case 'no-command':
      return phrase('no command builds values of type {0}', type);
    case 'expiry-range':
      return phrase('the expiry is later than the server can keep');
    case 'too-large':
      return phrase('the value is larger than this form takes');
    case 'anonymised-module':
      return phrase('values of type {0} cannot be anonymised', type);
  }
}

/** What was lost, in words: without the number of keys. */
export function lossPhrase({ kind }: Met<Loss>): Phrase {
  switch (kind) {
    case 'field-expiry':
      return phrase('fields lose their expiry');
    case 'member-expiry':
      return phrase('members lose their expiry');
    case 'metadata':
      return phrase('keys lose the metadata of modules');
    case 'producers':
      return phrase('streams lose what is known of their producers');
    case 'released':
      return phrase('pending entries that belong to no consumer are dropped');
    case 'access':
      return phrase('keys lose their idle time or access frequency');
    case 'groups':
      return phrase('streams lose their consumer groups in this form');
    case 'functions':
      return phrase('function libraries are left out');
    case 'module-data':
      return phrase('data of modules that belong to no key are left out');
  }
}
