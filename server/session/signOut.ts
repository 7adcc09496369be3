import { isLive, phaseOf, type SessionEvent, type SessionState } from '../../machines/index.ts';
import { command, type CommandDependencies, type Commanded } from './command.ts';

/** A credential that we signed, whatever has become of its session. */
export interface SignedCredential {
  /** Of its session. */
  readonly sid: string;
  /** The id of its user. */
  readonly sub: string;
}

const isTheirs = ({ context }: SessionState, user: string): boolean => context.user === user;

/**
 * Signs out: always possible for a credential that we signed, whatever its generation and whatever the session's state.
 * `forgetDevice` erases the server's copies of preserved work too, but only for a live session: a passer-by at a
 * locked screen can remove nothing but what is on that device.
 *
 * @returns the session as it is kept now, `null` when there is none of that id
 * @see ASVS 5.0 7.4.1
 */
export const signOutOf = (
  parts: CommandDependencies,
  { sid, sub }: SignedCredential,
  forgetDevice: boolean,
): Promise<Commanded<null> | null> =>
  command(parts, sid, (state, at) => {
    const forgets = forgetDevice && isTheirs(state, sub) && isLive(state.leaf);
    const signedOut: SessionEvent = { type: 'user.signedOut', at, ...(forgets && { forgetDevice: true }) };
    return { events: isTheirs(state, sub) && phaseOf(state.leaf) !== 'ended' ? [signedOut] : [], answer: null };
  });
