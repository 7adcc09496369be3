import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { limitBody } from '../http/limit.ts';
import { problem } from '../http/problem.ts';
import { isSecret } from '../optionRules.ts';
import { systemClock } from '../systemClock.ts';
import { objectOfName, objectOfSession, objectOfUser, type CurfewEnv } from './env.ts';
import { askEach, pageOfObjects } from './everyObject.ts';
import { reach } from './reach.ts';
import { revokeEverywhere } from './revokeEverywhere.ts';
import { metricsOf } from './sessionCounts.ts';
import { unavailable, writeToConsole } from './unavailable.ts';

/** The environment of the routes. */
interface OperatorEnv {
  Bindings: CurfewEnv;
}

const text = z.string().trim().min(1).max(200);
const reason = text.default('ended by the operator');
const who = [z.strictObject({ user: text, reason }), z.strictObject({ name: text, reason })] as const;
const ending = z.union([
  ...who,
  z.strictObject({ session: text, reason }),
  z.strictObject({ all: z.literal(true), reason }),
]);
const since = z.strictObject({ since: z.number().int().nonnegative(), reason });
const deed = z.strictObject({
  command: z.enum(['add', 'reset-password', 'promote', 'demote', 'disable', 'enable']),
  name: text,
  /** With `add` and `reset-password`; default one that is made, and shown once. */
  password: z.string().optional(),
});

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();

const onlyOperators: MiddlewareHandler<OperatorEnv> = async (c, next) => {
  const { CURFEW_OPERATOR_KEY } = c.env;
  c.header('Cache-Control', 'no-store');
  if (!isSecret(CURFEW_OPERATOR_KEY)) return problem(c, 'not_found');
  const [, given = ''] = /^Bearer (.+)$/i.exec(c.req.header('Authorization') ?? '') ?? [];
  if (!timingSafeEqual(digest(given), digest(CURFEW_OPERATOR_KEY))) return problem(c, 'unauthenticated');
  writeToConsole({ msg: 'operator', path: new URL(c.req.url).pathname });
  return next();
};

/** The id of the user of a name; a name that nobody has here is taken for an id. */
async function idOf(env: CurfewEnv, asked: { readonly user: string } | { readonly name: string }): Promise<string> {
  if ('user' in asked) return asked.user;
  return (await reach(() => objectOfName(env, asked.name).idOf(asked.name))) ?? asked.name;
}

async function end(env: CurfewEnv, asked: z.infer<typeof ending>): Promise<number> {
  if ('all' in asked) return revokeEverywhere(env, { at: systemClock(), by: 'operator', reason: asked.reason });
  if ('session' in asked) {
    const object = objectOfSession(env, asked.session);
    return object && (await reach(() => object.endSession(asked.session, asked.reason))) ? 1 : 0;
  }
  const user = await idOf(env, asked);
  return reach(() => objectOfUser(env, user).endUser(user, asked.reason));
}

const headerLine = z.strictObject({ object: z.string() });

function parse(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return null;
  }
}

/** The lines of a checkpoint, by the object whose they are. */
function byObject(file: string): ReadonlyMap<string, readonly string[]> {
  const parts = new Map<string, string[]>();
  let present: string[] = [];
  for (const line of file.split('\n').filter((each) => each !== '')) {
    const header = headerLine.safeParse(parse(line));
    if (header.success) parts.set(header.data.object, (present = []));
    else present.push(line);
  }
  return parts;
}

const lines = (values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const asLines = { 'Content-Type': 'application/x-ndjson' };
const largestCheckpoint = 64 * 1024 * 1024;

/**
 * What `npx curfew` does elsewhere, as routes: to be mounted where the operator reaches it, `app.route('/operator', operator())`.
 * Who asks has `CURFEW_OPERATOR_KEY` as the bearer token; where that is not set, there is nothing here. Each command is a
 * line in the log.
 *
 * @see ASVS 5.0 7.4.2, 7.4.5, 16.4.2
 */
export function operator(): Hono<OperatorEnv> {
  const routes = new Hono<OperatorEnv>();
  routes.onError((error) => unavailable(error));
  routes.use(onlyOperators);

  routes.post('/sessions/end', async (c) => {
    const asked = ending.safeParse(parse(await c.req.text()));
    if (!asked.success) return problem(c, 'invalid_input');
    return c.json({ ended: await end(c.env, asked.data) }, 200);
  });

  routes.post('/sessions/apply-policy', async (c) => {
    const asked = z
      .union([z.strictObject({ user: text }), z.strictObject({ name: text })])
      .safeParse(parse(await c.req.text()));
    if (!asked.success) return problem(c, 'invalid_input');
    const user = await idOf(c.env, asked.data);
    return c.json(await reach(() => objectOfUser(c.env, user).applyPolicy({ user })), 200);
  });

  routes.post('/sessions/end-since', async (c) => {
    const asked = since.safeParse(parse(await c.req.text()));
    const page = await pageOfObjects(c.env, c.req.query());
    if (!asked.success || !page) return problem(c, 'invalid_input');
    const found = await askEach(c.env, page.places, (object) => object.endSince(asked.data.since, asked.data.reason));
    return c.json({ ended: found.reduce((sum, [, ended]) => sum + ended, 0), next: page.next }, 200);
  });

  routes.get('/users', async (c) => {
    const page = await pageOfObjects(c.env, c.req.query());
    if (!page) return problem(c, 'invalid_input');
    const found = await askEach(c.env, page.places, (object) => object.listUsers());
    return c.json({ users: found.flatMap(([, users]) => users), next: page.next }, 200);
  });

  routes.post('/users', async (c) => {
    const asked = deed.safeParse(parse(await c.req.text()));
    if (!asked.success) return problem(c, 'invalid_input');
    const { command, name, password = null } = asked.data;
    const done = await reach(() => objectOfName(c.env, name).changeUser([command, name], password));
    return c.json(done, done.ok ? 200 : 422);
  });

  routes.get('/checkpoint', async (c) => {
    const page = await pageOfObjects(c.env, c.req.query());
    if (!page) return problem(c, 'invalid_input');
    const found = await askEach(c.env, page.places, (object) => object.makeCheckpoint());
    const file = found.map(([object, made]) => [JSON.stringify({ object }), ...made, ''].join('\n')).join('');
    return c.body(file, 200, { ...asLines, ...(page.next !== null && { 'Next-Page': page.next }) });
  });

  routes.post('/audit', limitBody(largestCheckpoint), async (c) => {
    const page = await pageOfObjects(c.env, c.req.query());
    if (!page) return problem(c, 'invalid_input');
    const attested = byObject(await c.req.text());
    // What is attested, and has not even enrolled, is looked at in the end.
    const others = page.next === null ? [...attested.keys()].filter((place) => !page.places.includes(place)) : [];
    const found = await askEach(c.env, [...page.places, ...others], (object, place) =>
      object.audit(attested.get(place) ?? null),
    );
    const sum = { objects: found.length, sessions: 0, entries: 0, purged: 0, findings: 0 };
    for (const [, { verified }] of found)
      for (const name of ['sessions', 'entries', 'purged', 'findings'] as const) sum[name] += verified[name];
    const findings = found.flatMap(([object, audit]) => audit.findings.map((finding) => ({ object, ...finding })));
    return c.body(lines([...findings, { ...sum, next: page.next }]), 200, asLines);
  });

  routes.get('/metrics', async (c) =>
    c.body(await metricsOf(c.env), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );

  routes.all('*', (c) => problem(c, 'not_found'));
  return routes;
}
