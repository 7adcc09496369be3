import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nginx } from '../../support/recipes/nginx.ts';
import { environment, folder, run, serve, stopped, tidy, type Server } from '../../support/server/child.ts';
import { secret } from '../../support/server/world.ts';
import { selfSigned } from '../../support/engines/certificate.ts';

afterAll(tidy);

type Env = Readonly<Record<string, string>>;

/** A running server, with what it was started with. */
interface Started {
  readonly home: string;
  readonly env: Env;
  readonly server: Server;
}

/** nginx comes to the server from an address of its own, so that it can be told from those who come to nginx. */
const proxy = '127.0.0.2';
const trusting = { CURFEW_SECRET: secret, CURFEW_TRUSTED_PROXIES: proxy };

async function started(env: Env = trusting): Promise<Started> {
  const home = folder();
  return { home, env, server: await serve(home, env) };
}

let one: Started;
beforeAll(async () => {
  one = await started();
});

/** Starts nginx before a server. @param listens what else stands behind `listen` */
async function front({ server }: Started, directives: string, listens = '') {
  const { url, start } = await nginx();
  const site = join(folder(), 'site.conf');
  writeFileSync(
    site,
    `proxy_cache_path cache keys_zone=all:1m;
     server {
       listen 127.0.0.1:8080 ${listens};
       location / {
         proxy_pass http://127.0.0.1:3001;
         proxy_bind ${proxy};
         proxy_set_header Host $http_host;
         ${directives}
       }
     }`,
  );
  await start(site, { '127.0.0.1:3001': server.url });
  return url;
}

/** What the doctor says of each thing, and its exit code. */
async function asked({ home, env }: Started, url: string, more: Env = {}) {
  const child = run(['server/cli/index.ts', 'doctor', '--url', url], environment(home, { ...env, ...more }));
  const { code } = await child.gone;
  const lines = child.out().split('\n').filter(Boolean);
  const said = lines.map((line) => [line.slice(9, 26).trim(), `${line.slice(0, 8).trim()}: ${line.slice(26)}`]);
  const found: Record<string, string> = Object.fromEntries(said);
  expect(child.err()).toBe('');
  expect(code).toBe(Object.values(found).some((each) => each.startsWith('wrong')) ? 1 : 0);
  return found;
}

const forwarded = 'proxy_set_header X-Forwarded-For $remote_addr;';
const kept = 'proxy_http_version 1.1; proxy_set_header Connection "";';

const fine = {
  address: expect.stringMatching(/^ok: http\S+ is answered by this server$/),
  headers: 'ok: Session-Status, Cache-Control: no-store and Session-Id come through',
  cookie: 'ok: it is handed out and taken, Secure and for this host alone',
  caching: 'ok: every answer is a new one',
  'event stream': 'ok: its first event came while it was open',
  compression: 'ok: the event stream comes as it is',
  client: 'ok: the proxy is trusted, and says where clients come from',
};

