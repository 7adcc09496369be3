import { performance } from 'node:perf_hooks';
import { expect, it, vi } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { withArgon2Watched } from '../support/server/argon2.ts';
import { lapse, type Answer } from '../support/server/world.ts';

const { loaded, asked } = await withArgon2Watched(() => import('../support/server/world.ts'));
const { createWorld } = loaded;

/** An answer as somebody sees it who must learn nothing from it, and the work that was done for it. */
async function seen(ask: () => Promise<Answer>) {
  asked.length = 0;
  const { status, text, headers } = await ask();
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date'), work: [...asked] };
}

const unknown = ['nobody', 'ADA2', 'ada\u0000', ' ', 'x'.repeat(1_024), "ada'--", 'ａｄａ２'];

it('ASVS 6.3.8 signing in under a name that nobody has looks the same and is the same work as a wrong password', async () => {
  const { client, pass } = await createWorld();
  await client('bearer').register('ada');
  const wrong = await seen(() => client('bearer').login('ada', 'wrong'));
  expect(wrong.work).toHaveLength(1);
  for (const name of unknown) {
    expect(await seen(() => client('bearer').login(name, 'wrong')), name).toEqual(wrong);
    pass(minutes(2));
  }
  expect(await seen(() => client('bearer').login('ada', 'wrong again'))).toEqual(wrong);
});

it('ASVS 6.3.1 6.3.8 one password under many names stops after a hundred, for the names that somebody has as for the others', async () => {
  const { client } = await createWorld();
  await client('bearer').register('ada');
  const spray = async (name: string) => (await client('bearer').login(name, 'Winter2026!')).body.code;
  const codes: string[] = [];
  for (let n = 0; n < 104; n++) codes.push(await spray(n % 40 === 3 ? 'ada' : `name ${n}`));
  expect(codes).toEqual(codes.map((_, n) => (n < 100 ? 'invalid_credentials' : 'too_many_attempts')));
  const last = await seen(() => client('bearer').login('name 999', 'Winter2026!'));
  const known = await seen(() => client('bearer').login('ada', 'correct horse'));
  expect({ status: last.status, work: last.work }).toEqual({ status: 429, work: [] });
  expect({ status: known.status, work: known.work }).toEqual({ status: 429, work: [] });
});

it('ASVS 6.3.8 proving again who one is takes the same work whether the account is still there or not', async () => {
  const { client, parts, pass } = await createWorld();
  const ada = client('bearer');
  await ada.register('ada');
  pass(lapse);
  const there = await seen(() => ada.post('/api/auth/reauthenticate', { password: 'wrong' }));
  vi.spyOn(parts.accounts, 'byId').mockResolvedValue(null);
  const gone = await seen(() => ada.post('/api/auth/reauthenticate', { password: 'wrong' }));
  expect(there.work).toHaveLength(1);
  expect(gone).toEqual(there);
});

it('prints how long both take, side by side', async () => {
  const { client, pass } = await createWorld();
  await client('bearer').register('ada');
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  for (let n = 0; n < 60; n++) {
    const kind = n % 4 === 0 || n % 4 === 3 ? 'known' : 'unknown';
    const begun = performance.now();
    const { body } = await client('bearer').login(kind === 'known' ? 'ada' : `nobody ${n}`, 'wrong');
    times[kind].push(performance.now() - begun);
    expect(body.code).toBe('invalid_credentials');
    pass(minutes(61));
  }
  const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  console.info(
    `median of a refused sign-in: ${median(times.known).toFixed(2)} ms for a known name, ${median(times.unknown).toFixed(2)} ms for an unknown one`,
  );
});
