/** Lua source in pieces for highlighting: comments, strings, numbers, keywords, names that are called. */

export type LuaKind = 'comment' | 'string' | 'number' | 'keyword' | 'call' | 'plain';

/** A piece of source. */
export interface LuaPiece {
  readonly kind: LuaKind;
  readonly text: string;
}

const KEYWORDS = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

/** The first alternative that matches decides; a comment or string that is not closed goes on to the end. */
const TOKEN =
  /(?<comment>#!.*|--\[(?<c>=*)\[[\s\S]*?(?:\]\k<c>\]|$)|--.*)|(?<string>\[(?<s>=*)\[[\s\S]*?(?:\]\k<s>\]|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?)|(?<number>\b0[xX][\da-fA-F.]+\b|\b\d+\.?\d*(?:[eE][+-]?\d+)?\b)|(?<word>[A-Za-z_]\w*)/g;

/** Takes source apart; the pieces in a row are the source again. */
export function highlightLua(source: string): LuaPiece[] {
  const pieces: LuaPiece[] = [];
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > at) pieces.push({ kind: 'plain', text: source.slice(at, match.index) });
    const [text] = match;
    at = match.index + text.length;
    pieces.push({ kind: kindOf(match.groups ?? {}, source[at]), text });
  }
  if (at < source.length) pieces.push({ kind: 'plain', text: source.slice(at) });
  return pieces;
}

function kindOf(groups: Record<string, string | undefined>, next: string | undefined): LuaKind {
  if (groups.comment !== undefined) return 'comment';
  if (groups.string !== undefined) return 'string';
  if (groups.number !== undefined) return 'number';
  if (KEYWORDS.has(groups.word ?? '')) return 'keyword';
  return next === '(' ? 'call' : 'plain';
}
