import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { adapters, createNodes } from '../../support/server/nodes.ts';
import { createWorld, modes, type Answer, type Client } from '../../support/server/world.ts';

const key = 'a3f1c6d0-5b1e-4c55-9d53-3f3a2f6f8b10';
const as = (idempotencyKey: string) => ({ 'Idempotency-Key': idempotencyKey });
const signIn = (client: Client, password = 'correct horse', more: object = {}, sent = key) =>
  client.login('ada', password, more, as(sent));
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);

describe.each(adapters)('a sign-in that is repeated with its Idempotency-Key, in %s', (log) => {
  describe.each(modes)('in %s mode', (mode) => {
    const begin = async () => {
      const world = await createWorld({ log });
      await world.client(mode).register();
      const stored = async () => JSON.stringify(await world.rows('single_use'));
      const sessions = async (ada: Client) => (await world.parts.log.sessionsOf(ada.user?.id ?? '')).length;
      return { ...world, stored, sessions };
    };

    it('gets the same session and the same token, its password verified again, for 60 s', async () => {
      const { client, pass, sessions } = await begin();
      const [lost, again, late] = [client(mode), client(mode), client(mode)];
      expect((await signIn(lost)).status).toBe(200);
      pass(seconds(60) - 1);
      const answer = await signIn(again);
      expect(answer.status).toBe(200);
      expect([again.id, again.token]).toEqual([lost.id, lost.token]);
      expect(answer.body).toMatchObject({ user: { username: 'ada' }, vaultKey: { id: expect.any(String) } });
      expect(await sessions(again)).toBe(2);
      expect((await again.get('/api/auth/me')).status).toBe(200);
      expect(await signIn(client(mode), 'wrong horse')).toMatchObject({
        status: 401,
        body: { code: 'invalid_credentials' },
      });
      pass(1);
      expect((await signIn(late)).status).toBe(200);
      expect(late.id).not.toBe(lost.id);
    });

    it('of a registration begins no session of another who has got the name meanwhile', async () => {
      const { client, parts, sessions } = await begin();
      const ada = client(mode);
      await ada.login();
      const first = client(mode);
      expect((await first.register('bob', 'correct mouse', {}, as(key))).status).toBe(201);
      const { accounts } = parts;
      const find = accounts.find.bind(accounts);
      const confirm = accounts.confirmPassword.bind(accounts);
      accounts.find = (username) => find(username === 'bob' ? 'ada' : username);
      accounts.confirmPassword = async (id, password) => id === ada.user?.id || confirm(id, password);
      const before = await sessions(ada);
      const again = await client(mode).register('bob', 'correct mouse', {}, as(key));
      expect([again.status, again.body.code]).toEqual([409, 'username_taken']);
      expect(await sessions(ada)).toBe(before);
    });

    it('with another body is refused, and makes nothing', async () => {
      const { client, sessions } = await begin();
      await client(mode).register('eve', 'correct zebra');
      const ada = client(mode);
      await signIn(ada);
      const other = client(mode);
      const refused = [
        await signIn(other, 'correct horse', { remember: true }),
        await other.login('eve', 'correct zebra', {}, as(key)),
        await other.register('bob', 'correct mouse', {}, as(key)),
        // Whoever has the key learns nothing of a password by it.
        await signIn(other, 'wrong horse', { remember: true }),
      ];
      expect(statuses(refused)).toEqual([422, 422, 422, 422]);
      expect(refused.map(({ body }) => body.code)).toEqual(refused.map(() => 'idempotency_key_reused'));
      expect(other.token).toBeNull();
      expect(await sessions(ada)).toBe(2);
      expect((await client(mode).login('bob', 'correct mouse')).status).toBe(401);
    });

    it('keeps neither the key nor the password, and nothing before the password was right', async () => {
      const { client, stored } = await begin();
      await signIn(client(mode), 'wrong horse');
      expect(await stored()).toBe('[]');
      await signIn(client(mode));
      const kept = await stored();
      expect(kept).toContain('sign-in ');
      expect(kept).not.toContain(key);
      expect(kept).not.toContain('correct horse');
    });

    it('is refused once the session is over, with its reason', async () => {
      const { client } = await begin();
      const ada = client(mode);
      await signIn(ada);
      await ada.twin().post('/api/auth/logout');
      const again = client(mode);
      expect(await signIn(again)).toMatchObject({ status: 401, body: { code: 'session_ended', reason: 'signed_out' } });
      expect(again.token).toBeNull();
    });

    it('makes one account and one session of two registrations', async () => {
      const { client, sessions } = await begin();
      const [lost, again] = [client(mode), client(mode)];
      expect((await lost.register('eve', 'correct zebra', {}, as(key))).status).toBe(201);
      expect((await again.register('eve', 'correct zebra', {}, as(key))).status).toBe(201);
      expect([again.id, again.token, again.user?.id]).toEqual([lost.id, lost.token, lost.user?.id]);
      expect(await sessions(again)).toBe(1);
      const wrong = await client(mode).register('eve', 'correct mouse', {}, as(key));
      expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
      const another = await client(mode).register('eve', 'correct zebra', {}, as(`${key}-2`));
      expect(another).toMatchObject({ status: 409, body: { code: 'username_taken' } });
    });

    it('makes one session of many at the same moment, on two servers', async () => {
      const { nodes, parts } = await createNodes(2, { log });
      const ada = nodes[0]!.client(mode);
      await ada.register();
      const tries = Array.from({ length: 6 }, (_, n) => nodes[n % 2]!.client(mode));
      const answers = await Promise.all(tries.map((each) => signIn(each)));
      expect(statuses(answers)).toEqual(answers.map(() => 200));
      expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
      expect(await parts.log.sessionsOf(ada.user?.id ?? '')).toHaveLength(2);
      const made = await Promise.all(tries.map((each) => each.register('eve', 'correct zebra', {}, as(`${key}-2`))));
      expect(statuses(made)).toEqual(made.map(() => 201));
      expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
    });
  });
});

describe('an Idempotency-Key', () => {
  it.each(['', 'short', 'x'.repeat(21), 'y'.repeat(256), 'a key with spaces that is long enough'])(
    'of less than 128 bits, or that is none, is refused (%j)',
    async (sent) => {
      const { client } = await createWorld();
      const ada = client();
      await ada.register();
      for (const answer of [
        await signIn(client(), 'correct horse', {}, sent),
        await client().register('eve', 'correct zebra', {}, as(sent)),
      ])
        expect(answer).toMatchObject({ status: 422, body: { fields: [{ field: 'Idempotency-Key' }] } });
    },
  );

  it('may be written in quotes, as a structured field', async () => {
    const { client } = await createWorld();
    await client().register();
    const [plain, quoted] = [client(), client()];
    await signIn(plain);
    expect((await signIn(quoted, 'correct horse', {}, `"${key}"`)).status).toBe(200);
    expect(quoted.id).toBe(plain.id);
  });

  it('does not count as one more sign-in where no more are allowed', async () => {
    const { client, pass } = await createWorld({ policy: { maxSessions: 2, onLimit: 'deny' } });
    await client().register();
    const [first, again] = [client(), client()];
    await signIn(first);
    pass(seconds(30));
    expect((await signIn(again)).status).toBe(200);
    pass(minutes(1));
    expect(await signIn(client())).toMatchObject({ status: 409, body: { code: 'session_limit' } });
  });
});
