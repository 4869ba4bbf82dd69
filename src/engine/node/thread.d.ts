// Types for the bundled programs of threads.

declare module 'thread:*' {
  const program: string;
  export default program;
}
