import type { Answer } from './ask.ts';
import { clientThrough, type ClientFacts } from './clientThrough.ts';
import { cookieThrough, type CookieFacts } from './cookieThrough.ts';
import { firstEvent, type StreamFacts } from './firstEvent.ts';
import { codeIn, get, inWords, sessionIn, type PublicServer } from './publicServer.ts';

/** What came back from a public address: why this server has not answered, in words; or what comes through. */
export type PublicFacts = { readonly elsewhere: string } | PassedFacts;

/** What comes through to this server, and from it. */
export interface PassedFacts {
  /** The headers of answers that are missing or changed. */
  readonly lostHeaders: readonly string[];
  readonly cookie: CookieFacts;
  readonly stream: StreamFacts;
  readonly client: ClientFacts;
}

/** What every answer has. */
const forms = { 'Session-Status': /^active;.*version=\d+$/, 'Cache-Control': /\bno-store\b/ };

const lostIn = ({ headers }: Answer): readonly string[] =>
  Object.entries(forms).flatMap(([name, form]) => {
    const value = headers[name.toLowerCase()];
    return typeof value === 'string' && form.test(value) ? [] : [name];
  });

function whyElsewhere(answer: Answer, id: string): string | null {
  if (answer.status === 200 && sessionIn(answer)?.id === id) return null;
  const code = codeIn(answer);
  if (code === 'unauthenticated') return 'the proxy takes Authorization away';
  if (code === 'invalid_token') return 'the server there has another secret, or another database';
  return `something else answers: ${inWords(answer)}`;
}

/** Of a name with several addresses, each can have failed. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

/** Asks a running server through its public address, and ends the session by which it asks. */
export async function askThrough(server: PublicServer): Promise<PublicFacts> {
  const { session, at } = server;
  const bearerOf = (token: string) => ({ Authorization: `Bearer ${token}` });
  try {
    const first = await get(server, 'session-info', bearerOf(session.token));
    const elsewhere = whyElsewhere(first, session.id);
    if (elsewhere !== null) return { elsewhere };
    const cookie = await cookieThrough(server);
    const bearer = bearerOf(cookie.token ?? session.token);
    const client = await clientThrough(server, first, bearer);
    const stream = await firstEvent({ url: at('stream'), headers: bearer }, session.end);
    return { lostHeaders: lostIn(first), cookie, client, stream };
  } catch (error) {
    return { elsewhere: `it cannot be reached: ${reasonOf(error)}` };
  } finally {
    await session.end();
  }
}
