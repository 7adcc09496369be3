/** Whether a text is an origin as browsers send it, of http or https. */
export const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** Whether a host is this machine: there browsers keep secure cookies even without TLS. @see W3C Secure Contexts §3.1 */
const isLoopback = (host: string): boolean =>
  /^(127(\.\d{1,3}){3}|\[::1\])$/.test(host) || /(^|\.)localhost$/.test(host);

/** Whether an origin is one of this machine's at which WebKit, too, keeps a cookie that is not secure. */
const isOfDevelopment = (origin: string): boolean => /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(origin);

/** Whether the origins are exactly one of this machine's, of plain http, so that they are for development. */
export const areForDevelopment = ([origin, ...others]: readonly string[]): boolean =>
  origin !== undefined && others.length === 0 && isOfDevelopment(origin);

/** Whether an origin is of plain http and not of this machine: browsers keep no `__Host-` cookie there. */
export function isPlainHttp(origin: string): boolean {
  if (!origin.startsWith('http:') || !URL.canParse(origin)) return false;
  return !isLoopback(new URL(origin).hostname);
}

/**
 * Says what is wrong with an entry of a list of origins.
 *
 * @returns what is wrong with it, to stand behind the entry, or `null` for an origin.
 */
export function faultOfOrigin(text: string): string | null {
  if (text === '*') return 'stands for every origin: each has to be listed';
  if (text.includes('*')) return 'stands for many origins: each has to be listed';
  if (text === 'null') return 'is the origin of sandboxed frames and files, which anybody can make';
  if (isOrigin(text)) return null;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return 'is no origin such as https://app.example.com';
  return `has more than an origin: ${new URL(text).origin} is one`;
}

/** Says of a listed origin what the operator should know. @returns one line, or `null`. */
export function warningOfOrigin(origin: string): string | null {
  if (isPlainHttp(origin))
    return `the listed origin ${origin} is plain http: anybody on its way can read and change it`;
  if (isLoopback(new URL(origin).hostname))
    return `the listed origin ${origin} is of this machine: any program of its users can serve it`;
  return null;
}
