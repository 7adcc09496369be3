import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { compactVerify, importJWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { leaves, presets, sessionEvents, type Entry, type LoggedEvent } from '../../../machines/index.ts';
import { kinds, type SecurityEvent } from '../../../server/store/securityLog.ts';
import { createAttestations } from '../../../server/keys/attestations.ts';
import { sessionEstablishedToken, sessionRevokedToken } from '../../../server/audit/caep.ts';
import { lineOf } from '../../../server/audit/line.ts';
import { readPosition, refusalPlace, sessionPlace } from '../../../server/audit/position.ts';
import type { Recorded } from '../../../server/audit/recorded.ts';
import { chain } from '../../../server/store/chain.ts';
import type { LogEntry } from '../../../server/store/eventLog.ts';
import type { Golden } from '../../golden/record.types.ts';

const goldenOf = (rules: '1' | '2') =>
  JSON.parse(readFileSync(new URL(`../../golden/rules-${rules}.json`, import.meta.url), 'utf8')) as readonly Golden[];
const golden = goldenOf('1');

const sessionLine = (session: string, user: string | null, entry: LogEntry): Recorded => ({
  log: 'session',
  at: entry.recordedAt,
  position: sessionPlace(entry.recordedAt, session, entry.version),
  session,
  user,
  entry,
});

const ofGolden = ({ name, entries }: Golden): Recorded[] =>
  entries.flatMap((entry) => {
    const user = String(entries[0]?.data['user']);
    const recordedAt = entry.at + 5;
    const previous = entry.version === 1 ? '' : 'the hash before';
    return chain(previous, [entry], recordedAt).map((each) => sessionLine(name.replaceAll(/\W+/g, '-'), user, each));
  });

const types: LoggedEvent['type'][] = ['session.started', ...(Object.keys(sessionEvents) as LoggedEvent['type'][])];

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\r\n{"level":"CRITICAL"}', '\u2028', '\u0085', '\u0000', '\u202e', '\ud800', '__proto__', '}\n{'),
);

const anyEntry: fc.Arbitrary<Recorded> = fc
  .record({
    session: text,
    user: fc.option(text),
    version: fc.integer({ min: 1, max: 1e6 }),
    type: fc.constantFrom(...types),
    at: fc.integer({ min: 0, max: 4e12 }),
    from: fc.option(fc.constantFrom(...leaves)),
    to: fc.constantFrom(...leaves),
    data: fc.dictionary(fc.oneof(text, fc.constantFrom('by', 'reason', 'kind', 'stage', 'device', 'policy')), text),
    hash: fc.constant('f'.repeat(64)),
  })
  .map(({ session, user, ...entry }) => sessionLine(session, user, { ...entry, rules: '1', recordedAt: entry.at + 1 }));

const anyRefusal: fc.Arbitrary<Recorded> = fc
  .record({
    at: fc.integer({ min: 0, max: 4e12 }),
    kind: fc.constantFrom(...kinds),
    account: fc.option(text, { nil: undefined }),
    user: fc.option(text, { nil: undefined }),
    address: fc.option(text, { nil: undefined }),
    detail: fc.dictionary(text, text),
  })
  .map((event) => ({
    log: 'security',
    at: event.at,
    position: refusalPlace(event.at, 7),
    number: 7,
    event: event as SecurityEvent,
  }));

