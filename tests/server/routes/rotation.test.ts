import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { createWorld, lapse, modes } from '../../support/server/world.ts';

const claims = (token: string | null) => JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString());

describe.each(modes)('rotation of the credential, %s mode', (mode) => {
  const begin = async (policy = {}) => {
    const world = await createWorld({ policy });
    const ada = world.client(mode);
    await ada.register();
    return { ...world, ada };
  };

  it('RFC 9700 4.14.2 a retry after a lost answer gets the same successor, byte for byte', async () => {
    const { ada, pass, events } = await begin();
    const lost = ada.twin();
    await lost.post('/api/auth/refresh');
    pass(seconds(7));
    await ada.post('/api/auth/refresh');
    expect(ada.token).toBe(lost.token);
    expect((await events(ada.id)).map(({ type }) => type)).toEqual([
      'session.started',
      'token.rotated',
      'token.replayed',
    ]);
  });

  it('the old generation works until the new one was used, and its grace after that', async () => {
    const { ada, pass } = await begin();
    const old = ada.twin();
    await ada.post('/api/auth/refresh');
    pass(minutes(3));
    expect((await old.get('/api/auth/me')).status).toBe(200);
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    pass(seconds(30) - 1);
    expect((await old.get('/api/auth/me')).status).toBe(200);
    pass(1);
    expect((await old.get('/api/auth/me')).body).toMatchObject({ code: 'token_superseded' });
    expect((await ada.get('/api/auth/me')).status).toBe(200);
  });

  it('a late retry with generation g is answered with g+1 even when g+2 exists', async () => {
    const { ada, pass } = await begin();
    const first = ada.twin();
    await ada.post('/api/auth/refresh');
    const second = ada.twin();
    await ada.get('/api/auth/me');
    pass(seconds(5));
    await ada.post('/api/auth/refresh');
    expect(claims(ada.token).gen).toBe(2);
    const retried = await first.post('/api/auth/refresh');
    expect(retried.status).toBe(200);
    if (mode === 'bearer') expect(first.token).toBe(second.token);
    else expect(retried.headers.has('Set-Cookie')).toBe(false);
  });

  it('ASVS 10.4.5 a refresh with a stale generation ends the session, an ordinary request with it does not', async () => {
    const { ada, pass } = await begin();
    const thief = ada.twin();
    await ada.post('/api/auth/refresh');
    await ada.get('/api/auth/me');
    pass(seconds(30));
    expect((await thief.get('/api/drafts')).body).toMatchObject({ code: 'token_superseded' });
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    expect((await thief.post('/api/auth/refresh')).body).toMatchObject({
      code: 'session_ended',
      reason: 'compromised',
    });
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'compromised' });
  });

  it('ASVS 10.4.5 reuse ends a lapsed session too', async () => {
    const { ada, pass } = await begin();
    const thief = ada.twin();
    await ada.post('/api/auth/refresh');
    await ada.get('/api/auth/me');
    pass(lapse);
    expect((await thief.post('/api/auth/refresh')).body).toMatchObject({
      code: 'session_ended',
      reason: 'compromised',
    });
    expect((await ada.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(410);
  });

  it('ASVS 7.2.4 OWASP Session Management a re-authentication is a barrier: older tokens are refused at once, the password still strands nobody', async () => {
    const { ada, pass, events } = await begin();
    const old = ada.twin();
    pass(lapse);
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect((await old.get('/api/auth/me')).body).toMatchObject({ code: 'token_superseded' });
    expect((await old.get('/api/auth/session-info')).body).toMatchObject({ code: 'token_superseded' });
    expect((await old.post('/api/auth/refresh')).body).toMatchObject({ code: 'token_superseded' });
    expect((await old.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(200);
    expect((await old.get('/api/auth/me')).status).toBe(200);
    expect((await ada.post('/api/auth/logout')).status).toBe(204);
    expect((await events(ada.id)).at(-1)).toMatchObject({ type: 'user.signedOut' });
  });

  it('RFC 9700 4.14.2 a refresh with the old generation is a retry up to the last millisecond of its grace, reuse from the next', async () => {
    for (const [late, becomes] of [
      [-1, 200],
      [0, 401],
      [1, 401],
    ] as const) {
      const { ada, pass, events } = await begin();
      const old = ada.twin();
      await ada.post('/api/auth/refresh');
      await ada.get('/api/auth/me');
      pass(seconds(30) + late);
      const answer = await old.post('/api/auth/refresh');
      expect([late, answer.status]).toEqual([late, becomes]);
      expect((await events(ada.id)).at(-1)?.type).toBe(late < 0 ? 'token.replayed' : 'token.reused');
    }
  });

  it('in grace the old generation is answered without a cookie once the new one was used: the jar has it', async () => {
    const { ada, pass } = await begin();
    const old = ada.twin();
    await ada.post('/api/auth/refresh');
    const early = await old.twin().post('/api/auth/refresh');
    await ada.get('/api/auth/me');
    pass(seconds(1));
    const late = await old.post('/api/auth/refresh');
    expect(early.headers.has('Set-Cookie')).toBe(mode === 'cookie');
    expect(late.headers.has('Set-Cookie')).toBe(false);
    expect(late.body.token).toBe(mode === 'bearer' ? ada.token : undefined);
  });

  it('ASVS 10.4.5 the log tells of a compromise where each generation came from and which one came back', async () => {
    const { ada, pass, events } = await begin();
    const thief = ada.twin();
    await ada.post('/api/auth/refresh');
    await ada.get('/api/auth/me');
    pass(minutes(1));
    await ada.post('/api/auth/refresh');
    await ada.get('/api/auth/me');
    pass(minutes(1));
    await thief.post('/api/auth/refresh');
    const lineage = (await events(ada.id))
      .filter(({ type }) => type.startsWith('token.'))
      .map(({ type, data }) => [type, data['generation']]);
    expect(lineage).toEqual([
      ['token.rotated', 1],
      ['token.confirmed', 1],
      ['token.rotated', 2],
      ['token.confirmed', 2],
      ['token.reused', 0],
    ]);
    expect((await events(ada.id)).at(-1)).toMatchObject({ from: 'active.fresh', to: 'ended.compromised' });
  });

  it('the generation of a sign-in and of a re-authentication is born confirmed: its use is written nowhere', async () => {
    const { ada, events } = await begin();
    await ada.get('/api/auth/me');
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    await ada.get('/api/auth/me');
    expect((await events(ada.id)).map(({ type }) => type)).toEqual(['session.started', 'user.reauthenticated']);
  });

  it('ASVS 7.2.4 the barrier falls in the very millisecond, on what was in grace as well, and a wrong password moves nothing', async () => {
    const { ada, events } = await begin();
    const [first, second] = [ada.twin(), ada.twin()];
    await second.post('/api/auth/refresh');
    expect((await first.get('/api/auth/me')).status).toBe(200);
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    for (const old of [first, second]) {
      for (const path of ['/api/auth/me', '/api/auth/session-info', '/api/auth/vault-key', '/api/drafts'])
        expect((await old.get(path)).body, path).toMatchObject({ code: 'token_superseded' });
      expect((await old.post('/api/auth/refresh')).body).toMatchObject({ code: 'token_superseded' });
      expect((await old.post('/api/auth/reauthenticate', { password: 'wrong' })).body).toMatchObject({
        code: 'invalid_credentials',
      });
    }
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    expect((await events(ada.id)).map(({ type }) => type)).toEqual([
      'session.started',
      'token.rotated',
      'user.reauthenticated',
    ]);
    expect((await first.post('/api/auth/logout')).status).toBe(204);
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'signed_out' });
  });

  it('an expired token of a live session is refused by ordinary routes and taken by refresh', async () => {
    const { ada, pass } = await begin({ tokenLifetime: minutes(2) });
    pass(minutes(2));
    expect((await ada.get('/api/drafts')).body).toMatchObject({ code: 'token_expired' });
    expect((await ada.get('/api/auth/session-info')).status).toBe(200);
    expect((await ada.post('/api/auth/refresh')).status).toBe(200);
    expect((await ada.get('/api/drafts')).status).toBe(200);
  });

  it('state is judged before exp: a dead session always answers with its reason', async () => {
    const { ada, pass } = await begin({ tokenLifetime: minutes(2) });
    pass(lapse);
    expect((await ada.get('/api/drafts')).body).toMatchObject({ code: 'session_lapsed', reason: 'idle' });
  });

  it('ASVS 10.4.8 no token outlives the absolute limit', async () => {
    const { ada, pass } = await begin({
      absoluteTimeout: minutes(40),
      idleTimeout: minutes(30),
      warnBefore: minutes(5),
    });
    pass(minutes(20));
    await ada.post('/api/auth/refresh', { intent: 'extend' });
    expect(claims(ada.token).exp * 1000).toBe(ada.session?.absoluteDeadline);
    pass(minutes(15));
    const refused = await ada.post('/api/auth/refresh', { intent: 'extend' });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: 'cannot_extend' });
    pass(minutes(5));
    expect((await ada.get('/api/drafts')).body).toMatchObject({ code: 'session_lapsed', reason: 'absolute' });
  });
});
