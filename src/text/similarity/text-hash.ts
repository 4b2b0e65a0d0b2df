import { mix } from './mix.ts';

/**
 * Writes a hash of 64 bits to `out[0]` and `out[1]`: among ten million texts, two have one hash with a probability of 3 · 10⁻⁶. Not for
 * texts that somebody makes collide on purpose.
 */
export function writeTextHash(text: string, out: Int32Array): void {
  let a = text.length ^ 0x2c1b3c6d;
  let b = text.length ^ 0x297a2d39;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x85ebca6b);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ code, 0x9e3779b1);
    b = (b << 17) | (b >>> 15);
  }
  out[0] = mix(a);
  out[1] = mix(b ^ 0x5bd1e995);
}
