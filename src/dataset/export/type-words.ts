/** What a form says of type and encoding: made once for each, because there are few of them and many keys. */
import { fromLatin1 } from '../../decoder/bytes.js';

/** Texts by type and encoding. */
export class TypeWords {
  private readonly byType = new Map<string, Map<string | null, Uint8Array>>();

  /** @param make gives a text of which every character is one byte. */
  constructor(private readonly make: (typeName: string, encoding: string | null) => string) {}

  /** The text of a key, as bytes. */
  of(typeName: string, encoding: string | null): Uint8Array {
    let byEncoding = this.byType.get(typeName);
    if (!byEncoding) {
      byEncoding = new Map();
      this.byType.set(typeName, byEncoding);
    }
    let words = byEncoding.get(encoding);
    if (!words) {
      words = fromLatin1(this.make(typeName, encoding));
      byEncoding.set(encoding, words);
    }
    return words;
  }
}
