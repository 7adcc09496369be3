import type { Context } from 'hono';
import type { Duration } from '../../machines/index.ts';

/** Whether a request was caused by the user, `age` ms ago, or by the page itself. */
export type DeclaredActivity = { readonly by: 'user'; readonly age: Duration } | { readonly by: 'background' };

/** A request that was not caused by the user. */
export const background: DeclaredActivity = { by: 'background' };
const declared = /^user(?:; *age=(\d{1,15}))?$/;

/**
 * Reads `Session-Activity`. A request without the header counts as `undeclared` says, but never when another site or a
 * prefetch caused it; a value that cannot be read counts as background.
 *
 * @param undeclared whether a same-origin request without the header counts as the user's
 * @see NIST SP 800-63B-4 §5.1.2, RFC 9651
 */
export function readActivity(c: Context, undeclared: boolean): DeclaredActivity {
  const header = c.req.header('Session-Activity');
  if (c.req.header('Sec-Purpose')?.includes('prefetch')) return background;
  if (header !== undefined) {
    const match = declared.exec(header.trim());
    return match ? { by: 'user', age: Number(match[1] ?? 0) } : background;
  }
  const sameOrigin = (c.req.header('Sec-Fetch-Site') ?? 'same-origin') === 'same-origin';
  return undeclared && sameOrigin ? { by: 'user', age: 0 } : background;
}
