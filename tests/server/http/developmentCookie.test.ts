import { describe, expect, it, onTestFinished } from 'vitest';
import { createCurfew, InvalidOption, passwords, type LogLine } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { configFromEnvironment } from '../../../server/node/index.ts';
import { cost, secret } from '../../support/server/world.ts';

const local = 'http://localhost:3000';
const forms = { username: 'ada', password: 'correct horse' };

/** A server, and what a browser sends to it that is at its page. */
async function serverAt(page: string, options: object) {
  const lines: LogLine[] = [];
  const curfew = await createCurfew({
    store: memory(),
    secret,
    accounts: passwords({ cost, register: true }),
    write: (line) => void lines.push(line),
    ...options,
  });
  onTestFinished(() => curfew.close());
  const ask = async (method: string, path: string, headers: Record<string, string> = {}, body?: object) => {
    const response = await curfew.fetch(
      new Request(`${page}/api/auth/${path}`, {
        method,
        headers: { Origin: page, 'Content-Type': 'application/json', ...headers },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null, set: response.headers.getSetCookie() };
  };
  return { ask, lines, register: (headers = {}) => ask('POST', 'register', headers, forms) };
}
const development = () => serverAt(local, { origins: [local], developmentCookie: true });
const jarOf = ([cookie = '']: readonly string[]) => ({ Cookie: cookie.split(';')[0] ?? '' });

describe('the cookie for development', () => {
  it('is not Secure, so that WebKit keeps it at http://localhost, and is the session as ever', async () => {
    const { ask, register } = await development();
    const { status, set } = await register();
    expect(status).toBe(201);
    expect(set).toEqual([
      expect.stringMatching(/^curfew-dev=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect((await ask('GET', 'me', jarOf(set))).status).toBe(200);
    expect((await ask('POST', 'refresh', jarOf(set), {})).set).toEqual([expect.stringMatching(/^curfew-dev=.*Lax$/)]);
    const [own] = set;
    const secure = { Cookie: `__Host-curfew=${own?.slice('curfew-dev='.length).split(';')[0]}` };
    expect((await ask('GET', 'me', secure)).body).toMatchObject({ code: 'unauthenticated' });
    const left = await ask('POST', 'logout', jarOf(set), {});
    expect(left.status).toBe(204);
    expect(left.set).toEqual([expect.stringMatching(/^curfew-dev=;.*Max-Age=0/)]);
  });

  it.each(['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Real-IP', 'Via'])(
    'is not for requests through a proxy: %s',
    async (header) => {
      const { ask, register, lines } = await development();
      const { set } = await register();
      const proxied = { [header]: 'for=192.0.2.1' };
      expect((await ask('GET', 'me', { ...jarOf(set), ...proxied })).body).toMatchObject({ code: 'unauthenticated' });
      const refused = await ask('POST', 'login', proxied, forms);
      expect(refused).toMatchObject({ status: 403, body: { code: 'https_required' }, set: [] });
      expect(lines).toContainEqual(expect.objectContaining({ warning: expect.stringContaining('through a proxy') }));
    },
  );

  it('is refused at the start with any other origin, or several, or none', async () => {
    const wrong = [
      [],
      [local, 'http://127.0.0.1:3000'],
      ['https://localhost:3000'],
      ['http://localhost.example'],
      ['http://app.localhost:3000'],
      ['http://192.168.0.2:3000'],
      ['http://[::1]:3000'],
    ];
    for (const origins of wrong)
      await expect(serverAt(local, { origins, developmentCookie: true }), String(origins)).rejects.toThrow(
        InvalidOption,
      );
  });

  it.each([
    ['http://localhost', true],
    ['http://localhost:3000', true],
    ['http://127.0.0.1:8080', true],
    ['http://localhost:3000 http://127.0.0.1:3000', false],
    ['https://localhost:3000', false],
    ['http://localhost.example:3000', false],
    ['http://notes.lan:3000', false],
    [undefined, false],
  ])('is taken for CURFEW_ORIGIN %s: %s', (origin, is) => {
    const env = { CURFEW_SECRET: secret, ...(origin !== undefined && { CURFEW_ORIGIN: origin }) };
    expect(configFromEnvironment(env).developmentCookie).toBe(is);
  });

  it('is never taken from what a request says: without it, http://localhost gets the one of https', async () => {
    const { register } = await serverAt(local, {});
    expect((await register()).set).toEqual([expect.stringMatching(/^__Host-curfew=.*; Secure;/)]);
    const other = await serverAt('http://notes.lan', { origins: ['http://notes.lan'] });
    expect(await other.register()).toMatchObject({ status: 403, body: { code: 'https_required' } });
  });
});
