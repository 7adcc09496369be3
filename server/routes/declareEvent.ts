import type { Context } from 'hono';
import { isLive, type Instant, type SessionEvent, type SessionState } from '../../machines/index.ts';
import { command, type Commanded } from '../session/command.ts';
import { isDeclared } from '../http/activity.ts';
import { confirmation, firstWord } from '../http/recordUse.ts';
import type { RouteEnv } from '../http/requireSession.ts';
import { problem, type Refusal } from '../http/problem.ts';
import { isAccepted } from '../session/accepted.ts';
import { refuseEnded } from '../http/status.ts';
import type { Dependencies } from './dependencies.ts';
import { answerSession } from './answer.ts';

/**
 * Takes what a browser declares of its own session, judged once more: the body may have taken its time.
 *
 * @returns the session as it is now, or the refusal to answer with.
 */
export async function declareEvent(
  parts: Dependencies,
  c: Context<RouteEnv>,
  eventOf: (state: SessionState, at: Instant, generation: number) => SessionEvent,
): Promise<Commanded<boolean> | Refusal> {
  const { gen } = c.get('who').claims;
  const session = await command(
    parts,
    c.get('stored'),
    (state, at) => {
      if (!isAccepted(state, gen, at)) return { events: [], answer: false };
      const event = eventOf(state, at, gen);
      const isSpoken = event.type === 'activity.seen' || isDeclared(c);
      // One append for all that the request says: the first use of its token, its client, and what is declared.
      const events = [...confirmation(state, gen, at), ...(isSpoken ? firstWord(state, at) : []), event];
      return { events, answer: true };
    },
    c.get('receivedAt'),
  );
  if (!session) return problem(c, 'invalid_token');
  c.set('stored', session);
  if (!isLive(session.state.leaf)) return refuseEnded(c, session.state, session.at);
  if (!session.answer) return problem(c, 'token_superseded');
  if (session.refused === 'answer_first' || session.refused === 'lease_forbidden')
    return problem(c, session.refused, { ...answerSession(c, session, session.at) });
  return session;
}
