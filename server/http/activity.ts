import type { Context } from 'hono';
import type { Duration } from '../../machines/index.ts';

/** Whether a request was caused by the user, `age` ms ago, or by the page itself. */
export type DeclaredActivity = { readonly by: 'user'; readonly age: Duration } | { readonly by: 'background' };

/** A request that was not caused by the user. */
export const background: DeclaredActivity = { by: 'background' };
const declared = /^user(?:; *age=(\d{1,15}))?$/;

/** Whether a request says itself what the user did, as the requests of Curfew clients do. */
export const isDeclared = (c: Context): boolean => c.req.header('Session-Activity') !== undefined;

/** What counts as the user's of the requests that say nothing. */
interface UndeclaredRules {
  /** Whether a navigation counts that the user caused, where no other request does. Default `false`. */
  readonly navigations?: boolean;
  /** Whether the pages of an origin count like those of the request's own. Default: of none. */
  readonly isListed?: (origin: string) => boolean;
}

/** Whether the browser says that a page of ours caused a request; what is no browser says nothing. */
function isFromOwnPage(c: Context, isListed: (origin: string) => boolean): boolean {
  const origin = c.req.header('Origin');
  return (
    (c.req.header('Sec-Fetch-Site') ?? 'same-origin') === 'same-origin' || (origin !== undefined && isListed(origin))
  );
}

/** Whether a request loads a page because the user followed a link or sent a form. @see W3C Fetch Metadata §2.4 */
const isUserNavigation = (c: Context): boolean =>
  c.req.header('Sec-Fetch-Mode') === 'navigate' && c.req.header('Sec-Fetch-User') === '?1';

/**
 * Reads `Session-Activity`. A request without the header counts as `undeclared` says, but never when another site or a
 * prefetch caused it; a value that cannot be read counts as background.
 *
 * @param undeclared whether a same-origin request without the header counts as the user's
 * @see NIST SP 800-63B-4 §5.1.2, RFC 9651
 */
export function readActivity(
  c: Context,
  undeclared: boolean,
  { navigations = false, isListed = () => false }: UndeclaredRules = {},
): DeclaredActivity {
  const header = c.req.header('Session-Activity');
  if (c.req.header('Sec-Purpose')?.includes('prefetch')) return background;
  if (header !== undefined) {
    const match = declared.exec(header.trim());
    return match ? { by: 'user', age: Number(match[1] ?? 0) } : background;
  }
  const counts = undeclared || (navigations && isUserNavigation(c));
  return counts && isFromOwnPage(c, isListed) ? { by: 'user', age: 0 } : background;
}
