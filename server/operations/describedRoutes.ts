import type { Accounts } from '../accounts/accounts.ts';
import { routeDescriptions, type RouteDescriptions } from './routeDescriptions.ts';
import type { Shape } from './shape.ts';

/** What an application adds to the description of Curfew's routes, and how it has them. */
export interface ApplicationDescription {
  /** Routes of the application itself. Default none. */
  readonly routes?: RouteDescriptions;
  /** JSON Schemas by their names. Default none. */
  readonly schemas?: Readonly<Record<string, Shape>>;
  /** The option `basePath` of `createCurfew`. Default `/api`. */
  readonly basePath?: string;
  /** The option `cookieName` of `createCurfew`. Default `curfew`. */
  readonly cookieName?: string;
  /** The whole name of the session cookie. Default `__Host-` and `cookieName`. */
  readonly sessionCookie?: string;
  /** Routes of Curfew that answer 404 here, such as `POST /api/auth/register`, beneath `/api` whatever the path. Default none. */
  readonly without?: readonly string[];
}

/** The routes for passwords that these accounts answer with 404. */
export function routesWithout(accounts: Accounts): readonly string[] {
  const { hasPasswords } = accounts;
  const isOn = {
    'POST /api/auth/register': accounts.register !== undefined,
    'POST /api/auth/login': hasPasswords,
    'POST /api/auth/reauthenticate': hasPasswords,
    'POST /api/auth/password': hasPasswords && accounts.replacePassword !== undefined,
    'DELETE /api/auth/me': hasPasswords && accounts.eraseWrite !== undefined,
  };
  return Object.entries(isOn).flatMap(([name, is]) => (is ? [] : [name]));
}

/** The routes that there are, by method and path as the server sees them. */
export function describedRoutes({
  routes = {},
  basePath = '/api',
  without = [],
}: ApplicationDescription): RouteDescriptions {
  const base = basePath.replace(/^\/$/, '');
  const own = Object.entries(routeDescriptions)
    .filter(([name]) => !without.includes(name))
    .map(([name, route]) => [name.replace(' /api/', ` ${base}/`), route] as const);
  return { ...Object.fromEntries(own), ...routes };
}
