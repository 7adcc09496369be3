import type { Context } from 'hono';

/** Whether something may be done to the version that is there; `null` where nothing is. */
export type Precondition = (version: string | null) => boolean;

interface Tag {
  readonly weak: boolean;
  readonly version: string;
}

const list = /^[ \t,]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*(?:,[ \t,]*|$))*$/;

/** The entity tags of a list. What is no list names nothing. @see RFC 9110 §5.6.1, §8.8.3 */
const tagsOf = (header: string): readonly Tag[] =>
  list.test(header)
    ? [...header.matchAll(/(W\/)?"([^"]*)"/g)].map(([, weak, version = '']) => ({ weak: weak !== undefined, version }))
    : [];

/** A weak tag is never what `If-Match` asks for: its copy may differ. @see RFC 9110 §13.1.1 */
function isMatched(header: string, version: string | null): boolean {
  if (version === null) return false;
  return header.trim() === '*' || tagsOf(header).some((tag) => !tag.weak && tag.version === version);
}

/** @see RFC 9110 §13.1.2 */
function isNoneMatched(header: string, version: string | null): boolean {
  if (version === null) return true;
  return header.trim() !== '*' && tagsOf(header).every((tag) => tag.version !== version);
}

/** What `If-Match` and `If-None-Match` ask of the copy that is there; without them, nothing. @see RFC 9110 §13.2.2 */
export function preconditionOf(c: Context): Precondition {
  const [match, noneMatch] = [c.req.header('If-Match'), c.req.header('If-None-Match')];
  return (version) =>
    (match === undefined || isMatched(match, version)) &&
    (noneMatch === undefined || isNoneMatched(noneMatch, version));
}

/** Whether the client has this version already: then the answer is a 304. @see RFC 9110 §13.1.2 */
export function isKnown(c: Context, version: string): boolean {
  const header = c.req.header('If-None-Match');
  return header !== undefined && !isNoneMatched(header, version);
}
