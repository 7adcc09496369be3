// An OpenID provider in a process of its own, as somebody else would run it. What it is told at /test is no part of it.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type JWK } from 'jose';
import { interactionPolicy, Provider, type Configuration } from 'oidc-provider';
import type { ProviderSettings, Signed } from './provider.ts';

const settings: ProviderSettings = {
  coop: false,
  silent: false,
  dropsAuthTime: false,
  dropsSid: false,
  holdsCodes: false,
  amr: ['pwd', 'otp'],
};

// The provider's time, which stands still until a test moves it on, as the application's does.
let now = Date.now();
Date.now = () => now;

const keyOf = async (kid: string): Promise<JWK> => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
};
const own = await keyOf('own');
const foreign = await keyOf('own');

const http = createServer();
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
const clientId = 'curfew';
const clientSecret = 'a secret that only the application and its provider know';

const policy = interactionPolicy.base();
policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);

const configuration: Configuration = {
  jwks: { keys: [own] },
  clients: [],
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
  conformIdTokenClaims: false,
  // Which are always told, whatever is asked for.
  claims: { openid: ['sub', 'name', 'amr', 'acr', 'auth_time'] },
  cookies: { keys: ['cookies of a test'] },
  interactions: { policy, url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: `${accountId} of elsewhere` }) }),
  // Everybody has agreed to everything.
  async loadExistingGrant({ oidc }) {
    const known = oidc.session?.grantIdFor(oidc.client?.clientId ?? '');
    if (known !== undefined) return oidc.provider.Grant.find(known);
    const grant = new oidc.provider.Grant({
      clientId: oidc.client?.clientId ?? '',
      accountId: oidc.session?.accountId ?? '',
    });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
  // Loopback is no secret network here: the dispatcher that refuses it is left out.
  fetch: (url: string, options: RequestInit) =>
    globalThis.fetch(url, { ...options, dispatcher: undefined } as RequestInit),
  renderError: (ctx: { body: unknown }, out: object) => {
    ctx.body = JSON.stringify(out);
  },
} as Configuration;

const provider = new Provider(issuer, configuration);
provider.on('server_error', (_, error) => console.error(error));

interface Issued {
  payload: (this: Issued) => Promise<Record<string, unknown>>;
}

const issued = provider.IdToken.prototype as unknown as Issued;
const { payload } = issued;
issued.payload = async function changed() {
  const claims = await payload.call(this);
  if (settings.dropsAuthTime) delete claims['auth_time'];
  if (settings.dropsSid) delete claims['sid'];
  return claims;
};

/** The provider's session of each user that last asked for a code. */
const sids = new Map<string, string>();
provider.on('authorization.success', ({ oidc }) => {
  const { accountId = '' } = oidc.session ?? {};
  sids.set(accountId, oidc.session?.sidFor(clientId) ?? '');
});

/** What the types of the provider leave out. */
interface Pinged {
  backchannelLogout(user: string, sid: string): Promise<void>;
}

const held: (() => void)[] = [];
const asked: (() => void)[] = [];

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Signs whatever a test wants to be said, as the provider, as another, or not at all. */
async function sign({ claims, header = {}, by = 'provider' }: Signed): Promise<string> {
  if (by === 'nobody') return new UnsecuredJWT(claims).encode();
  const key = await importJWK(by === 'provider' ? own : foreign, 'RS256');
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own', typ: 'logout+jwt', ...header }).sign(key);
}

async function told(path: string, request: IncomingMessage): Promise<unknown> {
  const given = JSON.parse((await textOf(request)) || '{}');
  switch (path) {
    case '/test/settings':
      Object.assign(settings, given);
      return settings;
    case '/test/now':
      now = given.now;
      return {};
    case '/test/client': {
      const adapter = (provider.Client as unknown as { adapter: { upsert(id: string, given: object): Promise<void> } })
        .adapter;
      await adapter.upsert(clientId, {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${given.origin}/api/oidc/callback`, `${given.origin}/signed-in.html`],
        ...(given.tells && {
          backchannel_logout_uri: `${given.origin}/api/oidc/back-channel-logout`,
          backchannel_logout_session_required: true,
        }),
      });
      return {};
    }
    case '/test/sign':
      return { token: await sign(given) };
    case '/test/sid':
      return { sid: sids.get(given.user) ?? null };
    case '/test/logout': {
      const client = await provider.Client.find(clientId);
      const answer = await (client as unknown as Pinged).backchannelLogout(given.user, sids.get(given.user) ?? '').then(
        () => 200,
        (error: { response?: Response }) => error.response?.status ?? 0,
      );
      return { status: answer };
    }
    case '/test/held':
      await new Promise<void>((resolve) => (held.length > 0 ? resolve() : asked.push(resolve)));
      return {};
    case '/test/release':
      settings.holdsCodes = false;
      for (const release of held.splice(0)) release();
      return {};
    default:
      throw new Error(`there is no ${path}`);
  }
}

const loginPage = (uid: string) => `<!doctype html><title>Sign in elsewhere</title>
<form method="post" action="/interaction/${uid}">
  <label>Account <input name="account" autofocus></label> <button>Sign in there</button>
</form>`;

async function interaction(request: IncomingMessage, response: ServerResponse, uid: string): Promise<void> {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(loginPage(uid));
    return;
  }
  const account = new URLSearchParams(await textOf(request)).get('account') ?? '';
  const result =
    account === ''
      ? { error: 'access_denied', error_description: '<b>Call 555-0100</b> to get in' }
      : { login: { accountId: account, amr: [...settings.amr], acr: 'urn:test' }, select_account: {} };
  await provider.interactionFinished(request, response, result);
}

/** Its cookies last until the browser closes: they would expire by the clock of the browser, which is another. */
function keepCookies(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => {
    if (name.toLowerCase() !== 'set-cookie') return setHeader(name, value);
    const cookies = [value].flat().map(String);
    return setHeader(
      name,
      // One that is taken out of the jar has no value.
      cookies.map((each) => (/^[^=]+=;/.test(each) ? each : each.replace(/; *expires=[^;]*/i, ''))),
    );
  };
}

const callback = provider.callback();
http.on('request', (request, response) => {
  keepCookies(response);
  const url = new URL(request.url ?? '/', issuer);
  if (settings.coop) response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  const fail = (error: unknown) => response.writeHead(500).end(String(error instanceof Error ? error.stack : error));
  if (url.pathname.startsWith('/test/')) {
    told(url.pathname, request).then((body) => response.end(JSON.stringify(body)), fail);
    return;
  }
  const [, uid] = /^\/interaction\/([\w-]+)$/.exec(url.pathname) ?? [];
  if (uid !== undefined) {
    interaction(request, response, uid).catch(fail);
    return;
  }
  if (settings.silent && url.pathname === '/auth') {
    for (const name of ['prompt', 'max_age']) url.searchParams.delete(name);
    request.url = `${url.pathname}${url.search}`;
  }
  if (settings.holdsCodes && url.pathname === '/token') {
    held.push(() => void callback(request, response));
    for (const call of asked.splice(0)) call();
    return;
  }
  void callback(request, response);
});

console.log(JSON.stringify({ issuer, clientId, clientSecret }));
