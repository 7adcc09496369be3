import { seconds, type SessionView } from '../../../machines/index.ts';
import { withTimeout } from '../device/withTimeout.ts';
import { hasView, isOutdatedBy, refusedIn, takeAnswer, tellRefusal } from './answers.ts';
import { requestTo, sendAuthenticated } from './authenticatedRequests.ts';
import { tellMisplaced } from './misplaced.ts';
import type { Call, Client, ClientPorts, RefreshIntent } from './client.types.ts';
import { Refused, refusalIn } from './problem.ts';
import type { Declared, RequestOptions } from './requests.types.ts';
import { isAdmission, isRecord } from './wire.ts';

/** What is on its way for one tab. */
interface ClientContext extends ClientPorts {
  refreshing: { readonly intent: RefreshIntent; readonly promise: Promise<SessionView> } | null;
  asking: Promise<unknown> | null;
  isMisplacedTold: boolean;
}

/** How long an answer of Curfew's own routes may take: a countdown has to know that it failed. */
export const answerWithin = seconds(10);
/** The same where a user has given a password, and waits: on a slow line it takes longer, and nothing else is lost by it. */
export const signInWithin = seconds(30);

/**
 * A token that has run out is renewed once; one that another tab has renewed already is only read again, and so is one
 * that a re-authentication has voided, once that is answered. A request that renews by itself (`renews`) takes the old
 * token.
 */
async function sendOrRenew(context: ClientContext, make: () => Request, asked?: Declared, renews = false) {
  const { tokens, reauthenticationLock } = context;
  const first = await sendAuthenticated(context, make, asked);
  const refusal = await refusedIn(context, first.response);
  const isExpired = refusal?.code === 'token_expired' && !renews;
  if (!isExpired && refusal?.code !== 'token_superseded') return { ...first, refusal };
  if (!isExpired) await reauthenticationLock.settled(signInWithin);
  const isRenewed = tokens !== null && tokens.read() !== first.token;
  if (isExpired && !isRenewed) await refresh(context, 'rotate');
  const second = await sendAuthenticated(context, make, asked);
  return { ...second, refusal: await refusedIn(context, second.response) };
}

async function call<Value>(
  context: ClientContext,
  path: string,
  is: (body: unknown) => body is Value,
  {
    method = 'GET',
    json,
    headers,
    anonymous = false,
    asBrowser = false,
    quiet = false,
    within = answerWithin,
  }: Call = {},
): Promise<Value> {
  const { clock, timer, basePath } = context;
  const misplaced = (answer: string) => {
    if (!context.isMisplacedTold) tellMisplaced({ method, url: `${context.baseUrl}${basePath}/auth${path}`, answer });
    context.isMisplacedTold = true;
  };
  const ask = async (signal: AbortSignal) => {
    const { make } = requestTo(context, `${basePath}/auth${path}`, {
      method,
      signal,
      ...(json && { body: JSON.stringify(json), headers: { 'Content-Type': 'application/json', ...headers } }),
    });
    const speaks = anonymous ? 'nobody' : 'browser';
    const sent = await (anonymous || asBrowser
      ? sendAuthenticated(context, make, 'background', speaks)
      : sendOrRenew(context, make, 'background', path === '/refresh'));
    const { response } = sent;
    if (!response.ok) {
      const refused = await refusalIn(response, clock.now());
      if (refused.code === 'http_404') misplaced('404');
      if (!quiet) tellRefusal(context, refused, sent);
      throw refused;
    }
    const body: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
    if (body === undefined) misplaced(`${response.status}, and no JSON`);
    if (!is(body)) throw new Refused('unavailable', clock.now());
    if (isRecord(body)) takeAnswer(context, path, sent, { body, quiet });
    return body;
  };
  try {
    return await withTimeout(timer, within, ask);
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('network', clock.now());
  }
}

async function sessionInfo(context: ClientContext, quiet = false): Promise<SessionView> {
  return (await call(context, '/session-info', hasView, { quiet })).session;
}

