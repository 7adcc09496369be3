import { expect, test } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { sweep } from '../../server/index.ts';
import { createWorld, lapse, origin, type Client } from './world.ts';

/** Two nodes on one database, and somebody who signed in on the first. */
async function twoNodes(options: Parameters<typeof createWorld>[0] = {}) {
  const one = await createWorld({ log: 'postgres', ...options });
  const other = await one.anotherNode();
  const ada = one.client();
  await ada.register();
  return { one, other, ada };
}

/** The same browser, whose requests reach another node. */
function on(world: Awaited<ReturnType<typeof createWorld>>, client: Client): Client {
  const there = world.client(client.transport);
  Object.assign(there, { token: client.token, session: client.session, user: client.user });
  return there;
}

test('what is begun on one node goes on on another', async () => {
  const { other, ada } = await twoNodes();
  const there = on(other, ada);
  expect((await there.get('/api/auth/me')).body.user).toEqual(ada.user);
  await there.call('PUT', '/api/drafts/letter', { ciphertext: 'YQ', savedAt: 1 });
  expect((await ada.get('/api/drafts/letter')).body.ciphertext).toBe('YQ');
  expect((await ada.get('/api/auth/vault-key')).body).toEqual((await there.get('/api/auth/vault-key')).body);
});

test('ASVS 7.4.1 a sign-out on one node ends the session on another at once', async () => {
  const { other, ada } = await twoNodes();
  const there = on(other, ada);
  expect((await there.get('/api/auth/me')).status).toBe(200);
  expect((await ada.post('/api/auth/logout')).status).toBe(204);
  expect(await there.get('/api/auth/me')).toMatchObject({ status: 401, body: { reason: 'signed_out' } });
});

test('ASVS 7.1.2 the limit of sessions holds over all nodes, and the displaced one is told why', async () => {
  const { one, other, ada } = await twoNodes({ policy: { maxSessions: 2 } });
  const there = on(other, ada);
  for (const world of [other, one]) {
    one.pass(1000);
    expect((await world.client().login()).status).toBe(200);
  }
  expect(await there.get('/api/auth/me')).toMatchObject({ status: 401, body: { reason: 'displaced' } });
  expect(await one.parts.log.sessionsOf(ada.user?.id ?? '')).toHaveLength(2);
});

test('two refreshes of one token on two nodes get one successor', async () => {
  const { one, other, ada } = await twoNodes();
  const there = on(other, ada);
  one.pass(minutes(1));
  await Promise.all([ada.post('/api/auth/refresh', {}), there.post('/api/auth/refresh', {})]);
  expect(there.token).toBe(ada.token);
  const types = (await one.events(ada.id)).map(({ type }) => type);
  expect(types.filter((type) => type === 'token.rotated')).toHaveLength(1);
  expect(types.filter((type) => type === 'token.replayed')).toHaveLength(1);
});

test('two nodes that sweep at once write one entry', async () => {
  const { one, other, ada } = await twoNodes();
  one.pass(lapse);
  await Promise.all([sweep(one.parts), sweep(other.parts)]);
  const entries = await one.events(ada.id);
  expect(entries.filter(({ to }) => to === 'lapsed.idle')).toHaveLength(1);
  expect(await on(other, ada).get('/api/auth/me')).toMatchObject({ status: 401, body: { reason: 'idle' } });
});

test('an open stream on one node hears of what happens on another', async () => {
  const { other, ada } = await twoNodes();
  const there = on(other, ada);
  const response = await other.app.request(`${origin}/api/auth/stream`, { headers: there.headers });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  const until = async (pattern: RegExp) => {
    while (!pattern.test(text)) {
      const { value, done } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
    }
  };
  await until(/event: session/);
  await ada.post('/api/auth/logout');
  await until(/"reason":"signed_out"/);
  expect(text).toContain('"state":"ended"');
});
