import {
  minutes,
  presets,
  type Duration,
  type Instant,
  type Policy,
  type SessionView,
} from '../../../machines/index.ts';
import type { Environment } from '../../../server/node/environment.ts';
import type { CheckpointFolder } from '../../../server/audit/checkpoints.ts';
import type { Users } from '../../../server/store/users.ts';
import { createProvider } from '../../../server/app/oidc/provider.ts';
import { oidcSettingsOf } from '../../../server/app/oidc/settings.ts';
import type { createApp } from '../../../server/app/app.ts';
import type { AppStore } from '../../../server/app/store/appStore.ts';
import type { LogLine } from '../../../server/session/logLine.ts';
import type { LogEntry } from '../../../server/index.ts';
import type { Dependencies } from '../../../server/routes/dependencies.ts';
import type { ExportUserData, WaysOption } from '../../../server/index.ts';
import { policyWith } from '../machines.ts';
import { appOn } from './parts.ts';
import { newStore, type Store, type StoreKind } from './stores.ts';

export const t0: Instant = Date.UTC(2026, 10, 24, 9);
export const origin = 'http://localhost';
/** Of every world that is given no other. */
export const secret = 'a secret of at least thirty-two bytes';
/** Guesses are cheap in tests. */
export const cost = { memory: 8, passes: 1, parallelism: 1 };

/** A server on a clock that only the test moves. */
export interface World {
  readonly app: ReturnType<typeof createApp>;
  readonly parts: Dependencies;
  readonly lines: readonly LogLine[];
  readonly now: () => Instant;
  /** Moves the clock on and rings whatever was to ring. */
  readonly pass: (duration: Duration) => void;
  readonly client: (transport?: 'cookie' | 'bearer') => Client;
  readonly events: (id: string) => Promise<readonly LogEntry[]>;
  /** How much has been written so far; SQLite only. */
  readonly changes: () => number;
  /** Of the database; PostgreSQL only. */
  readonly address: string;
  /** Another node on the same database, the same clock and the same secret; what one ends is ended on both. */
  readonly anotherNode: () => Promise<World>;
  /** What the application keeps. */
  readonly appStore: AppStore;
  /** The users behind the accounts. */
  readonly users: Users;
  /** What a table of the database holds. */
  readonly rows: Store['rows'];
}

export interface WorldOptions {
  readonly policy?: Partial<Policy>;
  readonly preset?: keyof typeof presets;
  /** Default SQLite in memory. PostgreSQL is started when the first world of a run asks for it. */
  readonly log?: StoreKind;
  /** A SQLite file, or the address of a PostgreSQL database, that others use, too. Default a new database. */
  readonly place?: string;
  readonly secret?: string;
  readonly algorithm?: 'HS256' | 'EdDSA';
  readonly trustedProxies?: readonly string[];
  readonly origin?: string;
  readonly origins?: readonly string[];
  readonly basePath?: string;
  readonly cookieName?: string;
  /** Where a request comes from that has no socket. Default one address for all; `null` where it is not known. */
  readonly address?: string | null;
  readonly ways?: WaysOption;
  /** Default what the reference application keeps. */
  readonly exportUserData?: ExportUserData;
  readonly newId?: () => string;
  readonly checkpoints?: CheckpointFolder;
  readonly sessionCache?: false;
  /** Whether people may make their own accounts. Default `true`. */
  readonly register?: boolean;
  /** The folder of the built pages. */
  readonly root?: string;
  /** The variables of the environment that name an OpenID provider. */
  readonly oidc?: Environment;
}

