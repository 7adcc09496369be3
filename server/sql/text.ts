// PostgreSQL's text cannot hold U+0000, which JavaScript's strings can, and Deno reads one of SQLite up to there only. It
// is written as two other control characters, and so is the first of those: every string has one spelling, comes back as
// it was, and ordinary text is left alone.
const zero = '\u0000';
const mark = '\u0001';
const encodedZero = `${mark}\u0002`;
const encodedMark = `${mark}\u0003`;

/** A string as such a database can keep it; equal strings have equal spellings. */
export const encodeText = (text: string): string => text.replaceAll(mark, encodedMark).replaceAll(zero, encodedZero);

/** The string that was `spelled`. */
export const decodeText = (text: string): string => text.replaceAll(encodedZero, zero).replaceAll(encodedMark, mark);