/** Asks how the session is, once at a time, when an answer says that it has moved on elsewhere. */
function notice(context: ClientContext, response: Response): void {
  if (!isOutdatedBy(context, response)) return;
  context.asking ??= sessionInfo(context, true)
    .then(context.onView, () => {})
    .finally(() => {
      context.asking = null;
    });
}

async function renew(context: ClientContext, intent: RefreshIntent): Promise<SessionView> {
  const { onRefresh } = context;
  onRefresh({ type: 'refresh.began' });
  try {
    const quiet = intent === 'extend';
    const { session } = await call(context, '/refresh', hasView, { method: 'POST', json: { intent }, quiet });
    onRefresh({ type: 'refresh.ended', problem: null });
    return session;
  } catch (error) {
    onRefresh({ type: 'refresh.ended', problem: error instanceof Refused ? error : null });
    throw error;
  }
}

/** One refresh at a time; an `extend` serves for a `rotate` as well. */
function refresh(context: ClientContext, intent: RefreshIntent): Promise<SessionView> {
  const { refreshing } = context;
  if (refreshing && (refreshing.intent === intent || refreshing.intent === 'extend')) return refreshing.promise;
  const before = refreshing?.promise.catch(() => {}) ?? Promise.resolve();
  const promise = before
    .then(() => renew(context, intent))
    .finally(() => {
      if (context.refreshing?.promise === promise) context.refreshing = null;
    });
  context.refreshing = { intent, promise };
  return promise;
}

async function listen(context: ClientContext, signal: AbortSignal): Promise<Response> {
  const { make } = requestTo(context, `${context.basePath}/auth/stream`, { signal });
  const sent = await sendAuthenticated(context, make, 'background');
  const refusal = await refusedIn(context, sent.response);
  // It is opened again soon.
  if (refusal && refusal.code !== 'token_superseded') tellRefusal(context, refusal, sent);
  return sent.response;
}

async function fetchFor(
  context: ClientContext,
  input: RequestInfo | URL,
  init: RequestOptions = {},
): Promise<Response> {
  const { make, isOurs } = requestTo(context, input, init);
  // Nothing of this session goes to another server.
  if (!isOurs) return context.fetch(make());
  const { refusal, ...sent } = await sendOrRenew(context, make, init.activity);
  if (refusal) tellRefusal(context, refusal, sent);
  else notice(context, sent.response);
  return sent.response;
}

async function proofFetch(
  context: ClientContext,
  input: RequestInfo | URL,
  init: RequestOptions = {},
): Promise<Response> {
  const { make, isOurs } = requestTo(context, input, init);
  if (!isOurs) return context.fetch(make());
  const speaks = context.known() === null ? 'nobody' : 'session';
  const { response } = await sendAuthenticated(context, make, init.activity ?? 'user', speaks);
  return response;
}

/** @returns the client of one tab. */
export function createClient(ports: ClientPorts): Client {
  const context: ClientContext = { ...ports, refreshing: null, asking: null, isMisplacedTold: false };
  const ask: Client['call'] = (path, is, options) => call(context, path, is, options);
  return {
    call: ask,
    fetch: (input, init) => fetchFor(context, input, init),
    refresh: (intent) => refresh(context, intent),
    sessionInfo: (quiet) => sessionInfo(context, quiet),
    prove: (password, quiet = false) =>
      ports.reauthenticationLock.during(() =>
        ask('/reauthenticate', isAdmission, { method: 'POST', json: { password }, quiet, within: signInWithin }),
      ),
    proofFetch: (input, init) => proofFetch(context, input, init),
    duringProof: ports.reauthenticationLock.during,
    listen: (signal) => listen(context, signal),
    report: (ageMs) =>
      ask('/activity', hasView, { method: 'POST', json: { ageMs } }).then(
        () => true,
        () => false,
      ),
    putLease: (kind, ms) => ask(`/leases/${kind}`, hasView, { method: 'PUT', json: { ms } }),
  };
}
