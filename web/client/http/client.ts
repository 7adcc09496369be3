import {
  saysLost,
  saysOver,
  seconds,
  type Duration,
  type Reason,
  type SessionView,
  type TabEvent,
} from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import { Refused, refusalIn } from './problem.ts';
import type { Proofs } from '../tab/reauthenticationLock.ts';
import { requestTo, sendAuthenticated, type Sent, type SigningPorts } from './authenticatedRequests.ts';
import type { RequestOptions, SessionFetch } from '../tab/tab.types.ts';
import { withTimeout } from '../device/withTimeout.ts';
import { isAdmission, isRecord, isView, versionIn, type Admission } from './wire.ts';

/** What is told of a refresh. */
export type RefreshEvent = Extract<TabEvent, { readonly type: 'refresh.began' | 'refresh.ended' }>;

/** What the client needs, and whom it tells what it learns. */
export interface ClientPorts extends SigningPorts {
  readonly timer: Timer;
  readonly proofs: Proofs;
  /** Called with every view as it arrives, so that other tabs hear of it. */
  readonly announce: (view: SessionView) => void;
  /** Called with a view that the caller leaves to be taken. */
  readonly onView: (view: SessionView) => void;
  readonly onRefused: (reason: Reason | null) => void;
  readonly onLost: () => void;
  readonly onRefresh: (event: RefreshEvent) => void;
}

/** What a call says besides its path. */
interface Call {
  readonly method?: string;
  readonly json?: object;
  /** Leaves out the session this tab is about: nobody is signed in yet. */
  readonly anonymous?: boolean;
  /** Leaves what follows from the answer to the caller: neither its view nor a refusal is told. */
  readonly quiet?: boolean;
}

/** Speaks to the server for one tab. */
export interface Client {
  /** Calls a route of Curfew's own. @throws `Refused` */
  readonly call: <Value>(path: string, is: (body: unknown) => body is Value, call?: Call) => Promise<Value>;
  /** For the application's own routes. */
  readonly fetch: SessionFetch;
  /**
   * A new token, never two at once; `extend` says that a person answered, and leaves what follows to the caller.
   *
   * @throws `Refused`
   */
  readonly refresh: (intent: 'extend' | 'rotate') => Promise<SessionView>;
  /** How the session is, without touching it. @throws `Refused` */
  readonly sessionInfo: (quiet?: boolean) => Promise<SessionView>;
  /** Proves again who is here. Every earlier token is void from then on. @throws `Refused` */
  readonly prove: (password: string, quiet?: boolean) => Promise<Admission>;
  /** Opens the event stream. It renews no token: nobody has to be here for it. */
  readonly listen: (signal: AbortSignal) => Promise<Response>;
  /** Tells how long ago a person did something. @returns whether it has arrived. */
  readonly report: (ageMs: Duration) => Promise<boolean>;
  /** Declares something that goes on without a hand. @throws `Refused` */
  readonly putLease: (kind: string, ms: Duration) => Promise<unknown>;
}

/** How long an answer of Curfew's own routes may take: whoever counts down has to know that it failed. */
export const answerWithin = seconds(10);

const hasView = (body: unknown): body is { readonly session: SessionView } => isRecord(body) && isView(body['session']);

