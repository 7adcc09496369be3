import type { SessionView } from '../../machines/index.ts';
import { authenticate } from '../http/authenticate.ts';
import { clearCookie } from '../http/cookie.ts';
import { refuseCrossSite } from '../http/crossSite.ts';
import { answerSession } from '../http/issueCredential.ts';
import { signOutOf } from '../session/signOut.ts';
import { checkArguments, type Rules } from './arguments.ts';
import { judgeCarrier, type Answered, type Carrier } from './carrier.ts';
import type { VerbDependencies } from './dependencies.ts';

/** How to sign out. */
export interface SignOut {
  /** Whether the server's copies of the user's preserved work go, too, when the session is live. Default `false`. */
  readonly forgetDevice?: boolean | undefined;
}

/** A session that was signed out. */
export interface SignedOut {
  /** As it has ended, now or before; `null` when nothing is kept of it any more. */
  readonly session: SessionView | null;
}

const rules: Rules<SignOut> = {
  forgetDevice: { isRight: (value) => typeof value === 'boolean', allowed: 'true or false' },
};

/** Does what `Verbs.signOut` says. */
export function signOut(parts: VerbDependencies, carrier: Carrier, given: SignOut = {}): Promise<Answered<SignedOut>> {
  checkArguments('signOut', given, rules);
  return judgeCarrier<SignedOut>(parts, 'signOut', carrier, async (c) => {
    const other = await refuseCrossSite(parts)(c, async () => {});
    if (other instanceof Response) return other;
    const who = await authenticate(parts, c);
    if (who instanceof Response) return who;
    const session = await signOutOf(parts, who.claims, given.forgetDevice ?? false);
    c.header('Cache-Control', 'no-store');
    if (who.transport === 'cookie') clearCookie(c, parts.sessionCookie);
    if (!session) return { session: null };
    c.set('stored', session);
    return answerSession(c, session, session.at);
  });
}
