/** What counts as an email address. */

const EMAIL = /^[^@\t\n\v\f\r ]+@[^@\t\n\v\f\r ]+$/u;

/** One `@` with something before and behind it, and no ASCII whitespace anywhere. No dot is required. */
export function isEmail(text: string): boolean {
  return EMAIL.test(text);
}
