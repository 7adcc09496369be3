import type { ProveElsewhere } from './proof.types.ts';
import type { PasskeyWay, SsoWay } from './ways.types.ts';

/** Where the server is, how this browser presents its credential, and what it can do besides a password. */
export interface TabOptions {
  /**
   * The server: an origin, with a path where a proxy takes one away, or such a path alone. Default: the page's own origin.
   * On another origin, cookie mode works for the same site only, and that server has to list this one's origin.
   */
  readonly baseUrl?: string;
  /** The server's option of the same name. Default `/api`. */
  readonly basePath?: string;
  /** `cookie`: script never sees the token. `bearer`: the token is in this browser's storage. Default `cookie`. */
  readonly transport?: 'cookie' | 'bearer';
  /** Signs in again with a passkey, where the server's `ways` offer one; without it that way is not offered. */
  readonly passkey?: (way: PasskeyWay) => ProveElsewhere;
  /** Signs in at a provider, by the way as the server's `ways` says it: `popup`, or what calls it. Default `redirect`. */
  readonly sso?: (way: SsoWay) => ProveElsewhere;
}

/** Whether something is the address of a server as `baseUrl` says it: http or https, without a query. */
function isBaseUrl(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (value === '' || /^\/(?![/\\])[^?#\\]*$/.test(value)) return true;
  return /^https?:\/\/[^?#\\]+$/.test(value) && URL.canParse(value);
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

const rules: Readonly<Record<keyof TabOptions, readonly [isRight: (value: unknown) => boolean, allowed: string]>> = {
  baseUrl: [isBaseUrl, 'an address such as https://api.example.com, or a path such as /letters'],
  basePath: [
    (value) => typeof value === 'string' && /^(\/[\w.~-]+)+$/.test(value),
    'a path such as /api, without a slash at its end',
  ],
  transport: [(value) => value === 'cookie' || value === 'bearer', 'cookie or bearer'],
  passkey: [isFunction, 'a function that returns a proof'],
  sso: [isFunction, 'a function that returns a proof, such as popup'],
};

/** @returns the options. @throws `TypeError` with one line that names the option that cannot be used */
export function checkOptions(options: TabOptions): TabOptions {
  for (const name of Object.keys(options))
    if (!Object.hasOwn(rules, name))
      throw new TypeError(`there is no option ${name}; there are ${Object.keys(rules).join(', ')}`);
  const given: Readonly<Record<string, unknown>> = { ...options };
  for (const [name, [isRight, allowed]] of Object.entries(rules)) {
    const value = given[name];
    if (value !== undefined && !isRight(value))
      throw new TypeError(`${name} must be ${allowed}, and is ${JSON.stringify(value) ?? typeof value}`);
  }
  return options;
}
