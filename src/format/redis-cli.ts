/** Bytes as redis-cli reads and prints them: in double quotes with escapes. */

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x22, '\\"'],
  [0x5c, '\\\\'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x07, '\\a'],
  [0x08, '\\b'],
]);

/** An argument in quotes; what is not printable ASCII becomes `\xHH`, so that the bytes come back exactly. */
export function quoteArgument(bytes: Uint8Array): string {
  const parts: string[] = ['"'];
  for (const byte of bytes) {
    parts.push(
      ESCAPES.get(byte) ??
        (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`),
    );
  }
  parts.push('"');
  return parts.join('');
}

/** An argument, in quotes only where it needs them. */
export function formatArgument(bytes: Uint8Array): string {
  if (bytes.length === 0 || bytes.length > 1024) return quoteArgument(bytes);
  let text = '';
  for (const byte of bytes) {
    // Letters, digits and what stands in names and numbers; anything else a shell or the splitter could take otherwise.
    if (!/[\w.:/@%+,=-]/.test(String.fromCharCode(byte)) || byte > 0x7e) return quoteArgument(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}
