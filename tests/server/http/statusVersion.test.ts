import { describe, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { createWorld, lapse, modes, type Client } from '../../support/server/world.ts';

const answers: readonly (readonly [string, (ada: Client) => ReturnType<Client['get']>])[] = [
  ['session-info', (ada) => ada.get('/api/auth/session-info')],
  ['activity', (ada) => ada.post('/api/auth/activity', { ageMs: 0 })],
  ['a lease', (ada) => ada.call('PUT', '/api/auth/leases/call', { ms: minutes(1) })],
];

describe.each(modes)('a session that lapses while a password is checked, %s mode', (mode) => {
  it.each([
    ['POST', '/api/auth/password', { password: 'correct horse', newPassword: 'battery staple' }],
    ['DELETE', '/api/auth/me', { password: 'correct horse' }],
  ] as const)('is refused with the version that has been written: %s %s', async (method, path, json) => {
    const { client, parts, pass, events } = await createWorld();
    const ada = client(mode);
    await ada.register();
    const confirm = parts.accounts.confirmPassword.bind(parts.accounts);
    parts.accounts.confirmPassword = async (...given) => {
      pass(lapse);
      return confirm(...given);
    };
    const answer = await ada.call(method, path, json);
    expect(answer.body).toMatchObject({ status: 401, code: 'session_lapsed' });
    const log = await events(ada.id);
    expect(log.at(-1)).toMatchObject({ to: 'lapsed.idle' });
    expect(answer.headers.get('Session-Status')).toContain(`version=${log.length}`);
  });
});

describe.each(modes)('the first use of a new token, %s mode', (mode) => {
  const begin = async () => {
    const world = await createWorld();
    const ada = world.client(mode);
    await ada.register();
    await ada.post('/api/auth/refresh');
    world.pass(minutes(2));
    return { ...world, ada };
  };

  it.each(answers)('%s tells one version in body, ETag and header, and the next answer the next', async (_, ask) => {
    const { ada, events } = await begin();
    const first = await ask(ada);
    const { version } = first.body.session;
    expect(first.headers.get('Session-Status')).toContain(`version=${version}`);
    const etag = first.headers.get('ETag');
    expect(etag).toBe(etag === null ? null : `W/"${version}"`);
    const next = await ada.get('/api/auth/session-info');
    const log = await events(ada.id);
    expect(log.map(({ type }) => type)).toContain('token.confirmed');
    expect(next.body.session.version).toBe(log.length);
    expect(next.headers.get('Session-Status')).toContain(`version=${log.length}`);
    expect(next.headers.get('ETag')).toBe(`W/"${log.length}"`);
  });

  it('the log tells the version that its answer’s header tells', async () => {
    const { ada } = await begin();
    const { headers, body } = await ada.get(`/api/auth/sessions/${ada.id}/events`);
    expect(headers.get('Session-Status')).toContain(`version=${body.events.length}`);
  });
});