describe('curfew doctor --url, through nginx', () => {
  it('finds nothing wrong where nothing is', async () => {
    expect(await asked(one, await front(one, `${forwarded} ${kept}`))).toMatchObject(fine);
  });

  it('finds nothing wrong by https, and says when the certificate is not known', async () => {
    const home = folder();
    chmodSync(home, 0o755);
    const { key, cert } = selfSigned();
    const [keyFile, certFile] = [join(home, 'key.pem'), join(home, 'cert.pem')];
    writeFileSync(keyFile, key);
    writeFileSync(certFile, cert);
    const tls = `ssl;\nssl_certificate ${certFile};\nssl_certificate_key ${keyFile}`;
    const url = (await front(one, `${forwarded} ${kept}`, tls)).replace('http:', 'https:');
    expect(await asked(one, url, { NODE_EXTRA_CA_CERTS: certFile })).toMatchObject(fine);
    expect((await asked(one, url))['address']).toMatch(
      /^wrong: https:\S+ it cannot be reached: self-signed certificate/,
    );
  });

  it.each<[string, string, Env]>([
    [
      'events that are buffered',
      // What is not compressed nginx lets through in chunks, as they come.
      'proxy_ignore_headers X-Accel-Buffering; gzip on; gzip_types text/event-stream; gzip_min_length 0;',
      {
        'event stream':
          'wrong: nothing came until it was closed: the proxy buffers it, whatever X-Accel-Buffering says',
      },
    ],
    [
      'events that are compressed',
      `${kept} gzip on; gzip_types text/event-stream; gzip_min_length 0;`,
      {
        'event stream': fine['event stream'],
        compression:
          'look at: the event stream is compressed (gzip), which can hold events back: leave text/event-stream out',
      },
    ],
    [
      'headers of answers that are taken away',
      'proxy_hide_header Session-Status; proxy_hide_header Cache-Control;',
      { headers: 'wrong: the proxy takes away or changes Session-Status and Cache-Control' },
    ],
    [
      'a header of requests that is taken away',
      'proxy_set_header Session-Id "";',
      { headers: 'wrong: the proxy takes away or changes Session-Id' },
    ],
    [
      'credentials that are taken away',
      'proxy_set_header Authorization "";',
      { address: expect.stringMatching(/^wrong: \S+ the proxy takes Authorization away$/) },
    ],
    [
      'a cookie that does not come to the server',
      'proxy_set_header Cookie "";',
      { cookie: 'wrong: the proxy takes Cookie away' },
    ],
    [
      'a cookie that does not come to the browser',
      'proxy_hide_header Set-Cookie;',
      { cookie: 'wrong: the proxy takes Set-Cookie away' },
    ],
    [
      'a cookie that is changed',
      'proxy_cookie_flags ~ nosecure samesite=none;',
      { cookie: 'wrong: the proxy changes Set-Cookie: look at secure, samesite=lax, samesite=none' },
    ],
    [
      'answers that are kept',
      `proxy_cache all; proxy_cache_valid any 1h; proxy_cache_key $request_method$uri$http_session_id;
       proxy_ignore_headers Cache-Control Set-Cookie Vary Expires;`,
      { caching: 'wrong: an answer of before was given once more: the proxy keeps what says no-store' },
    ],
  ])('names %s', async (_, directives, findings) => {
    expect(await asked(one, await front(one, `${forwarded} ${directives}`))).toMatchObject(findings);
  });

  it.each([
    [
      'of the client’s own making',
      '',
      'wrong: clients can say where they come from: have the proxy overwrite X-Forwarded-For',
    ],
    [
      'that is not sent',
      'proxy_set_header X-Forwarded-For "";',
      'wrong: the proxy is trusted, and sends no X-Forwarded-For: it stands for all its clients',
    ],
    [
      'that was added to what the client has sent',
      'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
      fine.client,
    ],
  ])('looks for an X-Forwarded-For %s', async (_, directives, finding) => {
    // One of its own: of one client, so many refusals are written down in a minute, and no more.
    const own = await started();
    expect((await asked(own, await front(own, directives)))['client']).toBe(finding);
    await stopped(own.server);
  });

  it('says of a proxy that is not trusted that it stands for all its clients', async () => {
    const wary = await started({ CURFEW_SECRET: secret });
    expect((await asked(wary, await front(wary, forwarded)))['client']).toBe(
      'look at: the proxy is not trusted, and stands for all its clients: name it in CURFEW_TRUSTED_PROXIES',
    );
    await stopped(wary.server);
  });

  it('says when another server answers, or something else, or nothing', async () => {
    const other = await started({ CURFEW_SECRET: 'another secret of thirty-two bytes and more' });
    const addressOf = async (url: string) => (await asked(one, url))['address'];
    const url = await front(other, forwarded);
    expect(await addressOf(url)).toMatch(/^wrong: \S+ the server there has another secret, or another database$/);
    await stopped(other.server);
    expect(await addressOf(url)).toMatch(/^wrong: \S+ something else answers: 502 text\/html$/);
    expect(await addressOf(other.server.url)).toMatch(/^wrong: \S+ it cannot be reached: \S+.* ECONNREFUSED/);
    const elsewhere = await front(one, 'if ($uri ~ ^/api) { return 301 https://app.example$uri; }');
    expect(await addressOf(elsewhere)).toMatch(
      /^wrong: \S+ something else answers: 301 https:\/\/app\.example\/api\/auth\/session-info$/,
    );
  });
});