export async function createWorld({
  policy = {},
  preset = 'standard',
  log = 'sqlite',
  place,
  root,
  address = '192.0.2.1',
  oidc = {},
  ...rest
}: WorldOptions = {}): Promise<World> {
  let now = t0;
  const alarms = new Set<{ at: Instant; call: () => void }>();
  const store = await newStore(log, place);
  const settings = oidcSettingsOf(oidc);
  const provider = settings && createProvider(settings, { clock: () => now });

  async function node(): Promise<World> {
    const lines: LogLine[] = [];
    const { parts, appStore, users } = await store.node({
      secret,
      address: () => address,
      ...rest,
      policy: policyWith(policy, presets[preset]),
      clock: () => now,
      write: (line) => lines.push(line),
      cost,
      wake(at, call) {
        const alarm = { at, call };
        // What was to ring while nobody had set it yet rings at once.
        if (at <= now) queueMicrotask(() => alarms.delete(alarm) && call());
        alarms.add(alarm);
        return () => alarms.delete(alarm);
      },
    });
    const app = appOn(parts, appStore, root, provider);
    return {
      app,
      parts,
      lines,
      now: () => now,
      pass(duration) {
        now += duration;
        for (const alarm of alarms) {
          if (alarm.at > now) continue;
          alarms.delete(alarm);
          alarm.call();
        }
      },
      client: (transport = 'cookie') => new Client(app, transport, rest.cookieName),
      events: (id) => parts.log.read(id, 0, 10_000),
      changes: store.changes,
      rows: store.rows,
      appStore,
      users,
      address: store.address,
      anotherNode: node,
    };
  }
  return node();
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
  readonly text: string;
}

/** A browser, or in bearer mode a program, with a jar of its own. */
export class Client {
  token: string | null = null;
  session: SessionView | null = null;
  user: { id: string; username: string } | null = null;
  readonly #app: Pick<World['app'], 'request'>;
  readonly transport: 'cookie' | 'bearer';
  readonly #cookie: string;

  constructor(app: Pick<World['app'], 'request'>, transport: 'cookie' | 'bearer', cookieName = 'curfew') {
    this.#app = app;
    this.transport = transport;
    this.#cookie = `__Host-${cookieName}`;
  }

  get headers(): Record<string, string> {
    if (this.transport === 'bearer') return this.token ? { Authorization: `Bearer ${this.token}` } : {};
    return { 'Sec-Fetch-Site': 'same-origin', ...(this.token && { Cookie: `${this.#cookie}=${this.token}` }) };
  }

  async raw(
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: BodyInit | null } = {},
  ): Promise<Answer> {
    const response = await this.#app.request(`${origin}${path}`, {
      method,
      headers: { ...this.headers, ...init.headers },
      ...(init.body !== undefined && { body: init.body }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    const body = isJson && text ? JSON.parse(text) : null;
    const set = new RegExp(`${this.#cookie}=([^;]*)`).exec(response.headers.get('Set-Cookie') ?? '')?.[1];
    if (set !== undefined) this.token = set || null;
    if (body?.token) this.token = body.token;
    if (response.ok && body?.session) this.session = body.session;
    if (response.ok && body?.user) this.user = body.user;
    return { status: response.status, headers: response.headers, body, text };
  }

  call(method: string, path: string, json?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    if (json === undefined) return this.raw(method, path, { headers });
    return this.raw(method, path, {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(json),
    });
  }

  get(path: string, headers?: Record<string, string>) {
    return this.call('GET', path, undefined, headers);
  }

  post(path: string, json?: unknown, headers?: Record<string, string>) {
    return this.call('POST', path, json, headers);
  }

  register(username = 'ada', password = 'correct horse', more: object = {}, headers: Record<string, string> = {}) {
    return this.post('/api/auth/register', { username, password, transport: this.transport, ...more }, headers);
  }

  login(username = 'ada', password = 'correct horse', more: object = {}, headers: Record<string, string> = {}) {
    return this.post('/api/auth/login', { username, password, transport: this.transport, ...more }, headers);
  }

  /** The same browser at this moment, for what happens twice. */
  twin(): Client {
    const twin = new Client(this.#app, this.transport, this.#cookie.replace('__Host-', ''));
    twin.token = this.token;
    twin.session = this.session;
    return twin;
  }

  get id(): string {
    return this.session?.id ?? '';
  }
}

/** Long enough for an idle lapse, short enough to be resumed. */
export const lapse = minutes(31);

export const modes = ['cookie', 'bearer'] as const;
