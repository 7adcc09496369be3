import { describe, expect, it } from 'vitest';
import { days, minutes } from '../../machines/index.ts';
import { saidBy, signedByUs } from '../support/server/forged.ts';
import { expectNoTrace, expectRefusal, settled } from '../support/server/refusal.ts';
import { lapse } from '../support/server/world.ts';

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A token with one character in place of another, or with one more at its end. */
function* neighbours(token: string): Generator<string> {
  for (const [at, character] of [...token].entries())
    for (let bit = 0; bit < 7; bit++) {
      const other = String.fromCharCode(character.charCodeAt(0) ^ (1 << bit));
      // What no header can hold never gets here.
      if (/[!-~]/.test(other)) yield token.slice(0, at) + other + token.slice(at + 1);
    }
  // The last character holds bits that belong to no byte.
  for (const other of base64url) if (!token.endsWith(other)) yield token.slice(0, -1) + other;
  for (const more of ['=', '==', '.', 'A', '%3D']) yield token + more;
}

describe.each(['HS256', 'EdDSA'] as const)('a token of ours (%s)', (algorithm) => {
  it('ASVS 9.1.1 with any one bit of any byte flipped, or spelled another way, is not ours', async () => {
    const { parts, ada } = await settled('bearer', { algorithm });
    const token = ada.token ?? '';
    expect(await parts.tokens.verify(token)).not.toBeNull();
    const taken: string[] = [];
    let tried = 0;
    for (const other of neighbours(token)) {
      tried += 1;
      if ((await parts.tokens.verify(other)) !== null) taken.push(other);
    }
    expect(taken).toEqual([]);
    expect(tried).toBeGreaterThan(token.length * 6);
  });

  it('RFC 8725 3.8 3.9 3.11 that another key or issuer of ours could have made opens nothing, whatever it says of its end', async () => {
    const world = await settled('bearer', { algorithm });
    const { ada, parts } = world;
    const said = saidBy(ada.token ?? '');
    await expectNoTrace(
      world,
      ada,
      async () => {
        for (const [claims, header] of [
          [{ ...said, iss: 'curfew ' }, {}],
          [{ ...said, iss: 'CURFEW' }, {}],
          [{ ...said, aud: 'curfew\u0000' }, {}],
          [{ ...said, aud: ['curfew'] }, {}],
          [said, { typ: 'SESSION+JWT' }],
          [said, { typ: 'application/session+jwt' }],
          [said, { typ: undefined }],
          [{ ...said, nbf: 0 }, {}],
          [{ ...said, exp: String(said['exp']) }, {}],
          [{ ...said, exp: null }, {}],
          [{ ...said, iat: 0.5 }, {}],
          [{ ...said, sub: ['', said['sub']] }, {}],
          [{ ...said, sid: { toString: said['sid'] } }, {}],
        ] as const) {
          const forger = ada.twin();
          forger.token = await signedByUs(parts, claims, header);
          expectRefusal(await forger.get('/api/auth/me'), 'invalid_token', 401, JSON.stringify([claims, header]));
        }
      },
      'token_refused',
    );
  });

  it('ASVS 9.2.1 is good until the last millisecond before its exp, on every ordinary route, and then is not', async () => {
    const { ada, pass, now } = await settled('bearer', { algorithm, policy: { tokenLifetime: minutes(5) } });
    const end = Number(saidBy(ada.token ?? '')['exp']) * 1000;
    pass(end - now() - 1);
    expect((await ada.get('/api/settings')).status).toBe(200);
    pass(1);
    for (const path of ['/api/settings', '/api/drafts', '/api/auth/me', '/api/auth/sessions', '/api/auth/stream'])
      expectRefusal(await ada.get(path), 'token_expired', 401, path);
  });

  it('ASVS 7.4.1 OWASP JWT that is signed and unexpired is of no use once its session has ended, not even years later', async () => {
    const { ada, pass } = await settled('bearer', { algorithm });
    const copy = ada.twin();
    await ada.post('/api/auth/logout');
    for (let time = 0; time < 3; time++) {
      for (const path of ['/api/settings', '/api/drafts', '/api/auth/me', '/api/auth/vault-key', '/api/auth/stream'])
        expectRefusal(await copy.get(path), 'session_ended', 401, path);
      for (const path of ['refresh', 'activity', 'warning'])
        expectRefusal(await copy.post(`/api/auth/${path}`, {}), 'session_ended', 401, path);
      expect((await copy.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(410);
      pass(days(800));
    }
  });

  it('ASVS 7.2.1 of one session says nothing about another of the same user', async () => {
    const world = await settled('bearer', { algorithm });
    const { ada, client, parts, pass } = world;
    const phone = client('bearer');
    await phone.login();
    await phone.post('/api/auth/refresh');
    const said = saidBy(ada.token ?? '');
    const forger = ada.twin();
    // A generation that only the other session has.
    forger.token = await signedByUs(parts, { ...said, gen: 1 });
    expectRefusal(await forger.get('/api/auth/me'), 'invalid_token', 401, 'generation');
    pass(lapse);
    expectRefusal(await forger.get('/api/auth/me'), 'session_lapsed', 401, 'lapsed');
  });
});
