import type { Asked, Sender } from './requests.ts';

/** Somebody whose requests are sent, with what they hold at this moment. */
export interface Holder {
  token: string | null;
  readonly id: string;
}

const cookie = /__Host-curfew=([^;]*)/;

/** A request with its places filled and its credential in it. */
export function addressed(
  { from, carriedBy, method, path, headers, body }: Asked,
  holders: Readonly<Record<Sender, Holder>>,
  quiet: string,
) {
  const fill = (text: string) =>
    text.replaceAll('{ada}', holders.ada.id).replaceAll('{bob}', holders.bob.id).replaceAll('{quiet}', quiet);
  const { token } = holders[from];
  const credential: Record<string, string> =
    token === null
      ? {}
      : carriedBy === 'bearer'
        ? { Authorization: `Bearer ${token}` }
        : { Cookie: `__Host-curfew=${token}`, 'Sec-Fetch-Site': 'same-origin' };
  const said = Object.entries(headers).map(([name, value]) => [name, fill(value)] as const);
  return {
    method,
    path: fill(path),
    headers: { ...credential, ...Object.fromEntries(said) },
    body: body === null ? null : Buffer.from(fill(body), 'latin1'),
  };
}

/** What the holder has after an answer: browsers and programs keep what they are handed. */
export function keep(holder: Holder, setCookie: string | null, body: unknown): void {
  const set = cookie.exec(setCookie ?? '')?.[1];
  if (set !== undefined) holder.token = set || null;
  if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string')
    holder.token = body.token;
}
