import { expect, test, vi } from 'vitest';
import { applications, tokenOf, type Application } from '../../support/workers/clients.ts';

const made = applications();
const patience = { timeout: 50_000, interval: 100 };

interface Told {
  readonly told: { readonly id: string; readonly user: string; readonly version: number; readonly revoked?: object };
  readonly reason: string;
}

const toldBy = ({ output }: Application): readonly Told[] =>
  [...output().matchAll(/^\{"told".*$/gm)].map(([line]) => JSON.parse(line));
const idOf = async ({ ask }: Application, token: string): Promise<string> =>
  (await (await ask('api/auth/session-info', { token })).json()).session.id;

test('onEnd is told of every end after its commit, and again when it has failed', async () => {
  const one = await made.fresh({ tellsEnds: true });
  const tokens = [await tokenOf(one, 'register', 'ada'), await tokenOf(one, 'login', 'ada')];
  const [first, second] = await Promise.all(tokens.map((token) => idOf(one, token)));
  expect((await one.ask('api/auth/logout', { token: tokens[0], json: {} })).status).toBe(204);
  await vi.waitFor(() => expect(toldBy(one).map(({ told }) => told.id)).toEqual([first]), patience);
  expect((await one.call('revoke', { target: { session: second }, how: { reason: 'lost' } })).ended).toBe(1);
  await vi.waitFor(() => expect(toldBy(one)).toHaveLength(2), patience);
  expect(toldBy(one)).toMatchObject([
    { told: { id: first }, reason: 'signed_out' },
    { told: { id: second, revoked: { by: 'application', reason: 'lost' } }, reason: 'revoked' },
  ]);
});

test('onEnd is told of an end at a deadline that nobody has asked for', async () => {
  const policy = { idleTimeout: 1_500, warnBefore: 500, restoreWindow: 500, absoluteTimeout: 60_000 };
  const one = await made.fresh({ tellsEnds: true, policy });
  await tokenOf(one, 'register', 'ada');
  await vi.waitFor(() => expect(toldBy(one)).toMatchObject([{ reason: 'expired' }]), patience);
});

test('onEnd is told of what a process before was killed over, as soon as the object is used', async () => {
  const before = await made.fresh();
  const token = await tokenOf(before, 'register', 'ada');
  const id = await idOf(before, token);
  expect((await before.ask('api/auth/logout', { token, json: {} })).status).toBe(204);
  await before.kill();
  const one = await made.start(before.folder, { tellsEnds: true });
  expect((await one.ask('api/auth/me', { token })).status).toBe(401);
  await vi.waitFor(() => expect(toldBy(one)).toMatchObject([{ told: { id }, reason: 'signed_out' }]), patience);
});
