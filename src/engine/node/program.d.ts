// Types for programs that are bundled as text.

declare module 'program:*' {
  /** A function of `require`. */
  export const SOURCE: string;
  /** Another one for each text. */
  export const ID: string;
}
