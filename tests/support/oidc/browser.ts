import type { Answer, World } from '../server/world.ts';
import { origin } from '../server/world.ts';
import type { TestProvider } from './provider.ts';

/** How a user goes to the provider. */
export interface Going {
  readonly returnTo?: string;
  /** The session that is to go on. */
  readonly session?: string;
  readonly remember?: 'true';
  readonly prompt?: 'select_account';
  readonly transport?: 'bearer';
}

const pathOf = (location: string): string => location.replace(origin, '');

/** A browser with a jar of its own, at the application and at its provider. */
export class OidcBrowser {
  readonly jar = new Map<string, string>();
  readonly jarThere = new Map<string, string>();
  readonly #world: Pick<World, 'app'>;
  readonly #provider: TestProvider | null;

  constructor(world: Pick<World, 'app'>, provider: TestProvider | null) {
    this.#world = world;
    this.#provider = provider;
  }

  async send(method: string, path: string, init: { headers?: Record<string, string>; body?: BodyInit } = {}) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'Sec-Fetch-Site': 'same-origin', ...(cookie && { Cookie: cookie }), ...init.headers };
    const response = await this.#world.app.request(`${origin}${path}`, { ...init, method, headers });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.jar.delete(name);
      else this.jar.set(name, value);
    }
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    const location = response.headers.get('Location');
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : null,
      text,
    };
    return { ...answer, location: location === null ? null : pathOf(location) };
  }

  get(path: string, headers: Record<string, string> = {}) {
    return this.send('GET', path, { headers });
  }

  post(path: string, json: object = {}, headers: Record<string, string> = {}) {
    const body = JSON.stringify(json);
    return this.send('POST', path, { headers: { 'Content-Type': 'application/json', ...headers }, body });
  }

  /** Is sent to the provider. @returns where */
  async start(going: Going = {}): Promise<string> {
    const { status, location, text } = await this.get(`/api/oidc/start?${new URLSearchParams({ ...going })}`);
    if (status !== 303 || location === null) throw new Error(`${status}: ${text}`);
    return location;
  }

  /** Signs in at the provider. @returns where that sends the browser back to */
  async atProvider(account: string, going: Going = {}): Promise<string> {
    if (this.#provider === null) throw new Error('there is no provider');
    return pathOf(await this.#provider.signIn(await this.start(going), account, this.jarThere));
  }

  /** Comes back from the provider, as a browser does: from another site. @returns where it is sent then */
  async comeBack(path: string): Promise<string | null> {
    return (await this.get(path, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' })).location;
  }

  /** Signs in at the provider, and comes back. @returns where the browser is sent then */
  async signIn(account: string, going: Going = {}): Promise<string | null> {
    return this.comeBack(await this.atProvider(account, going));
  }

  /** The id of the session that the jar holds. */
  async sessionId(): Promise<string> {
    return (await this.get('/api/auth/session-info')).body.session.id;
  }

  /** The view of the session that the jar holds. */
  async view() {
    return (await this.get('/api/auth/session-info')).body.session;
  }
}
