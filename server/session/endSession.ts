import { phaseOf, type Duration, type Instant } from '../../machines/index.ts';
import type { RevokedAt } from '../store/eventLog.ts';
import type { Reference } from '../store/references.ts';
import { command, type CommandDependencies } from './command.ts';
import type { SessionDependencies } from './dependencies.ts';

/** By whom sessions are ended, and why. */
export type Ending = Omit<RevokedAt, 'at'>;

/**
 * Ends one session.
 *
 * @returns whether it has ended by it: `false` when it had ended before, or there is none of that id.
 */
export async function endSession(parts: CommandDependencies, id: string, { by, reason }: Ending): Promise<boolean> {
  const ended = await command(parts, id, (state, at) => {
    const isAlive = phaseOf(state.leaf) !== 'ended';
    return { events: isAlive ? [{ type: 'session.revoked', at, by, reason }] : [], answer: isAlive };
  });
  return ended?.answer ?? false;
}

/** How long a reference is refused that was ended by the application, in ms: what is under way is over by then. */
export const refusedFor: Duration = 600_000;

/**
 * Ends every session that is bound to a session at an identity provider, and refuses until an instant each sign-in that
 * refers to it.
 *
 * @returns how many sessions have ended by it.
 */
export async function endReference(
  parts: CommandDependencies & Pick<SessionDependencies, 'references'>,
  reference: Reference,
  until: Instant,
  ending: Ending,
  ends: (id: string) => boolean = () => true,
): Promise<number> {
  const ids = (await parts.references.logOut(reference, until)).filter(ends);
  const ended = await Promise.all(ids.map((id) => endSession(parts, id, ending)));
  return ended.filter(Boolean).length;
}
