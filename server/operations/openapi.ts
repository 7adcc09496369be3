import { defaultCookieName, sessionCookie } from '../http/cookie.ts';
import { statusOfProblem, type ProblemCode } from '../http/problem.ts';
import { describedRoutes, type ApplicationDescription } from './describedRoutes.ts';
import type { RouteDescription } from './routeDescriptions.ts';
import { schemas } from './schemas.ts';
import { answer as answerShape, object, text, type Shape } from './shape.ts';

const live = [
  ...(['unauthenticated', 'invalid_token', 'session_mismatch', 'session_lapsed', 'session_ended'] as const),
  ...(['token_superseded', 'token_expired', 'unavailable'] as const),
] as const;

const whoAsks: Readonly<Record<NonNullable<RouteDescription['asks']>, readonly ProblemCode[]>> = {
  anyone: [],
  credential: ['unauthenticated', 'invalid_token', 'session_mismatch', 'unavailable'],
  session: live,
  administrator: [...live, 'forbidden', 'reauthentication_required'],
};

const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

function refusalsOf(method: string, { asks = 'session', body, query, refuses = [], refusesAs = {} }: RouteDescription) {
  const codes: readonly ProblemCode[] = [
    ...whoAsks[asks],
    ...(method === 'GET' ? [] : (['cross_site'] as const)),
    ...(body ? (['malformed_json', 'invalid_input', 'too_large'] as const) : []),
    ...(query ? (['invalid_input'] as const) : []),
    ...refuses,
  ];
  const own = Object.groupBy([...new Set(codes)], (code) => String(statusOfProblem(code)));
  const others = Object.entries(refusesAs).map(([status, code]) => [status, [code]] as const);
  const byStatus = { ...own, ...Object.fromEntries(others) };
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, found = []]) => [status, problemAnswer(found.join(', '))]),
  );
}

function contentOf(answer: RouteDescription['answers'][number] | undefined) {
  if (answer === null || answer === undefined) return {};
  return typeof answer === 'string'
    ? { content: { [answer]: { schema: { type: 'string' } } } }
    : { content: { 'application/json': { schema: answerShape(answer) } } };
}

const placesOf = (path: string) =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: text }));

const inPlace =
  (place: 'query' | 'header') =>
  ([name, schema]: [string, Shape]) => ({ name, in: place, required: false, schema });

/** What the server of Node refuses by itself. */
const anyRefusal = { 431: { description: 'The head of the request is too large.' } };

function operationOf(method: string, path: string, route: RouteDescription) {
  const { summary, asks = 'session', query = {}, headers = {}, body, optional, answers } = route;
  const asked = [...Object.entries(query).map(inPlace('query')), ...Object.entries(headers).map(inPlace('header'))];
  const worked: Record<string, object> = Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [status, { description: 'It worked.', ...contentOf(answer) }]),
  );
  return {
    summary,
    operationId: `${method.toLowerCase()} ${path}`.replaceAll(/\W+/g, '_'),
    parameters: [...placesOf(path), ...asked],
    ...(body && { requestBody: { content: { 'application/json': { schema: object(body, optional ?? []) } } } }),
    responses: {
      ...worked,
      ...refusalsOf(method, route),
      ...anyRefusal,
      // Tools take an operation that only leads elsewhere for one that never works.
      ...(Object.keys(worked).every((status) => status.startsWith('3')) && { default: problemAnswer('A problem') }),
    },
    security: asks === 'anyone' ? [] : [{ cookie: [] }, { bearer: [] }],
  };
}

const cookieOf = ({ cookieName = defaultCookieName, sessionCookie: whole }: ApplicationDescription): string =>
  whole ?? sessionCookie(cookieName, false);

/** The routes as an OpenAPI document. @see https://spec.openapis.org/oas/v3.1.0 */
export function openApi(own: ApplicationDescription) {
  const paths = new Map<string, Record<string, unknown>>();
  for (const [name, route] of Object.entries(describedRoutes(own))) {
    const [method = '', path = ''] = name.split(' ');
    const key = path.replaceAll(/:(\w+)/g, '{$1}');
    paths.set(key, { ...paths.get(key), [method.toLowerCase()]: operationOf(method, path, route) });
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Curfew',
      version: '1',
      description: 'Sessions that time out when they should. Instants are epoch ms.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'where this document comes from' }],
    paths: Object.fromEntries(paths),
    components: {
      schemas: { ...schemas, ...own.schemas },
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: cookieOf(own) },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}
