import { Hono } from 'hono';
import type { Curfew, CurfewOptions } from '../../../server/index.ts';
import { createVerbWorld, type Kind } from './verbs.ts';
import { origin } from './world.ts';

/** As a browser says of what another site's page has caused. */
const fromElsewhere = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', Origin: 'https://id.example' };

/** What an answer says. */
export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
  readonly location: string;
}

/** An application whose provider answers by a form that the browser posts. It believes what stands in the form. */
const applicationOf = (curfew: Curfew) =>
  new Hono()
    .all('/start', async (c) => {
      const { session } = c.req.query();
      const begun = await curfew.beginHandOver(c, { keep: { session, nonce: 'a nonce' } });
      return begun.ok ? c.json({ state: begun.state }) : begun.response;
    })
    .all('/acs', async (c) => {
      const handed = await curfew.handOver(c, { to: '/finish?from=id' });
      return handed.ok ? c.redirect(handed.location, 303) : handed.response;
    })
    .all('/finish', async (c) => {
      const taken = await curfew.takeOver(c);
      if (!taken.ok) return taken.response;
      const { user = '', provedAt = '0' } = taken.form;
      const { session } = taken.kept;
      const signedIn = await curfew.signIn(c, { user, method: ['otp'], authenticatedAt: Number(provedAt), session });
      return signedIn.ok ? c.json({ session: signedIn.session, ...taken }) : signedIn.response;
    })
    .use('/api/*', curfew.protect())
    .get('/api/hello', (c) => c.json(c.var.session))
    .route('/', curfew.routes);

/** A browser: its Lax cookies come along with what its own pages send, and with what another site's pages lead to by GET. */
export class Browser {
  readonly jar = new Map<string, string>();
  readonly #app: ReturnType<typeof applicationOf>;

  constructor(app: ReturnType<typeof applicationOf>) {
    this.#app = app;
  }

  async send(method: string, path: string, init: { headers?: Record<string, string>; body?: BodyInit } = {}) {
    const headers = new Headers({ 'Sec-Fetch-Site': 'same-origin', ...init.headers });
    const isOwn = headers.get('Sec-Fetch-Site') === 'same-origin' || method === 'GET';
    if (isOwn) headers.set('Cookie', [...this.jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await this.#app.request(`${origin}${path}`, { ...init, method, headers });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.jar.set(name, value);
    }
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    const said: Said = {
      status: response.status,
      headers: response.headers,
      body: isJson ? await response.json() : null,
      location: response.headers.get('Location') ?? '',
    };
    return said;
  }

  /** @returns the state for the provider */
  async start(session?: string): Promise<string> {
    const query = session === undefined ? '' : `?${new URLSearchParams({ session })}`;
    return (await this.send('GET', `/start${query}`)).body.state;
  }

  /** Is led to post a form by another site's page. */
  post(form: Record<string, string> | string): Promise<Said> {
    return this.send('POST', '/acs', { headers: fromElsewhere, body: new URLSearchParams(form) });
  }

  /** Follows where a post was answered to. */
  follow(location: string): Promise<Said> {
    return this.send('GET', location, { headers: fromElsewhere });
  }

  /** Signs in at the provider, and comes back. */
  async signIn(form: Record<string, string>, session?: string): Promise<Said> {
    const { location } = await this.post({ state: await this.start(session), ...form });
    return this.follow(location);
  }

  get(path: string): Promise<Said> {
    return this.send('GET', path);
  }
}

/** Makes the application on a store, and closes it after the test. */
export async function formPostWorld(kind: Kind, options: Partial<CurfewOptions> = {}) {
  const world = await createVerbWorld(kind, options);
  const app = applicationOf(world.curfew);
  const plain = { account: String, address: String, pair: String };
  return {
    ...world,
    /** @param jar the cookies of a browser that has reached another node before */
    browser(jar: ReadonlyMap<string, string> = new Map()) {
      const made = new Browser(app);
      for (const [name, value] of jar) made.jar.set(name, value);
      return made;
    },
    app,
    refusals: async () => (await world.store.securityLog(plain).since(0, 99)).map((each) => each.kind),
  };
}
