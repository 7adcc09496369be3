import { expect, test } from 'vitest';
import { withArgon2Watched } from '../../support/server/argon2.ts';

const { loaded, asked } = await withArgon2Watched(() => import('../../../server/accounts/passwords.ts'));

/** What was asked of argon2id for one answer. */
async function work(answer: () => Promise<boolean>) {
  asked.length = 0;
  const outcome = await answer();
  return { outcome, asked: [...asked] };
}

test('ASVS 6.3.8 a wrong password and an unknown user are refused after exactly the same work', async () => {
  const keeper = loaded.passwords({ memory: 64, passes: 3, parallelism: 2 });
  const hash = await keeper.hash('secret');
  const wrong = await work(() => keeper.verify('wrong', hash));
  expect(wrong.asked).toHaveLength(1);
  expect(wrong.outcome).toBe(false);
  for (const password of ['wrong', 'secret', ''])
    expect(await work(() => keeper.verify(password, null))).toEqual(wrong);
});

test('fifty at once wait their turn, so that the threads of the process are left to others, too', async () => {
  const keeper = loaded.passwords({ memory: 64, passes: 1, parallelism: 1 });
  const hash = await keeper.hash('secret');
  asked.length = 0;
  const passwords = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? 'secret' : 'wrong'));
  const answers = await Promise.all(passwords.map((password) => keeper.verify(password, hash)));
  expect(answers).toEqual(passwords.map((password) => password === 'secret'));
  expect(asked).toHaveLength(50);
  expect(Math.max(...asked.map(({ atOnce }) => atOnce))).toBe(loaded.mostAtOnce);
  expect(loaded.mostAtOnce).toBeLessThan(4);
});
