import { isLiveView, saysLost, type Credentials, type SessionView, type User } from '../../../machines/index.ts';
import type { Client } from '../http/client.types.ts';
import type { Leaving } from './leaving.ts';
import { Refused } from '../http/problem.ts';
import type { TokenStore } from '../http/tokens.ts';
import { isAdmission, isRecord, isUser, isVaultKeys } from '../http/wire.ts';
import type { Work } from '../work/work.types.ts';

/** Tells the tab machine what the server answered, and who is signed in. */
export type TellAnswer = (view: SessionView, user?: User | null) => void;

/** What coming in is done with. */
export interface EnteringPorts {
  readonly client: Client;
  readonly work: Work;
  readonly tokens: TokenStore | null;
  readonly transport: 'cookie' | 'bearer';
  readonly leaving: Leaving;
  /** Called when a user answered: what was seen before is no news any more. */
  readonly onAnswered: () => void;
}

/** The ways into a session. Each tells what the server answered once the work is open, and is done then. */
export interface Entering {
  readonly resume: (tell: TellAnswer) => Promise<void>;
  readonly signIn: (credentials: Credentials, tell: TellAnswer) => Promise<void>;
  readonly reauthenticate: (password: string, tell: TellAnswer) => Promise<void>;
  readonly restore: (tell: TellAnswer) => Promise<void>;
  /** Opens the work of a live session. @returns whose it is. @throws `Refused` */
  readonly unlock: (view: SessionView) => Promise<User>;
}

const isMe = (body: unknown): body is { readonly user: User } => isRecord(body) && isUser(body['user']);

/** The ways into a session, for one tab. */
export function createEntering({ client, work, tokens, transport, leaving, onAnswered }: EnteringPorts): Entering {
  async function unlock(view: SessionView): Promise<User> {
    const open = work.opening();
    const { user } = await client.call('/me', isMe, { quiet: true });
    const keys = await client.call('/vault-key', isVaultKeys, { quiet: true });
    await open({ user, session: view, ...keys });
    return user;
  }

  return {
    unlock,
    async resume(tell) {
      await leaving.finish();
      if (tokens && tokens.read() === null) return;
      try {
        const view = await client.sessionInfo(true);
        if (!isLiveView(view)) return tell(view, work.recall(view.id));
        const user = await unlock(view);
        await work.restore();
        tell(view, user);
      } catch (error) {
        if (!(error instanceof Refused) || !saysLost(error)) throw error;
      }
    },
    async signIn({ register, remember, ...credentials }, tell) {
      await leaving.finish();
      const open = work.opening();
      const json = { ...credentials, transport, ...(remember && { remember }) };
      const path = register ? '/register' : '/login';
      const answer = await client.call(path, isAdmission, { method: 'POST', json, anonymous: true, quiet: true });
      const { user, view } = await open(answer);
      await work.restore();
      tell(view, user);
    },
    async reauthenticate(password, tell) {
      const open = work.opening();
      const answer = await client.prove(password, true);
      onAnswered();
      const { user, view } = await open(answer);
      tell(view, user);
    },
    async restore(tell) {
      if (!work.isOpen()) {
        const view = await client.sessionInfo(true);
        tell(view);
        await unlock(view);
      }
      await work.restore();
    },
  };
}
