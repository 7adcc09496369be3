import type { SessionView, TabProblem } from '../machines/index.ts';
import type { Client } from './client.ts';
import { Refused } from './problem.ts';
import { isAdmission } from './wire.ts';
import type { Work } from './work.ts';

/** What somebody who is signed in can do about their account. Each answers what did not work, `null` when it did. */
export interface AccountActions {
  /** Proves again who is here, before something that needs a recent proof. @see ASVS 5.0 7.5.1 */
  readonly prove: (password: string) => Promise<TabProblem | null>;
}

/** What these are done with. */
export interface AccountPorts {
  readonly client: Client;
  readonly work: Work;
}

/** A refusal as a value. @throws what is none: a bug. */
async function refusalOf(doing: Promise<unknown>): Promise<TabProblem | null> {
  try {
    await doing;
    return null;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** The account's actions for one tab. */
export function createAccount({ client, work }: AccountPorts): AccountActions {
  async function prove(password: string): Promise<SessionView> {
    const answer = await client.call('/reauthenticate', isAdmission, {
      method: 'POST',
      json: { password },
    });
    await work.open(answer.user, answer, answer.session);
    return answer.session;
  }
  return { prove: (password) => refusalOf(prove(password)) };
}
