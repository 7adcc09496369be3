import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { createWorld, modes, type Client, type World } from '../../support/server/world.ts';

/** What stands in all that is kept for later to read: the log of every session, the security log, the server's lines. */
async function everythingLogged({ parts, events, lines }: World, ids: Iterable<string>): Promise<string> {
  const sessions = await Promise.all([...ids].map(events));
  const failures = await parts.securityLog.since(0, 10_000);
  return JSON.stringify({ sessions, failures, lines });
}

/** Secrets as they would stand there, and the parts of a token, for half of it would be as bad. */
const spelled = (secrets: Iterable<string>) =>
  [...secrets].flatMap((secret) => [
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64url'),
    ...secret.split('.').slice(1),
  ]);

const foundIn = (text: string, secrets: Iterable<string>) => spelled(secrets).filter((each) => text.includes(each));

const names = ['Zenobia the elder', 'Ptolemy the younger'];
const rights = ['zenobia’s own 🔑 words', 'ptolemy:own "words"'];
const browser = 'Netscape-Gold/3.0 (a rare one)';

const deeds = fc.record({
  who: fc.nat(1),
  what: fc.constantFrom(
    'register',
    'login',
    'remember',
    'wrong',
    'refresh',
    'extend',
    'activity',
    'lease',
    'prove',
    'misprove',
    'logout',
    'others',
    'change',
    'close',
    'draft',
    'query',
    'stale',
    'forge',
    'key',
  ),
  after: fc.constantFrom(0, seconds(31), minutes(1), minutes(26), minutes(31)),
});

interface Person {
  readonly client: Client;
  readonly name: string;
  password: string;
  readonly stale: string[];
}

/** Does one thing as a person. @returns what that person has typed. */
async function does(person: Person, what: string, chance: string): Promise<string[]> {
  const { client, name, password, stale } = person;
  const said = { 'User-Agent': browser };
  const enter = (how: string, typed: string, more: object = {}) =>
    client.post(`/api/auth/${how}`, { username: name, password: typed, transport: client.transport, ...more }, said);
  if (client.token) stale.push(client.token);
  switch (what) {
    case 'register':
    case 'login':
      await enter(what, password);
      return [];
    case 'remember':
      await enter('login', password, { remember: true });
      return [];
    case 'wrong':
      await enter('login', chance);
      // Where people put a password by mistake.
      await client.post('/api/auth/login', { username: chance, password, transport: client.transport }, said);
      return [chance];
    case 'prove':
      await client.post('/api/auth/reauthenticate', { password }, said);
      return [];
    case 'misprove':
      await client.post('/api/auth/reauthenticate', { password: chance }, said);
      return [chance];
    case 'refresh':
    case 'activity':
    case 'logout':
      await client.post(`/api/auth/${what}`, what === 'activity' ? { ageMs: 0 } : {}, said);
      return [];
    case 'extend':
      await client.post('/api/auth/refresh', { intent: 'extend' }, said);
      return [];
    case 'lease':
      await client.call('PUT', '/api/auth/leases/upload', { ms: 60_000 }, said);
      return [];
    case 'others':
      await client.call('DELETE', '/api/auth/sessions', undefined, said);
      return [];
    case 'change': {
      const changed = await client.post('/api/auth/password', { password, newPassword: chance }, said);
      if (changed.status === 204) person.password = chance;
      return [chance];
    }
    case 'close':
      await client.call('DELETE', '/api/auth/me', { password }, said);
      return [];
    case 'draft':
      await client.call('PUT', '/api/drafts/letter', { ciphertext: chance, savedAt: 1 }, said);
      return [chance];
    case 'query':
      await client.get(`/api/drafts?token=${client.token ?? chance}`, said);
      return [chance];
    case 'forge':
      await client.get('/api/drafts', { Authorization: `Bearer ${chance}` });
      await client.get('/api/drafts', { 'Session-Id': chance });
      await client.post('/api/conversations', { title: chance }, { 'Sec-Fetch-Site': 'cross-site' });
      return [chance];
    case 'key':
      await client.get('/api/auth/vault-key', said);
      return [];
    default: {
      const old = client.twin();
      old.token = stale[0] ?? null;
      await old.post('/api/auth/refresh', {}, said);
      return [];
    }
  }
}

describe.each(modes)('what is logged, %s mode', (mode) => {
  it('ASVS 16.2.5 holds no secret, no name and no browser, whatever happens', { timeout: 120_000 }, async () => {
    const seen = { events: 0, failures: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { minLength: 8, maxLength: 30 }), async (story) => {
        const world = await createWorld();
        const secrets = new Set(['a secret of at least thirty-two bytes', ...names, ...rights, browser]);
        const ids = new Set<string>();
        const people = names.map((name, index): Person => ({
          client: world.client(mode),
          name,
          password: rights[index] ?? '',
          stale: [],
        }));
        for (const person of people) await does(person, 'register', '');
        for (const [index, { who, what, after }] of story.entries()) {
          const person = people[who];
          if (person === undefined) continue;
          for (const each of await does(person, what, `Y2hhbmNl${index}-of-${who}-typed`)) secrets.add(each);
          ids.add(person.client.id);
          world.pass(after);
        }
        for (const { client, stale } of people) {
          for (const token of [client.token, ...stale]) if (token) secrets.add(token);
          const id = client.user?.id ?? '';
          for (const { id: session } of await world.parts.log.sessionsOf(id, 0)) ids.add(session);
          const { vaultKey, olderKeys = [] } = await world.parts.vault.keysOf(id);
          for (const { key } of [vaultKey, ...olderKeys]) secrets.add(key);
        }
        const text = await everythingLogged(world, ids);
        expect(foundIn(text, secrets)).toEqual([]);
        seen.events += (await Promise.all([...ids].map(world.events))).flat().length;
        seen.failures += (await world.parts.securityLog.since(0, 10_000)).length;
      }),
      { numRuns: 15 },
    );
    // There was something to find it in.
    expect(seen.events).toBeGreaterThan(100);
    expect(seen.failures).toBeGreaterThan(10);
  });
});

it('a secret in a log would be found, and so would half a token', async () => {
  const world = await createWorld();
  const ada = world.client('bearer');
  await ada.register();
  const secrets = [ada.token ?? '', 'correct "horse"'];
  expect(foundIn(await everythingLogged(world, [ada.id]), secrets)).toEqual([]);
  for (const leaked of [ada.token, ada.token?.split('.')[2], 'a correct "horse"']) {
    world.parts.write({ msg: 'oops', leaked });
    expect(foundIn(await everythingLogged(world, [ada.id]), secrets)).not.toEqual([]);
    (world.lines as unknown[]).pop();
  }
});
