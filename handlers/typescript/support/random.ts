/** Random values for identifiers. */

/** `byteCount` random bytes from a secure source as lower-case hexadecimal text, two characters each. */
export function randomHex(byteCount: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(byteCount));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
