// The worker of an application, with options from a variable.
import { Hono } from 'hono';
import {
  CurfewDirectory,
  CurfewUser,
  curfewOf,
  docs,
  health,
  objectOfUser,
  operator,
  passwords,
  protect,
  routeToUser,
  type CurfewEnv,
  type OptionalWorkersSessionEnv,
  type WorkersOptions,
  type WorkersSessionEnv,
} from '../../../../server/workers/index.ts';

import { objectFor } from '../../../../server/workers/route.ts';

export { CurfewDirectory };

interface Env extends CurfewEnv<User> {
  /** JSON of options. */
  readonly OPTIONS: string;
}

/** A user of a table of the application's own. */
interface OwnUser {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly role?: string;
}

/** Those who have made an account: every object asks the same table. */
const registered: OwnUser[] = [];

function accountsOf(given: readonly OwnUser[], { ownRegister, ownFails, ownReplaces }: Record<string, unknown>) {
  const find = async (is: (user: OwnUser) => boolean) => {
    if (ownFails) throw new Error('the table does not answer');
    return [...given, ...registered].find(is) ?? null;
  };
  return passwords({
    find: (username) => find((user) => user.username === username),
    byId: (id) => find((user) => user.id === id),
    verify: async (id, password) => (await find((user) => user.id === id))?.password === password,
    ...(ownRegister === true && {
      async register(id: string, username: string, password: string) {
        if (await find((user) => user.username === username)) return 'username_taken' as const;
        registered.push({ id, username, password });
        return 'registered' as const;
      },
    }),
    ...(ownReplaces === true && { replacePassword: async () => () => {} }),
  });
}

const cost = { memory: 64, passes: 1, parallelism: 1 };

export class User extends CurfewUser {
  /** Keeps something in a table of the application's own. */
  async keep(letter: string): Promise<void> {
    this.ctx.storage.sql.exec('create table if not exists letters (body text not null)');
    this.ctx.storage.sql.exec('insert into letters (body) values (?)', letter);
  }

  #deleteLetters(how: 'done' | 'refused'): void {
    this.ctx.storage.sql.exec('delete from letters');
    if (how === 'refused') throw new Error('not now');
  }

  override options(): WorkersOptions {
    const { OPTIONS } = this.env as Env;
    const { tellsEnds, tellsOpening, clockAhead, writes, ownUsers, ownRegister, ...rest } = JSON.parse(OPTIONS);
    const { ownFails, ownReplaces, deletion, ...options } = rest;
    if (tellsOpening) console.log(JSON.stringify({ opened: String(this.ctx.id) }));
    const refused = new Set<string>();
    const onEnd: WorkersOptions['onEnd'] = (session, reason) => {
      // Told again later.
      if (refused.size === 0) throw new Error(`not now, ${refused.add(session.id).size}`);
      console.log(JSON.stringify({ told: session, reason }));
    };
    return {
      accounts: passwords({ register: true, cost }),
      ...(!writes && { write: () => {} }),
      ...(tellsEnds && { onEnd }),
      ...(deletion && { deleteUserData: () => this.#deleteLetters(deletion) }),
      ...(clockAhead && { clock: () => Date.now() + clockAhead }),
      ...(ownUsers && { accounts: accountsOf(ownUsers, { ownRegister, ownFails, ownReplaces }) }),
      ...options,
    };
  }

  /** How many sockets lead here. */
  async sockets(): Promise<number> {
    return this.ctx.getWebSockets().length;
  }

  /** Ends this object in memory, as one that has failed. */
  async crash(): Promise<void> {
    (this.ctx as unknown as { abort(reason: string): void }).abort('crashed');
  }
}

const app = new Hono<WorkersSessionEnv>();
app.route('/', health());
app.route('/', docs());
app.use('/api/*', protect());
app.all('/api/hello', (c) => c.json({ hello: c.var.session.user, name: c.var.session.name }));
app.post('/api/letters', async (c) => {
  await objectOfUser(c.env as Env, c.var.session.user).keep(await c.req.text());
  return c.body(null, 204);
});
app.on(['GET', 'POST'], '/api/download', (c) => {
  const { signal } = c.var.session;
  const encoded = (text: string) => new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoded('begun'));
      signal.addEventListener('abort', () => {
        controller.enqueue(encoded(', and over'));
        controller.close();
      });
    },
  });
  return c.body(body);
});
app.get('/api/sockets', async (c) => c.json(await (objectFor(c.req.raw, c.env, {}) as User).sockets()));
app.post('/api/crash', async (c) => {
  await (objectFor(c.req.raw, c.env, {}) as User).crash().catch(() => {});
  return c.body(null, 204);
});
app.get('/api/leaving', async (c) => {
  const before = await c.var.session.check();
  const headers = { Authorization: c.req.header('Authorization') ?? '', 'Content-Type': 'application/json' };
  const url = new URL('/api/auth/logout', c.req.url);
  await routeToUser(new Request(url, { method: 'POST', headers, body: '{}' }), c.env);
  const refused = await c.var.session.check();
  return refused ?? c.json({ before });
});

/** What a verb returns, as far as it can be sent on. */
const told = async (answer: unknown) => {
  const { response, session, ...rest } = { response: null, session: null, ...Object(answer) };
  const body = response instanceof Response ? await response.json() : undefined;
  return { ...rest, ...(session && { session }), ...(body && { body }) };
};

const optional = new Hono<OptionalWorkersSessionEnv>();
optional.get('/', protect({ optional: true }), (c) => c.json({ user: c.var.session?.user ?? null }));
app.route('/optional', optional);

/** The code of the application calls a verb, on the context or on the bare request. */
app.post('/verbs/:verb', async (c) => {
  const curfew = curfewOf(c.env);
  const given = await c.req.json();
  const carrier =
    c.req.query('bare') === undefined ? c : new Request(c.req.url, { method: 'POST', headers: c.req.raw.headers });
  switch (c.req.param('verb')) {
    case 'signIn':
      return c.json(await told(await curfew.signIn(carrier, given)));
    case 'signOut':
      return c.json(await told(await curfew.signOut(carrier, given)));
    case 'authenticate':
      return c.json(await told(await curfew.authenticate(carrier, given)));
    case 'session':
      return c.json(await told({ session: await curfew.session(carrier) }));
    case 'revoke':
      return c.json(await curfew.revoke(given.target, given.how));
    case 'erase':
      return c.json(await curfew.erase(given));
    case 'sessions':
      return c.json(await curfew.sessions(given));
    case 'applyPolicy':
      return c.json(await curfew.applyPolicy(given));
    case 'beginHandOver':
      return c.json(await told(await curfew.beginHandOver(carrier, given)));
    default:
      return c.notFound();
  }
});
app.route('/operator', operator());
app.post('/provider', async (c) => {
  const handed = await curfewOf(c.env).handOver(c, { to: '/provider/finish' });
  return handed.ok ? c.redirect(handed.location, 303) : handed.response;
});
app.get('/provider/finish', async (c) => {
  const taken = await curfewOf(c.env).takeOver(c);
  return taken.ok ? c.json({ kept: taken.kept, form: taken.form }) : taken.response;
});
app.post('/provider/logout', async (c) => {
  const result = await curfewOf(c.env).backChannelLogout(c, {
    verify: (token) => JSON.parse(token),
    user: ({ sub }) => sub,
  });
  return result.ok ? c.json({ ended: result.ended }) : result.response;
});
app.onError((error, c) => c.json({ thrown: error.name, message: error.message }, 500));

// What workerd looks for.
// oxlint-disable-next-line import/no-default-export
export default app;
