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
