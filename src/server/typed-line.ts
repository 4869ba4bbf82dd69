/** A command as one types it into redis-cli, on its way to the server. */
import { splitInline } from '../decoder/resp/inline.js';

/** The arguments of a line, the name first; none for an empty line; or what is wrong with its quotes. */
export type TypedLine =
  | { readonly argv: readonly Uint8Array[] }
  | { readonly unbalanced: 'quote-not-closed' | 'quote-not-followed-by-blank' };

/** Splits a line at its blanks; quotes and escapes are those of redis-cli. Text is sent as UTF-8. */
export function parseTypedLine(text: string): TypedLine {
  const { tokens, unbalanced } = splitInline(new TextEncoder().encode(text));
  return unbalanced ? { unbalanced: unbalanced.code } : { argv: tokens.map(({ bytes }) => bytes) };
}
