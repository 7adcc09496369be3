import type { Timer } from '../device/timer.ts';
import { withTimeout } from '../device/withTimeout.ts';
import { answerWithin } from '../http/client.ts';
import type { Client } from '../http/client.types.ts';
import { Refused, refusalIn } from '../http/problem.ts';
import type { TokenStore } from '../http/tokens.ts';
import { takeResponse } from './proving.ts';

/** What a password is given to the application's own route with. */
export interface OwnPasswordPorts {
  readonly client: Pick<Client, 'proofFetch'>;
  readonly tokens: TokenStore | null;
  readonly timer: Timer;
  /** The server's clock. */
  readonly now: () => number;
}

/** What the statuses of a route that knows nothing of Curfew's problems mean. */
const codes: Readonly<Record<number, string>> = {
  401: 'invalid_credentials',
  410: 'session_ended',
  429: 'too_many_attempts',
};

async function refusalOf(response: Response, now: number): Promise<Refused> {
  const refused = await refusalIn(response, now);
  const code = codes[response.status];
  const isProblem = response.headers.get('content-type')?.includes('problem+json') ?? false;
  const { retryAfter, detail } = refused;
  return isProblem || code === undefined ? refused : new Refused(code, now, { retryAfter, detail });
}

/**
 * Gives a password to the application's own route, which makes the server sign the user in.
 *
 * @param url a path of one's own
 * @throws `Refused`: 401 is a wrong password and 429 too many of them, as Curfew's own route says it
 */
export async function postPassword(
  { client, tokens, timer, now }: OwnPasswordPorts,
  url: string,
  password: string,
): Promise<void> {
  try {
    await withTimeout(timer, answerWithin, async (signal) => {
      const response = await client.proofFetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify({ password }),
        signal,
      });
      if (!response.ok) throw await refusalOf(response, now());
      await takeResponse(response, { tokens, now });
    });
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('network', now());
  }
}