/** The client of one tab. */
export function createClient(ports: ClientPorts): Client {
  const { clock, tokens, timer, proofs } = ports;
  let flight: { readonly intent: 'extend' | 'rotate'; readonly promise: Promise<SessionView> } | null = null;
  let asking: Promise<unknown> | null = null;

  const refusedIn = async (response: Response): Promise<Refused | null> =>
    response.status === 401 ? refusalIn(response, clock.now()) : null;

  /**
   * A token that has run out is renewed once; one that another tab has renewed already is only read again, and so is one
   * that a proof has voided, once that is answered. A request that renews by itself (`renews`) takes the old token.
   */
  async function sendOrRenew(make: () => Request, asked: RequestOptions['activity'], renews = false) {
    const first = await sendAuthenticated(ports, make, asked);
    const refusal = await refusedIn(first.response);
    const isExpired = refusal?.code === 'token_expired' && !renews;
    if (!isExpired && refusal?.code !== 'token_superseded') return { ...first, refusal };
    if (!isExpired) await proofs.over(answerWithin);
    const isRenewed = tokens !== null && tokens.read() !== first.token;
    if (isExpired && !isRenewed) await refresh('rotate');
    const second = await sendAuthenticated(ports, make, asked);
    return { ...second, refusal: await refusedIn(second.response) };
  }

  /** What a refusal means for this tab, if it is still about the session that was refused. */
  function follow(refusal: Refused, { session }: Sent): void {
    if (session !== ports.known()?.id) return;
    if (saysOver(refusal)) ports.onRefused(refusal.reason);
    else if (saysLost(refusal)) ports.onLost();
  }

  /** Learns from an answer's header that the session has moved on elsewhere. */
  function notice(response: Response): void {
    const version = versionIn(response.headers);
    const here = ports.known();
    if (version === null || here === null || version <= here.version || !response.ok) return;
    asking ??= sessionInfo(true)
      .then(ports.onView, () => {})
      .finally(() => {
        asking = null;
      });
  }

  async function call<Value>(path: string, is: (body: unknown) => body is Value, options: Call = {}): Promise<Value> {
    const { method = 'GET', json, anonymous = false, quiet = false } = options;
    const ask = async (signal: AbortSignal) => {
      const { make } = requestTo(ports.baseUrl, `/api/auth${path}`, {
        method,
        signal,
        ...(json && { body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } }),
      });
      const sent = await (anonymous
        ? sendAuthenticated(ports, make, 'background', true)
        : sendOrRenew(make, 'background', path === '/refresh'));
      const { response } = sent;
      if (!response.ok) {
        const refused = await refusalIn(response, clock.now());
        if (!quiet) follow(refused, sent);
        throw refused;
      }
      const body: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
      if (!is(body)) throw new Refused('unavailable', clock.now());
      if (isRecord(body)) take(path, sent, body, quiet);
      return body;
    };
    try {
      return await withTimeout(timer, answerWithin, ask);
    } catch (error) {
      throw error instanceof Refused ? error : new Refused('network', clock.now());
    }
  }

  function take(path: string, { token, sentAt }: Sent, body: Readonly<Record<string, unknown>>, quiet: boolean): void {
    const given = body['token'];
    // A refresh in another tab may have been faster; a sign-in or a re-authentication makes every other token worthless.
    if (typeof given === 'string' && path === '/refresh') tokens?.replace(token, given);
    else if (typeof given === 'string') tokens?.write(given);
    if (!hasView(body)) return;
    clock.learn(body.session.serverNow, sentAt);
    ports.announce(body.session);
    if (!quiet) ports.onView(body.session);
  }

  async function sessionInfo(quiet = false): Promise<SessionView> {
    return (await call('/session-info', hasView, { quiet })).session;
  }

  async function renew(intent: 'extend' | 'rotate'): Promise<SessionView> {
    ports.onRefresh({ type: 'refresh.began' });
    try {
      const quiet = intent === 'extend';
      const { session } = await call('/refresh', hasView, { method: 'POST', json: { intent }, quiet });
      ports.onRefresh({ type: 'refresh.ended', problem: null });
      return session;
    } catch (error) {
      ports.onRefresh({ type: 'refresh.ended', problem: error instanceof Refused ? error : null });
      throw error;
    }
  }

  function refresh(intent: 'extend' | 'rotate'): Promise<SessionView> {
    if (flight && (flight.intent === intent || flight.intent === 'extend')) return flight.promise;
    const before = flight?.promise.catch(() => {}) ?? Promise.resolve();
    const promise = before
      .then(() => renew(intent))
      .finally(() => {
        if (flight?.promise === promise) flight = null;
      });
    flight = { intent, promise };
    return promise;
  }

  return {
    call,
    refresh,
    sessionInfo,
    prove: (password, quiet = false) =>
      proofs.during(() => call('/reauthenticate', isAdmission, { method: 'POST', json: { password }, quiet })),
    report: (ageMs) =>
      call('/activity', hasView, { method: 'POST', json: { ageMs } }).then(
        () => true,
        () => false,
      ),
    putLease: (kind, ms) => call(`/leases/${kind}`, hasView, { method: 'PUT', json: { ms } }),
    async listen(signal) {
      const { make } = requestTo(ports.baseUrl, '/api/auth/stream', { signal });
      const sent = await sendAuthenticated(ports, make, 'background');
      const refusal = await refusedIn(sent.response);
      // It is opened again soon.
      if (refusal && refusal.code !== 'token_superseded') follow(refusal, sent);
      return sent.response;
    },
    async fetch(input, init = {}) {
      const { make, isOurs } = requestTo(ports.baseUrl, input, init);
      // Nothing of this session goes to anybody else.
      if (!isOurs) return ports.fetch(make());
      const { refusal, ...sent } = await sendOrRenew(make, init.activity);
      if (refusal) follow(refusal, sent);
      else notice(sent.response);
      return sent.response;
    },
  };
}
