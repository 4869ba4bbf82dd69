/**
 * What every text has to have that a regular expression matches: so that the others need not be given to it. Of the
 * expression only what is certain is understood; all else counts as if it could be anything.
 */

/** The most texts, and characters of one. */
const TEXTS = 16;
const CHARACTERS = 64;
/** Shorter texts are in almost everything. */
const LEAST = 2;

/** What is known of a part of an expression. */
interface Part {
  /** The only text that it matches; undefined if there are others. */
  readonly exact: string | undefined;
  /** Texts of which one is in everything that it matches; undefined if that is not known. */
  readonly required: readonly string[] | undefined;
}

const ANYTHING: Part = { exact: undefined, required: undefined };

/**
 * Texts of which one is in everything that matches.
 *
 * @param source of an expression that is valid with the flag `u`.
 * @returns undefined if there are none that would help.
 */
export function requiredTexts(source: string, ignoreCase: boolean): readonly string[] | undefined {
  const { required } = new Reader(source, ignoreCase).alternatives();
  return required && shortest(required) >= LEAST ? required : undefined;
}

/** The longest stretch of a text whose characters are nothing but themselves. @returns '' if there is none. */
export function plainStretch(text: string, ignoreCase: boolean): string {
  let best = '';
  let stretch = '';
  for (const char of text) {
    stretch = isPlain(char, ignoreCase) ? stretch + char : '';
    if (stretch.length > best.length) best = stretch;
  }
  return best;
}

/**
 * True if a character is matched by nothing but the bytes of it. Without case I, K and S have others beyond ASCII, as
 * most letters there; characters up to U+00FF stand for single bytes, too, where these are no text.
 */
function isPlain(char: string, ignoreCase: boolean): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return !ignoreCase || !/[iks]/i.test(char);
  return !ignoreCase && code > 0xff && (code < 0xd800 || code > 0xdfff);
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length));
}

/** The better of two: whose shortest text is longer. */
function better(a: Part['required'], b: Part['required']): Part['required'] {
  if (!a || !b) return a ?? b;
  return shortest(b) > shortest(a) ? b : a;
}

const SYNTAX = /[\^$\\.*+?()[\]{}|/-]/;
const LETTER_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v', f: '\f', '0': '\0' };

class Reader {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly ignoreCase: boolean,
  ) {}

  /** Reads up to the end of a group, or of the expression. */
  alternatives(): Part {
    const parts = [this.sequence()];
    while (this.source[this.at] === '|') {
      this.at++;
      parts.push(this.sequence());
    }
    if (parts.length === 1) return parts[0];
    const texts = parts.flatMap(({ required }) => required ?? []);
    const known = parts.every(({ required }) => required !== undefined) && texts.length <= TEXTS;
    return { exact: undefined, required: known ? texts : undefined };
  }

  private sequence(): Part {
    /** What everything up to here ends with, and whether that is all of it. */
    let run = '';
    let whole = true;
    let required: Part['required'];
    const close = (next: string) => {
      if (run !== '') required = better(required, [run]);
      run = next;
      whole = false;
    };
    for (;;) {
      const part = this.term();
      if (part === undefined) break;
      const { least, most } = this.quantifier();
      const { exact } = part;
      if (exact === '' || most === 0) continue;
      if (exact === undefined || least === 0 || exact.length * least > CHARACTERS) {
        close('');
        if (least > 0) required = better(required, part.required);
        continue;
      }
      const repeated = exact.repeat(least);
      run += repeated;
      if (run.length > CHARACTERS) close(repeated);
      // The last of more repetitions stand in front of what follows.
      if (most > least) close(repeated);
    }
    if (run !== '') required = better(required, [run]);
    return { exact: whole ? run : undefined, required };
  }

  /** Reads what can be repeated. @returns undefined where a sequence ends; the exact text '' for what has no width. */
  private term(): Part | undefined {
    const { source } = this;
    const char = String.fromCodePoint(source.codePointAt(this.at) ?? 0x7c);
    if (this.at >= source.length || char === '|' || char === ')') return undefined;
    this.at += char.length;
    if (char === '^' || char === '$') return NOTHING;
    if (char === '.') return ANYTHING;
    if (char === '[') {
      while (this.at < source.length && source[this.at] !== ']') this.at += source[this.at] === '\\' ? 2 : 1;
      this.at++;
      return ANYTHING;
    }
    if (char === '(') return this.group();
    if (char === '\\') return this.escape();
    return this.character(char);
  }

  private group(): Part {
    const start = /\?(?:<?[=!]|:|<[^>]*>|[^)]*?:)/y;
    start.lastIndex = this.at;
    const kind = start.exec(this.source)?.[0] ?? '';
    this.at += kind.length;
    const inside = this.alternatives();
    this.at++;
    if (/^\?<?[=!]$/.test(kind)) return NOTHING;
    // Flags of its own.
    return kind.length > 2 && !kind.startsWith('?<') ? ANYTHING : inside;
  }

  private escape(): Part {
    const { source } = this;
    const code = /u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2})|c([a-z])|[pP]\{[^}]*\}|k<[^>]*>|[1-9][0-9]*|./isuy;
    code.lastIndex = this.at;
    const found = code.exec(source);
    if (!found) return ANYTHING;
    const [text, braced, four, two, control] = found;
    this.at += text.length;
    if (text === 'b' || text === 'B') return NOTHING;
    const hex = braced ?? four ?? two;
    if (hex !== undefined) return this.character(String.fromCodePoint(Number.parseInt(hex, 16)));
    if (control !== undefined) return this.character(String.fromCharCode(control.charCodeAt(0) & 31));
    if (Object.hasOwn(LETTER_ESCAPES, text)) return this.character(LETTER_ESCAPES[text]);
    return text.length === 1 && SYNTAX.test(text) ? this.character(text) : ANYTHING;
  }

  private character(char: string): Part {
    return isPlain(char, this.ignoreCase) ? { exact: char, required: undefined } : ANYTHING;
  }

  private quantifier(): { readonly least: number; readonly most: number } {
    const form = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;
    form.lastIndex = this.at;
    const found = form.exec(this.source);
    if (!found) return { least: 1, most: 1 };
    this.at += found[0].length;
    const [, sign, from, comma, to] = found;
    if (sign !== undefined) return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
    const least = Number(from);
    return { least, most: comma === '' ? least : to === '' ? Number.POSITIVE_INFINITY : Number(to) };
  }
}

const NOTHING: Part = { exact: '', required: undefined };
