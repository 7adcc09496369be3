// An application whose Hono comes in by `require`, and so is another copy than the one that Curfew imports.
const { Hono } = require('hono');
const { memory } = require('curfew/memory');
const { createCurfew, passwords } = require('curfew/server');

async function main() {
  const curfew = await createCurfew({
    store: memory(),
    accounts: passwords({ register: true }),
    secret: 'a secret of the package test, 32 bytes and more',
    write: (line) => line.level === 'error' && console.log(line.error),
  });
  const app = new Hono();
  app.use('/api/*', curfew.protect());
  app.route('/', curfew.routes);
  app.get('/api/hello', (c) => c.json({ hello: c.var.session.user }));
  app.get('/api/broken', () => {
    throw new Error('the application is broken');
  });
  app.onError((error, c) => c.text(error.message, 500));

  async function call(method, path, headers, body) {
    const answer = await app.request(path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    });
    const said = answer.headers.get('content-type')?.includes('json') ? await answer.json() : {};
    console.log(
      method,
      path,
      answer.status,
      said.code ?? '',
      answer.headers.get('session-status')?.split(';')[0] ?? '',
    );
    return said;
  }

  const ada = JSON.stringify({ username: 'ada', password: 'correct horse battery', transport: 'bearer' });
  await call('GET', '/api/hello');
  await call('GET', '/api/auth/session-info');
  await call('POST', '/api/auth/register', {}, '{');
  const { token } = await call('POST', '/api/auth/register', {}, ada);
  const signedIn = { Authorization: `Bearer ${token}`, 'Session-Activity': 'user' };
  await call('GET', '/api/hello', signedIn);
  await call('GET', '/api/broken', signedIn);
  await call('GET', '/api/nowhere', signedIn);
  await call('PUT', '/api/drafts/letter', signedIn, JSON.stringify({ ciphertext: 'AAAA', savedAt: 1 }));
  await call('POST', '/api/auth/logout', signedIn);
  await call('GET', '/api/hello', signedIn);
}

void main();
