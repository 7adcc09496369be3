import type { Context } from 'hono';
import type { Duration } from '../../machines/index.ts';

/** What a request says about the person behind it. */
export type DeclaredActivity = { readonly by: 'user'; readonly age: Duration } | { readonly by: 'background' };

/** Nobody need be there for such a request. */
export const background: DeclaredActivity = { by: 'background' };
const declared = /^user(?:; *age=(\d{1,15}))?$/;

/**
 * Reads `Session-Activity`. What says nothing counts as the session has it, but never when another site or a prefetch
 * caused it; what cannot be read does not count.
 *
 * @param undeclared whether a same-origin request that says nothing counts as a person's
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
