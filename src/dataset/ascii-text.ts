/** Stretches of bytes as text, so that expressions can be tried on pieces of it without making each of them anew. */

/** Bytes from the first to before `end` as text, one character a byte: right for those below 0x80. */
type Convert = (bytes: Uint8Array, end: number) => string;

/** What workers of Node and of the browser have alike. */
declare const TextDecoder: new (encoding: 'utf-16le') => { decode(bytes: Uint16Array): string };

const decoder = new TextDecoder('utf-16le');
let convert: Convert = (bytes, end) => decoder.decode(Uint16Array.from(bytes.subarray(0, end)));

/** Gives a way to make text that is quicker where the program runs. */
export function convertTextBy(quicker: Convert): void {
  convert = quicker;
}

/** The text of the bytes that are held. */
export class AsciiText {
  private bytes: Uint8Array = new Uint8Array(0);
  private end = 0;
  private version = -1;
  private text: string | undefined;

  /** Takes other bytes, up to `end`. @param version another number if bytes of the same memory have changed. */
  hold(bytes: Uint8Array, end: number, version: number): this {
    if (bytes === this.bytes && version === this.version) return this;
    this.bytes = bytes;
    this.end = end;
    this.version = version;
    this.text = undefined;
    return this;
  }

  /** A piece of them as text: the same memory, maybe seen from elsewhere. @returns undefined if it is not all ASCII. */
  of(bytes: Uint8Array, start: number, end: number): string | undefined {
    let all = 0;
    for (let at = start; at < end; at++) all |= bytes[at];
    if (all >= 0x80) return undefined;
    this.text ??= convert(this.bytes, this.end);
    const shift = bytes.byteOffset - this.bytes.byteOffset;
    return this.text.slice(shift + start, shift + end);
  }
}
