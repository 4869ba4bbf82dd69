// Types for the compiled WebAssembly modules, and the little of the WebAssembly interface that the decoder uses:
// both browsers and Node have it, but the decoder is compiled against neither of their type libraries.

declare module 'wasm:*' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
