import type { SessionContext } from './session.context.ts';

/**
 * Whether a same-origin request that says nothing about a person counts as a person's in this session.
 *
 * @see NIST SP 800-63B-4 §5.1.2
 */
export function undeclaredCounts({ policy, heard }: Pick<SessionContext, 'policy' | 'heard'>): boolean {
  switch (policy.undeclaredActivity) {
    case 'user':
      return true;
    case 'until-declared':
      return heard !== true;
    case 'background':
      return false;
  }
}

/**
 * Whether a same-origin navigation that the user caused counts as a person's, where nothing else does that says nothing:
 * server-rendered pages beside a Curfew client declare nothing.
 */
export const navigationsCount = ({ policy }: Pick<SessionContext, 'policy'>): boolean =>
  policy.undeclaredActivity !== 'background';