describe('an exported line', () => {
  test.each(['1', '2'] as const)(
    'ASVS 16.2.4 OWASP Logging Vocabulary of every entry of the golden log of rules %s is called as the vocabulary calls it',
    async (rules) => {
      const lines = goldenOf(rules).flatMap(ofGolden).map(lineOf);
      await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../../golden/rules-${rules}.owasp.ndjson`);
    },
  );

  const signIn = (data: object, type: 'session.started' | 'user.reauthenticated' = 'session.started') => {
    const at = 1_615_304_991_643;
    const about = type === 'session.started' ? { user: 'u1', remembered: false, device: 'd1' } : { generation: 1 };
    const to = 'active.fresh';
    const entry = { version: 1, type, at, from: null, to, rules: '2', recordedAt: at, hash: 'f'.repeat(64) } as const;
    return sessionLine('s1', 'u1', { ...entry, data: { policy: presets.standard, ...about, ...data } });
  };

  test.each([
    ['session.started', { method: ['hwk', 'user'] }, 'somebody signed in with a hardware key and a touch'],
    ['session.started', { method: [] }, 'somebody signed in'],
    ['user.reauthenticated', { method: ['pwd'] }, 'somebody proved again who they are with a password'],
    [
      'user.reauthenticated',
      { method: ['mfa'], issuer: 'https://id.example', provedAt: 5, amr: ['phr'], acr: '2' },
      'somebody proved again who they are with several factors, at https://id.example',
    ],
  ] as const)('RFC 8176 of %s %j says the true method, and whose word it was', (type, data, description) => {
    const line = JSON.parse(lineOf(signIn(data, type)));
    expect(line.description).toBe(description);
    expect(line.data).toMatchObject(data);
  });

  test('RFC 8176 of a sign-in of rules 1 says what it said', () => {
    for (const type of ['session.started', 'user.reauthenticated'] as const) {
      const line = JSON.parse(lineOf(signIn({ method: 'pwd' }, type)));
      expect(line.description).toMatch(/^somebody (signed in|proved again who they are)$/);
      expect(line.data.method).toBe('pwd');
    }
  });

  const established = 'https://schemas.openid.net/secevent/caep/event-type/session-established';

  test('CAEP session-established says of every sign-in how it was proved, and is the same each time', async () => {
    const attestations = await createAttestations('a secret of at least thirty-two bytes');
    const tokenOf = (data: object) => sessionEstablishedToken(attestations, signIn(data), 'https://rp.example');
    const method = ['mfa', 'otp'];
    const token = await tokenOf({ method, issuer: 'https://id.example', amr: ['phr'], acr: 'urn:loa:2' });
    expect(token).toBe(await tokenOf({ method, issuer: 'https://id.example', amr: ['phr'], acr: 'urn:loa:2' }));
    expect(await attestations.read('secevent+jwt', token ?? '')).toEqual({
      iss: 'curfew',
      aud: 'https://rp.example',
      jti: 's1.1',
      iat: 1_615_304_991,
      sub_id: {
        format: 'complex',
        session: { format: 'opaque', id: 's1' },
        user: { format: 'iss_sub', iss: 'curfew', sub: 'u1' },
      },
      events: {
        [established]: {
          event_timestamp: 1_615_304_991,
          amr: method,
          acr: 'urn:loa:2',
          initiating_entity: 'user',
          reason_admin: { en: 'somebody signed in with several factors and a one-time code, at https://id.example' },
        },
      },
    });
    const plain: any = await attestations.read('secevent+jwt', (await tokenOf({ method: [] })) ?? '');
    expect(plain.events[established]).toEqual({
      event_timestamp: 1_615_304_991,
      amr: [],
      initiating_entity: 'user',
      reason_admin: { en: 'somebody signed in' },
    });
  });

  test('CAEP session-established is made for nothing else, nor for what was never told before', async () => {
    const attestations = await createAttestations('a secret of at least thirty-two bytes');
    const made = async (entries: readonly Recorded[]) => {
      const all = entries.map((one) => sessionEstablishedToken(attestations, one, 'https://rp.example'));
      return (await Promise.all(all)).filter((each) => each !== null).length;
    };
    expect(await made(golden.flatMap(ofGolden))).toBe(0);
    const later = goldenOf('2');
    const signIns = later
      .flatMap(({ entries }) => entries)
      .filter(({ type, data }) => /started|reauthenticated/.test(type) && Array.isArray(data['method']));
    expect(signIns.length).toBeGreaterThan(later.length);
    expect(await made(later.flatMap(ofGolden))).toBe(signIns.length);
    const event = { at: 0, kind: 'login_failed', account: 'pseudonym' } as const;
    expect(await made([{ log: 'security', at: 0, position: refusalPlace(0, 1), number: 1, event }])).toBe(0);
  });

  test('ASVS 16.2.4 of every kind of refusal is called as the vocabulary calls it', () => {
    const called = kinds.map((kind) => {
      const event = { at: 0, kind, account: 'pseudonym' };
      const line = lineOf({ log: 'security', at: 0, position: refusalPlace(0, 1), number: 1, event });
      return [kind, JSON.parse(line).event, JSON.parse(line).level];
    });
    expect(called).toMatchInlineSnapshot(`
      [
        [
          "login_failed",
          "authn_login_fail:pseudonym",
          "WARN",
        ],
        [
          "login_throttled",
          "authn_login_fail_max:pseudonym",
          "WARN",
        ],
        [
          "reauthentication_failed",
          "authn_login_fail:pseudonym",
          "WARN",
        ],
        [
          "reauthentication_throttled",
          "authn_login_fail_max:pseudonym",
          "WARN",
        ],
        [
          "registration_refused",
          "curfew_registration_refused:pseudonym",
          "WARN",
        ],
        [
          "registration_throttled",
          "excess_rate_limit_exceeded:pseudonym",
          "WARN",
        ],
        [
          "token_refused",
          "curfew_token_refused:pseudonym",
          "WARN",
        ],
        [
          "session_mismatch",
          "curfew_session_mismatch:pseudonym",
          "WARN",
        ],
        [
          "cross_site_refused",
          "malicious_cors:pseudonym",
          "CRITICAL",
        ],
        [
          "access_denied",
          "authz_fail:pseudonym",
          "CRITICAL",
        ],
        [
          "logout_refused",
          "curfew_logout_refused:pseudonym",
          "WARN",
        ],
        [
          "hand_over_refused",
          "curfew_hand_over_refused:pseudonym",
          "WARN",
        ],
      ]
    `);
  });

  test('ASVS 16.2.1 16.2.2 says when in UTC, who, what, where and how grave, whatever it is about', () => {
    fc.assert(
      fc.property(fc.oneof(anyEntry, anyRefusal), (one) => {
        const line = JSON.parse(lineOf(one));
        expect(line.datetime).toBe(new Date(one.at).toISOString());
        expect(line.datetime).toMatch(/Z$/);
        expect(line.appid).toBe('curfew');
        expect(line.event).toMatch(/^(session|authn|authz|excess|malicious|curfew)_[a-z_]+(:|$)/);
        expect(['INFO', 'WARN', 'CRITICAL']).toContain(line.level);
        expect(line.description).toMatch(/^[a-z]/);
        expect(line.position).toBe(one.position);
        if (one.log === 'session') expect([line.session, line.version]).toEqual([one.session, one.entry.version]);
        else expect([line.source ?? '', line.kind]).toEqual([one.event.address ?? '', one.event.kind]);
      }),
    );
  });

  test('ASVS 16.4.1 is one line to every reader, whatever is in it', () => {
    fc.assert(
      fc.property(fc.oneof(anyEntry, anyRefusal), (one) => {
        const line = lineOf(one);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u);
        expect(line.isWellFormed()).toBe(true);
        expect(() => JSON.parse(line)).not.toThrow();
      }),
    );
  });

  test('ASVS 16.2.5 tells of an entry only what is known to be harmless: no policy, no commitment, nothing unknown', () => {
    const secret = 'never to be seen';
    fc.assert(
      fc.property(anyEntry, fc.string(), (one, name) => {
        if (one.log !== 'session') return;
        const told = [
          'seenAt',
          'until',
          'generation',
          'kind',
          'method',
          'remembered',
          'by',
          'reason',
          'stage',
          'visible',
        ];
        fc.pre(!told.includes(name));
        const data = { device: secret, policy: secret, [name]: secret };
        expect(lineOf({ ...one, entry: { ...one.entry, data } })).not.toContain(secret);
      }),
    );
  });

  test('its position leads back to it', () => {
    expect(readPosition('5/session/a/2')).toMatchObject({ at: 5, session: { stream: 'a', version: 2 } });
    expect(readPosition('5/security/7')).toMatchObject({ at: 5, refusal: 7 });
    for (const wrong of ['', '5', '5/session', '5/session/a', 'x/session/a/1', '5/other/1', '5/security/x'])
      expect(readPosition(wrong), wrong).toBeNull();
  });
});

describe('a security event token', () => {
  const secret = 'a secret of at least thirty-two bytes';

  const tokensOf = async (entries: readonly Recorded[]) => {
    const attestations = await createAttestations(secret);
    const made = await Promise.all(entries.map((one) => sessionRevokedToken(attestations, one, 'https://rp.example')));
    return { attestations, tokens: made.filter((each) => each !== null) };
  };

  test('RFC 8417 is made once for every end of a session, and verifies with the published key', async () => {
    for (const log of golden) {
      const { attestations, tokens } = await tokensOf(ofGolden(log));
      const ends = log.entries.filter(({ from, to }) => to.startsWith('ended.') && !from?.startsWith('ended.'));
      expect(tokens).toHaveLength(ends.length);
      const key = await importJWK(attestations.publicKeys[0] ?? {}, 'EdDSA');
      for (const token of tokens) {
        const { payload, protectedHeader } = await compactVerify(token, key);
        expect(protectedHeader).toMatchObject({
          alg: 'EdDSA',
          typ: 'secevent+jwt',
          kid: attestations.publicKeys[0]?.kid,
        });
        expect(JSON.parse(new TextDecoder().decode(payload)).aud).toBe('https://rp.example');
      }
    }
  });

  const end = (type: Entry['type'], to: Entry['to'], data = {}): Recorded =>
    sessionLine('s1', 'u1', {
      version: 3,
      type,
      at: 1_615_304_991_643,
      from: 'active.fresh',
      to,
      data,
      rules: '1',
      recordedAt: 1_615_304_992_000,
      hash: 'f'.repeat(64),
    });

  const payloadOf = async (one: Recorded) => {
    const { attestations, tokens } = await tokensOf([one]);
    return (await attestations.read('secevent+jwt', tokens[0] ?? '')) as any;
  };

  test('CAEP session-revoked says whose session, since when and by whom, and is the same each time', async () => {
    const payload = await payloadOf(end('session.revoked', 'ended.revoked', { by: 'root', reason: 'admin' }));
    expect(payload).toEqual({
      iss: 'curfew',
      aud: 'https://rp.example',
      jti: 's1.3',
      iat: 1_615_304_992,
      sub_id: {
        format: 'complex',
        session: { format: 'opaque', id: 's1' },
        user: { format: 'iss_sub', iss: 'curfew', sub: 'u1' },
      },
      events: {
        'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {
          event_timestamp: 1_615_304_991,
          initiating_entity: 'admin',
          reason_admin: { en: 'the session was ended from elsewhere' },
        },
      },
    });
  });

  test.each([
    ['user.signedOut', 'ended.signedOut', {}, 'user'],
    ['session.revoked', 'ended.revoked', { reason: 'user' }, 'user'],
    ['session.displaced', 'ended.displaced', {}, 'policy'],
    ['clock.reached', 'ended.expired', {}, 'policy'],
    ['token.reused', 'ended.compromised', {}, 'system'],
  ] as const)('CAEP session-revoked names who brought %s about', async (type, to, data, initiator) => {
    const [event] = Object.values<any>((await payloadOf(end(type, to, data))).events);
    expect(event.initiating_entity).toBe(initiator);
  });

  test('RFC 8725 3.11 is no statement of another kind, nor is one of those a token', async () => {
    const { attestations, tokens } = await tokensOf([end('user.signedOut', 'ended.signedOut')]);
    expect(await attestations.read('curfew-purge+jws', tokens[0] ?? '')).toBeNull();
    const purge = await attestations.sign('curfew-purge+jws', {});
    expect(await attestations.read('secevent+jwt', purge)).toBeNull();
    expect(await attestations.read('curfew-purge+jws', purge)).toEqual({});
  });
});
