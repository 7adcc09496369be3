import { isPlainHttp } from '../http/origins.ts';
import { ask, type Answer } from './ask.ts';
import { codeIn, get, inWords, sessionIn, type PublicServer } from './publicServer.ts';

/** How the session cookie comes through. */
export interface CookieFacts {
  /** Why a browser would not be signed in by it, in words; `null` where it would. */
  readonly trouble: string | null;
  /** Whether an answer of before was given once more. */
  readonly isCached: boolean;
  /** The token that the server has handed out, where one came. */
  readonly token: string | null;
}

const attributes = ['path=/', 'secure', 'httponly', 'samesite=lax'];

/** The value of the cookie that an answer sets as the server does, or what is wrong with it. */
function valueOf(answer: Answer, name: string): { readonly value: string } | { readonly trouble: string } {
  if (codeIn(answer) === 'unauthenticated') return { trouble: 'the proxy takes Cookie away' };
  if (answer.status !== 200) return { trouble: `it is not taken: ${inWords(answer)}` };
  const set = answer.headers['set-cookie']?.find((each) => each.startsWith(`${name}=`));
  if (set === undefined) return { trouble: 'the proxy takes Set-Cookie away' };
  const [pair = '', ...rest] = set.split(';').map((each) => each.trim());
  const given = rest.map((each) => each.toLowerCase());
  const changed = [...attributes, ...given].filter((each) => !attributes.includes(each) || !given.includes(each));
  return changed.length > 0
    ? { trouble: `the proxy changes Set-Cookie: look at ${changed.join(', ')}` }
    : { value: pair.slice(name.length + 1) };
}

/** Asks for a new cookie as a page would, and uses it. */
export async function cookieThrough(server: PublicServer): Promise<CookieFacts> {
  const { url, session, cookieName, at } = server;
  const answer = await ask({
    url: at('refresh'),
    method: 'POST',
    headers: {
      Cookie: `${cookieName}=${session.token}`,
      Origin: url.origin,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/json',
    },
    body: '{}',
  });
  const found = valueOf(answer, cookieName);
  if ('trouble' in found) return { ...found, isCached: false, token: null };
  const again = sessionIn(await get(server, 'session-info', { Cookie: `${cookieName}=${found.value}` }));
  return {
    trouble: isPlainHttp(url.origin) ? `browsers keep it over https only, and this is ${url.origin}` : null,
    isCached: (again?.version ?? 0) < (sessionIn(answer)?.version ?? 0),
    token: found.value,
  };
}
