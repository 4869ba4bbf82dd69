/** Brotli, which Node brings with it; a browser has no way to decompress it that a page can use. */
import { brotliDecompressSync, constants } from 'node:zlib';
import {
  type BytesDecoder,
  type Limits,
  tooMuch,
  UndecodableError,
  type Work,
} from '../../dataset/decoders/decoder.js';
import { phrase } from '../../decoder/errors.js';

// biome-ignore lint/correctness/useYield: Node decompresses in one go
function* decodeBrotli(bytes: Uint8Array, limits: Limits): Work<Uint8Array> {
  try {
    return brotliDecompressSync(bytes, {
      maxOutputLength: limits.bytes,
      finishFlush: constants.BROTLI_OPERATION_FINISH,
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooMuch(0, limits);
    throw new UndecodableError(0, phrase('it cannot be decompressed ({0})', code ?? error.message));
  }
}

/** Brotli has no magic: it is there to be chosen. */
export const brotli: BytesDecoder = {
  id: 'brotli',
  kind: 'bytes',
  label: 'Brotli',
  starts: () => false,
  decode: decodeBrotli,
};
