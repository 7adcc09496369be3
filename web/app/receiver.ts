const hosted = 'https://stately.ai/inspect';
const here = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Where `?inspect` sends what this tab's machines do: Stately's inspector, or with `?inspect=http://localhost:…` one of
 * this machine. A link must not be able to send it anywhere else.
 *
 * @returns `null` when nobody asked.
 */
export function receiverIn(search: string): URL | null {
  const asked = new URLSearchParams(search).get('inspect');
  if (asked === null) return null;
  if (asked === '') return new URL(hosted);
  if (!URL.canParse(asked)) return null;
  const url = new URL(asked);
  return /^https?:$/.test(url.protocol) && here.has(url.hostname) ? url : null;
}
