/** The syntax of a command as the table writes it, in parts: `key value [NX|XX] [EX seconds|PX milliseconds]`. */

/** A part of a syntax: a word, or a group in brackets. */
export interface SyntaxPart {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Words that stand for themselves: `NX`, `EX`. */
  readonly keywords: readonly string[];
  readonly optional: boolean;
  /** True if it may come again and again. */
  readonly repeated: boolean;
}

const KEYWORD = /(?<![\w-])[A-Z][A-Z0-9_-]*(?![\w-])/g;

/** The parts at the top, in order; brackets within a part stay in it. */
export function syntaxParts(syntax: string): SyntaxPart[] {
  const parts: SyntaxPart[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= syntax.length; at++) {
    const character = syntax[at];
    if (character === '[' || character === '<') depth++;
    else if (character === ']' || character === '>') depth--;
    else if (at === syntax.length || (character === ' ' && depth <= 0)) {
      if (at > start) parts.push(partOf(syntax, start, at));
      start = at + 1;
    }
  }
  return parts;
}

function partOf(syntax: string, start: number, end: number): SyntaxPart {
  const text = syntax.slice(start, end);
  const keywords = [...text.matchAll(KEYWORD)].map(([word]) => word);
  return { start, end, text, keywords, optional: text.startsWith('['), repeated: text.includes('...') };
}

/**
 * The part that an argument belongs to, as far as its words tell.
 *
 * @param words the arguments before it, in upper case, without the name; the last one is the argument itself.
 * @returns the index of the part, −1 if there is none.
 */
export function partOfArgument(parts: readonly SyntaxPart[], words: readonly string[]): number {
  const plain = parts.findIndex(({ optional, repeated }) => optional || repeated);
  const fixed = plain < 0 ? parts.length : plain;
  if (words.length <= fixed) return words.length - 1;
  // The last word that is a keyword of an option says where the argument is.
  for (let at = words.length - 1; at >= fixed; at--) {
    const found = parts.findIndex(({ keywords }) => keywords.includes(words[at]));
    if (found >= 0) return found;
  }
  let last = parts.length - 1;
  while (last >= 0 && (parts[last].keywords.length > 0 || !(parts[last].optional || parts[last].repeated))) last--;
  return last >= 0 ? last : Math.min(fixed, parts.length - 1);
}
