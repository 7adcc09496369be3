import { argon2 } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { passwords } from '../../../server/accounts/passwords.ts';

vi.mock('node:crypto', { spy: true });

/** What was asked of argon2id for one answer, besides the secret parts. */
async function work(answer: () => Promise<boolean>) {
  vi.mocked(argon2).mockClear();
  const outcome = await answer();
  const asked = vi.mocked(argon2).mock.calls.map(([algorithm, { memory, passes, parallelism, tagLength, nonce }]) => {
    const salt = Buffer.from(nonce as Buffer).length;
    return { algorithm, memory, passes, parallelism, tagLength, salt };
  });
  return { outcome, asked };
}

test('ASVS 6.3.8 a wrong password and an unknown user are refused after exactly the same work', async () => {
  const keeper = passwords({ memory: 64, passes: 3, parallelism: 2 });
  const hash = await keeper.hash('secret');
  const wrong = await work(() => keeper.verify('wrong', hash));
  expect(wrong.asked).toHaveLength(1);
  expect(wrong.outcome).toBe(false);
  for (const password of ['wrong', 'secret', ''])
    expect(await work(() => keeper.verify(password, null))).toEqual(wrong);
});
