/** Writing HTML in which whatever comes from a file stays text. */

/** Text within an element or an attribute in double quotes: it ends neither, whatever it holds. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** HTML that was put together by {@link html} or {@link joined}, as opposed to text. */
export class Html {
  constructor(readonly source: string) {}
}

/** Puts HTML together: what is filled in is escaped, unless it is HTML itself. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  let source = parts[0];
  for (const [i, value] of values.entries()) {
    if (value instanceof Html) source += value.source;
    else if (typeof value === 'string' || typeof value === 'number') source += escaped(String(value));
    else source += value.map((one) => one.source).join('');
    source += parts[i + 1];
  }
  return new Html(source);
}

export const NOTHING = new Html('');
