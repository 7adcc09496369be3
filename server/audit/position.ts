import type { Instant } from '../../machines/index.ts';

/** A place in the export: all that is recorded, in one order. */
export interface Position {
  readonly at: Instant;
  /** What both logs are read on from. */
  readonly session: { readonly stream: string; readonly version: number };
  /** A number of the security log. */
  readonly refusal: number;
}

/** Behind every stream of the same instant. */
const lastStream = '\u{10ffff}';

/** Before everything that was recorded at an instant or later. */
export const beginningAt = (at: Instant): Position => ({ at, session: { stream: '', version: 0 }, refusal: -1 });

/** How the place of an entry is written. */
export const sessionPlace = (at: Instant, stream: string, version: number): string =>
  `${at}/session/${stream}/${version}`;

/** How the place of an entry of the security log is written; of one instant they come last. */
export const refusalPlace = (at: Instant, number: number): string => `${at}/security/${number}`;

const instant = /^-?\d+(?:\.\d+)?$/;

/** Reads a place as it stands in a line of the export. @returns `null` for anything else. */
export function readPosition(text: string): Position | null {
  const [at = '', log, ...rest] = text.split('/');
  const number = Number(rest.at(-1));
  if (!instant.test(at) || !Number.isInteger(number)) return null;
  if (log === 'session' && rest.length > 1)
    return { at: Number(at), session: { stream: rest.slice(0, -1).join('/'), version: number }, refusal: -1 };
  if (log === 'security' && rest.length === 1)
    return { at: Number(at), session: { stream: lastStream, version: 0 }, refusal: number };
  return null;
}
