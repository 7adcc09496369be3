import { argon2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { passwords } from '../../../server/accounts/passwords.ts';

const cheap = { memory: 8, passes: 1, parallelism: 1 };
const quick = passwords(cheap);

describe('passwords', () => {
  test('OWASP Password Storage the standard cost is what is asked of argon2id, and stands in the hash', async () => {
    const standard = passwords();
    const hashed = await standard.hash('correct horse');
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await standard.verify('correct horse', hashed)).toBe(true);
    expect(await standard.verify('correct horsf', hashed)).toBe(false);
    expect(standard.needsRehash(hashed)).toBe(false);
  });

  test('a hash of the reference implementation verifies', async () => {
    // From the test vectors of the argon2 reference implementation: argon2id, v=19, t=2, m=2^16, p=1, "somesalt".
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await quick.verify('password', reference)).toBe(true);
    expect(await quick.verify('passwore', reference)).toBe(false);
  });

  test('two hashes of one password have nothing in common', async () => {
    const [first, second] = await Promise.all([quick.hash('same'), quick.hash('same')]);
    expect(first.split('$')[4]).not.toBe(second.split('$')[4]);
    expect(first.split('$')[5]).not.toBe(second.split('$')[5]);
  });

  test('a hash made at another cost still verifies, and is to be made anew', async () => {
    const old = await quick.hash('secret');
    for (const dearer of [
      { ...cheap, memory: 16 },
      { ...cheap, passes: 2 },
      { ...cheap, memory: 16, parallelism: 2 },
    ]) {
      expect(await passwords(dearer).verify('secret', old)).toBe(true);
      expect(passwords(dearer).needsRehash(old)).toBe(true);
    }
    expect(quick.needsRehash(old)).toBe(false);
  });

  test('NIST SP 800-63B-4 §3.1.1.2 a password is the same however a keyboard encodes it', async () => {
    expect(await quick.verify('caf\u00e9', await quick.hash('cafe\u0301'))).toBe(true);
    expect(await quick.verify('Cafe', await quick.hash('cafe'))).toBe(false);
  });

  test('the whole password counts', async () => {
    const long = `${'é🙂'.repeat(500)}\u0000end`;
    expect(await quick.verify(long, await quick.hash(long))).toBe(true);
    expect(await quick.verify(long.slice(0, -1), await quick.hash(long))).toBe(false);
  });

  test.each(['', 'plain', '$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHQ', '$argon2id$v=16$m=8,t=1,p=1$aa$aa'])(
    'a stored hash that is none of ours (%s) is damage, not a wrong password',
    async (hash) => {
      await expect(quick.verify('x', hash)).rejects.toThrow('no PHC string');
    },
  );

  test('the tag is that of argon2id itself', async () => {
    const [, , , , salt = '', tag] = (await quick.hash('x')).split('$');
    const nonce = Buffer.from(salt, 'base64');
    const expected = argon2Sync('argon2id', {
      message: 'x',
      nonce,
      parallelism: 1,
      tagLength: 32,
      memory: 8,
      passes: 1,
    });
    expect(tag).toBe(expected.toString('base64').replace(/=+$/, ''));
  });
});
