/** Commands that can be done again: what they write does not depend on how often they were done. */
import { latin1 } from '../decoder/bytes.js';

/**
 * Commands that set what they write, wherever it was before. Done again in their order, from the first to the last, they
 * leave what they left before; some may say that something is there already.
 */
const HARMLESS = new Set(
  `SET MSET DEL UNLINK HSET HMSET HDEL HPEXPIREAT HEXPIREAT HPERSIST SADD SREM ZADD ZREM GEOADD PEXPIREAT EXPIREAT PERSIST
   SETBIT SETRANGE PFADD XADD XDEL XSETID XACK XCLAIM RESTORE FLUSHALL FLUSHDB MULTI EXEC SELECT FUNCTION`.split(/\s+/),
);

/**
 * True if doing a command again does no harm.
 *
 * @param name in upper case.
 * @param words its first arguments, the name included, as far as they are at hand.
 */
export function isHarmless(name: string, words: readonly Uint8Array[]): boolean {
  if (!HARMLESS.has(name)) return false;
  const texts = words.map((word) => (word.length <= 32 ? latin1(word).toUpperCase() : ''));
  if (name === 'ZADD') return !texts.slice(2, 8).includes('INCR');
  // Without an ID of its own an entry is added once more.
  if (name === 'XADD') return texts.some((word) => /^\d+-\d+$/.test(word)) && !texts.includes('*');
  if (name === 'SET') return !texts.slice(3).some((word) => word === 'NX' || word === 'XX' || word.startsWith('IF'));
  if (name === 'RESTORE') return texts.includes('REPLACE');
  if (name === 'FUNCTION') return texts[1] === 'FLUSH' || texts.includes('REPLACE');
  return true;
}
