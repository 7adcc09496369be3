import type { Carrier, Scene } from './peer.ts';

// What Chromium 156 sends with `fetch` to its own origin, in its order and case. A bearer token comes with
// `credentials: 'omit'`, so without cookies.
const text = JSON.stringify({ text: 'hello' });
const agent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36';

/** The session's cookie among those that other parts of a site have set. */
const amongOthers = (cookie: string): string =>
  `theme=dark; locale=en-GB; ${cookie}; _ga=GA1.1.1208913341.1769904871; consent=necessary`;

/**
 * The bytes of a request as Chromium sends it.
 *
 * @param credential what `Cookie` has to say of the session, or the bearer token
 */
export function browserRequest({ method, answer }: Scene, carrier: Carrier, credential: string): string {
  const origin = 'http://localhost:3000';
  const isUnsafe = method === 'POST';
  return [
    `${method} /api/${answer} HTTP/1.1`,
    'Host: localhost:3000',
    'Connection: keep-alive',
    ...(isUnsafe ? [`Content-Length: ${text.length}`] : []),
    'sec-ch-ua-platform: "Linux"',
    ...(carrier === 'bearer' ? [`Authorization: Bearer ${credential}`] : []),
    `User-Agent: ${agent}`,
    'sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"',
    ...(isUnsafe ? ['Content-Type: application/json'] : []),
    'sec-ch-ua-mobile: ?0',
    'Accept: */*',
    ...(isUnsafe ? [`Origin: ${origin}`] : []),
    'Sec-Fetch-Site: same-origin',
    'Sec-Fetch-Mode: cors',
    'Sec-Fetch-Dest: empty',
    `Referer: ${origin}/notes`,
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Accept-Language: en-US,en;q=0.9',
    ...(carrier === 'cookie' ? [`Cookie: ${amongOthers(credential)}`] : []),
    '',
    isUnsafe ? text : '',
  ].join('\r\n');
}
