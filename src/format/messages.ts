/** Messages as sentences: templates with `{0}`, `{1}` … and what fills them, in the language of the user. */

/** English words with placeholders and what fills them; they are translated where they are shown. */
export interface Phrase {
  readonly phrase: string;
  readonly args: readonly MessageArg[];
}

/** What fills a placeholder: words of the file as they are, or words of ours. */
export type MessageArg = string | number | Phrase;

/** Gives the words of a language for English ones. */
export type Translate = (english: string) => string;

/** Fills the placeholders of a template; one without an argument stays. */
export function fill(template: string, args: readonly (string | number)[]): string {
  return template.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
}

/** A phrase in the language of the user. */
export function phraseText({ phrase, args }: Phrase, translate: Translate): string {
  const filled = args.map((arg) => (typeof arg === 'object' ? phraseText(arg, translate) : arg));
  return fill(translate(phrase), filled);
}

/** A whole sentence in the language of the user. Parts of a file have small initials, also where one begins it. */
export function sentence(template: string, args: readonly MessageArg[], translate: Translate): string {
  const text = phraseText({ phrase: template, args }, translate);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
