import { run, type Child } from '../server/child.ts';

/** How the provider behaves. */
export interface ProviderSettings {
  /** Its pages cut every tie to the window that opened them. */
  coop: boolean;
  /** It does not hear of `prompt` and `max_age`, and answers by its own session. */
  silent: boolean;
  /** It does not say when the user last proved themselves. */
  dropsAuthTime: boolean;
  /** It does not name its own session. */
  dropsSid: boolean;
  /** It keeps codes back that are exchanged, until it is told to let them go. */
  holdsCodes: boolean;
  /** How users prove themselves there. */
  amr: readonly string[];
}

/** What a test has signed. */
export interface Signed {
  readonly claims: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  /** Default the provider; `another` has a key of the same name. */
  readonly by?: 'provider' | 'another' | 'nobody';
}

/** An OpenID provider as a process of its own. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  /** What the application is started with to use it. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Says where the application is.
   *
   * @param tells whether it is told of logouts, as when one account takes the place of another; default true
   */
  readonly register: (origin: string, tells?: boolean) => Promise<void>;
  readonly set: (settings: Partial<ProviderSettings>) => Promise<void>;
  /** Sets its clock, in epoch ms. */
  readonly setNow: (now: number) => Promise<void>;
  readonly sign: (signed: Signed) => Promise<string>;
  /** The provider's own session of a user, as tokens name it. */
  readonly sidOf: (user: string) => Promise<string>;
  /** Ends the provider's session of a user and tells the application. @returns the status it answered with */
  readonly logOut: (user: string) => Promise<number>;
  /** Until a code that is exchanged is kept back. */
  readonly held: () => Promise<void>;
  readonly release: () => Promise<void>;
  /**
   * Goes through the provider as a browser of its own does, from where the application sends it.
   *
   * @param jar the provider's cookies, which are added to
   * @returns where the provider sends the browser back to
   */
  readonly signIn: (location: string, account: string, jar?: Map<string, string>) => Promise<string>;
  readonly stop: () => Promise<void>;
}

async function follow(url: string, jar: Map<string, string>, init: RequestInit = {}): Promise<Response> {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, Cookie: cookie } });
  for (const set of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
    if (value === '') jar.delete(name);
    else jar.set(name, value);
  }
  return response;
}

/** Sends a form that sends itself in a browser, as where one account takes the place of another. */
function submitted(page: string, jar: Map<string, string>): Promise<Response> {
  const [, action] = /<form method="post" action="([^"]+)"/.exec(page) ?? [];
  if (action === undefined || !page.includes('.submit()')) throw new Error(page);
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const body = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value]));
  return follow(action, jar, { method: 'POST', body });
}

/** Starts a provider on the loopback interface. */
export async function startProvider(): Promise<TestProvider> {
  const child: Child = run(['tests/support/oidc/process.ts']);
  const { issuer, clientId, clientSecret } = JSON.parse(await child.line(/"issuer"/));
  const tell = async (path: string, body: object = {}) => {
    const response = await fetch(`${issuer}/test/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  return {
    issuer,
    clientId,
    env: { CURFEW_OIDC_ISSUER: issuer, CURFEW_OIDC_CLIENT_ID: clientId, CURFEW_OIDC_CLIENT_SECRET: clientSecret },
    register: (origin, tells = true) => tell('client', { origin, tells }),
    set: (settings) => tell('settings', settings),
    setNow: (now) => tell('now', { now }),
    sign: async (signed) => (await tell('sign', signed)).token,
    sidOf: async (user) => (await tell('sid', { user })).sid,
    logOut: async (user) => (await tell('logout', { user })).status,
    held: () => tell('held'),
    release: () => tell('release'),
    async signIn(location, account, jar = new Map()) {
      let response = await follow(location, jar);
      for (;;) {
        const next = new URL(response.headers.get('Location') ?? '', issuer);
        if (next.origin !== issuer) return next.href;
        if (next.pathname.startsWith('/interaction/'))
          response = await follow(next.href, jar, { method: 'POST', body: new URLSearchParams({ account }) });
        else response = await follow(next.href, jar);
        if (!response.headers.has('Location')) response = await submitted(await response.text(), jar);
        if (!response.headers.has('Location')) throw new Error(`${next.href}: ${await response.text()}`);
      }
    },
    async stop() {
      child.kill('SIGKILL');
      await child.gone;
    },
  };
}
