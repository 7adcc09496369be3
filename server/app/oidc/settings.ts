import { InvalidVariable, type Environment } from '../../node/environment.ts';

/** Which OpenID provider signs users in, and as whom the application speaks to it. */
export interface OidcSettings {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What people call it. */
  readonly name: string;
}

const names = ['CURFEW_OIDC_ISSUER', 'CURFEW_OIDC_CLIENT_ID', 'CURFEW_OIDC_CLIENT_SECRET'] as const;
const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);

function issuerOf(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url && isSafe && url.search === '' && url.hash === '' && url.username === '' && url.password === '') return url;
  throw new InvalidVariable(
    'CURFEW_OIDC_ISSUER',
    value,
    'the https address of an OpenID provider, such as https://id.example.com, or of one on this machine',
  );
}

function nameOf(env: Environment, issuer: URL): string {
  const value = env['CURFEW_OIDC_NAME'];
  if (value === undefined) return issuer.hostname;
  if (/^\P{C}{1,60}$/u.test(value) && value.trim() !== '') return value.trim();
  throw new InvalidVariable('CURFEW_OIDC_NAME', value, 'a name of at most 60 characters, such as Example ID');
}

/**
 * The provider that the environment names: the issuer, the client's id and its secret together.
 *
 * @returns `null` when none of them is set
 * @throws InvalidVariable with one line: the variable, its value (but never the secret) and what is allowed
 */
export function oidcSettingsOf(env: Environment): OidcSettings | null {
  const [issuer, clientId, clientSecret] = names.map((name) => env[name]);
  const given = names.filter((name) => env[name] !== undefined);
  if (given.length === 0) {
    if (env['CURFEW_OIDC_NAME'] === undefined) return null;
    throw new InvalidVariable('CURFEW_OIDC_NAME', env['CURFEW_OIDC_NAME'], `only together with ${names.join(', ')}`);
  }
  for (const name of names)
    if ((env[name] ?? '').trim() === '')
      throw new InvalidVariable(name, env[name], `it is needed together with ${given.join(' and ')}`);
  const url = issuerOf(issuer ?? '');
  return { issuer: url, clientId: clientId ?? '', clientSecret: clientSecret ?? '', name: nameOf(env, url) };
}
