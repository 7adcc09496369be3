import { presets, type Duration, type Policy } from '../../../machines/index.ts';
import { formatDuration } from '../../../server/node/duration.ts';
import { tableOf, withSection } from '../section.ts';

const none = '–';
const lasting = (duration: Duration | undefined) => (duration ? formatDuration(duration) : none);

/** A limit of the policy as people read it, and the variable that sets it. */
export const limits: readonly { name: string; variable: string; of: (policy: Policy) => string }[] = [
  { name: 'idle', variable: 'CURFEW_IDLE_TIMEOUT', of: ({ idleTimeout }) => lasting(idleTimeout) },
  { name: 'absolute', variable: 'CURFEW_ABSOLUTE_TIMEOUT', of: ({ absoluteTimeout }) => lasting(absoluteTimeout) },
  { name: 'warning before', variable: 'CURFEW_WARN_BEFORE', of: ({ warnBefore }) => lasting(warnBefore) },
  { name: 'can be resumed for', variable: 'CURFEW_RESTORE_WINDOW', of: ({ restoreWindow }) => lasting(restoreWindow) },
  { name: 'can be resumed after', variable: '', of: ({ restoreFrom }) => restoreFrom.join(', ') },
  {
    name: 'idle, remembered',
    variable: 'CURFEW_REMEMBERED_IDLE',
    of: (policy) => lasting(policy.remembered?.idleTimeout),
  },
  {
    name: 'absolute, remembered',
    variable: 'CURFEW_REMEMBERED_ABSOLUTE',
    of: (policy) => lasting(policy.remembered?.absoluteTimeout),
  },
  { name: 'sessions of one user', variable: 'CURFEW_MAX_SESSIONS', of: ({ maxSessions }) => String(maxSessions) },
  { name: 'at that limit', variable: 'CURFEW_ON_LIMIT', of: ({ onLimit }) => onLimit },
  { name: 'one token', variable: 'CURFEW_TOKEN_LIFETIME', of: ({ tokenLifetime }) => lasting(tokenLifetime) },
  { name: 'a sign-in is recent for', variable: 'CURFEW_FRESH_AUTH', of: ({ freshAuth }) => lasting(freshAuth) },
  { name: 'longest declared activity', variable: 'CURFEW_MAX_LEASE', of: ({ maxLease }) => lasting(maxLease) },
];

/** The limits of every preset, put into `docs/policy.md`. @see ASVS 5.0 7.1.1, 7.1.2 */
export function limitsOf(page: string): string {
  const rows = limits.map(({ name, variable, of }) => [
    name,
    variable && `\`${variable}\``,
    ...Object.values(presets).map(of),
  ]);
  return withSection(page, 'limits', tableOf(['limit', 'variable', ...Object.keys(presets)], rows));
}
