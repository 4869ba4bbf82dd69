// Types for programs that are bundled as text.

declare module 'program:*' {
  /** A function of `require`. */
  export const SOURCE: string;
  /** Another one for each text. */
  export const ID: string;
  /** What stands in place of the end of a comment where the text is one. */
  export const END_OF_COMMENT: string;
}
