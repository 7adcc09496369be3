// PostgreSQL's text cannot hold U+0000, which JavaScript's strings can. It is written as two other control characters,
// and so is the first of those: every string has one spelling, comes back as it was, and ordinary text is left alone.
const zero = '\u0000';
const mark = '\u0001';
const spelledZero = `${mark}\u0002`;
const spelledMark = `${mark}\u0003`;

/** A string as PostgreSQL can keep it; equal strings have equal spellings. */
export const spelled = (text: string): string => text.replaceAll(mark, spelledMark).replaceAll(zero, spelledZero);

/** The string that was `spelled`. */
export const unspelled = (text: string): string => text.replaceAll(spelledZero, zero).replaceAll(spelledMark, mark);
