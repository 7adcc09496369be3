import { join } from 'node:path';
import { expect, describe, test } from 'vitest';
import { minutes } from '../../../../machines/index.ts';
import { readArguments, runAudit } from '../../../../server/cli/auditCommand.ts';
import { createAttestations } from '../../../../server/keys/attestations.ts';
import { sqliteAuditReader } from '../../../../server/sqlite/auditReader.ts';
import { openDatabase } from '../../../../server/sqlite/connection.ts';
import { oidcWorld, oneProvider } from '../../../support/oidc/world.ts';
import { folder } from '../../../support/server/folder.ts';
import { secret } from '../../../support/server/world.ts';

const provider = oneProvider();
const typeOf = (name: string) => `https://schemas.openid.net/secevent/caep/event-type/${name}`;

/** What `npm run audit -- export` writes about a file. */
async function exported(path: string, format: 'owasp' | 'caep', now: number): Promise<string[]> {
  const database = openDatabase(path);
  const lines: string[] = [];
  try {
    const parts = {
      auditReader: sqliteAuditReader(database),
      attestations: await createAttestations(secret),
      clock: () => now,
      out: async (line: string) => void lines.push(line),
    };
    await runAudit(parts, readArguments(['export', '--format', format, '--audience', 'https://rp.example']));
  } finally {
    database.close();
  }
  return lines;
}

/** A user who signs in at a provider, is away, resumes the session by another method there, and logs out there. */
async function story() {
  const path = join(folder(), 'curfew.db');
  const world = await oidcWorld(provider(), { log: 'sqlite', place: path });
  await provider().set({ amr: ['pwd', 'own-invention', 'otp'] });
  const ada = world.browser();
  await ada.signIn('ada');
  const id = await ada.sessionId();
  const user = String((await ada.get('/api/auth/me')).body.user.id);
  await world.pass(minutes(31));
  await ada.get('/api/auth/me');
  await provider().set({ amr: ['face'] });
  await ada.signIn('ada', { session: id });
  const claims = {
    iss: provider().issuer,
    aud: provider().clientId,
    iat: world.now() / 1000,
    exp: world.now() / 1000 + 120,
    jti: world.parts.newId(),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    sid: await provider().sidOf('ada'),
  };
  const logout = await ada.send('POST', '/api/oidc/back-channel-logout', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': '' },
    body: String(new URLSearchParams({ logout_token: await provider().sign({ claims }) })),
  });
  expect(logout.status).toBe(200);
  return { path, id, user, now: world.now() };
}

describe('the export of a session that rests on a provider’s word', () => {
  test('CAEP session-established CAEP session-revoked RFC 8176 tells how the user proved it in registered values, at whom in words, and speaks as Curfew of Curfew’s own user', async () => {
    const { path, id, user, now } = await story();
    const attestations = await createAttestations(secret);
    const tokens = await exported(path, 'caep', now);
    const payloads = (await Promise.all(tokens.map((token) => attestations.read('secevent+jwt', token)))) as any[];
    expect(payloads.map(({ events }) => events)).toEqual([
      {
        [typeOf('session-established')]: {
          event_timestamp: (now - minutes(31)) / 1000,
          amr: ['pwd', 'otp'],
          acr: 'urn:test',
          initiating_entity: 'user',
          reason_admin: {
            en: `somebody signed in with a password and a one-time code, at ${provider().issuer}`,
          },
        },
      },
      {
        [typeOf('session-established')]: {
          event_timestamp: now / 1000,
          amr: ['face'],
          acr: 'urn:test',
          initiating_entity: 'user',
          reason_admin: {
            en: expect.stringMatching(new RegExp(`^somebody proved again who .*, at ${provider().issuer}$`)),
          },
        },
      },
      {
        [typeOf('session-revoked')]: {
          event_timestamp: now / 1000,
          initiating_entity: 'user',
          reason_admin: { en: 'the session was ended from elsewhere' },
        },
      },
    ]);
    // The receiver is told by Curfew of a session of Curfew's: the provider has said nothing of this.
    for (const { iss, aud, sub_id: subject } of payloads) {
      expect([iss, aud]).toEqual(['curfew', 'https://rp.example']);
      expect(subject).toEqual({
        format: 'complex',
        session: { format: 'opaque', id },
        user: { format: 'iss_sub', iss: 'curfew', sub: user },
      });
    }
    expect(JSON.stringify(payloads)).not.toContain('own-invention');
  });

  test('names the provider in the vocabulary of events, and keeps what it said beside the registered values', async () => {
    const { path, now } = await story();
    const signIns = (await exported(path, 'owasp', now))
      .map((line) => JSON.parse(line))
      .filter(({ data }) => data?.method !== undefined);
    expect(signIns.map(({ data }) => [data.method, data.amr, data.issuer])).toEqual([
      [['pwd', 'otp'], ['pwd', 'own-invention', 'otp'], provider().issuer],
      [['face'], ['face'], provider().issuer],
    ]);
    for (const { description } of signIns) expect(description).toContain(`at ${provider().issuer}`);
  });
});
