import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { createKeys } from '../../../server/keys/signingKeys.ts';
import { loadOrCreateSecret } from '../../../server/node/secret.ts';
import { folder, tidy } from '../../support/server/child.ts';
import { createWorld, modes } from '../../support/server/world.ts';

const bytesOf = (id: string) => Buffer.from(id, 'base64url');

afterAll(tidy);
afterEach(() => {
  vi.restoreAllMocks();
});

describe('what names a session', () => {
  it('ASVS 7.2.3 has 128 bits or more, every one of them as often 0 as 1, and never comes twice', async () => {
    const { parts } = await createWorld();
    const ids = Array.from({ length: 4096 }, () => parts.newId());
    expect(new Set(ids).size).toBe(ids.length);
    const bits = new Map<number, number>();
    for (const id of ids) {
      const bytes = bytesOf(id);
      expect(bytes.toString('base64url')).toBe(id);
      expect(bytes.length).toBeGreaterThanOrEqual(16);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const isSet = ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
        bits.set(bit, (bits.get(bit) ?? 0) + isSet);
      }
    }
    // Ten standard deviations of a fair coin.
    for (const [bit, set] of bits) expect(Math.abs(set - ids.length / 2), `bit ${bit}`).toBeLessThan(320);
  });

  it.each(modes)(
    'ASVS 7.2.2 7.2.3 NIST SP 800-63B-4 §5.1 is made by nothing that can be guessed: neither the time nor Math.random (%s)',
    async (mode) => {
      const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
      const ids = new Set<string>();
      const tokens = new Set<string>();
      const keys = new Set<string>();
      // The same person at the same instant, in a server with the same secret.
      for (let time = 0; time < 3; time++) {
        const { client } = await createWorld();
        const [ada, again] = [client(mode), client(mode)];
        keys.add((await ada.register()).body.vaultKey.key);
        await again.login();
        for (const { id, token } of [ada, again]) {
          ids.add(id);
          tokens.add(token?.split('.')[2] ?? '');
          expect(bytesOf(id).length).toBeGreaterThanOrEqual(16);
        }
      }
      expect({ ids: ids.size, tokens: tokens.size, keys: keys.size }).toEqual({ ids: 6, tokens: 6, keys: 3 });
      for (const key of keys) expect(bytesOf(key)).toHaveLength(32);
      expect(random).not.toHaveBeenCalled();
    },
  );
});

describe('the secret', () => {
  it('RFC 8725 3.5 OWASP JWT that a server makes for itself has 256 random bits', () => {
    const made = [0, 1].map(() => loadOrCreateSecret(join(folder(), 'curfew.db')));
    for (const secret of made) expect(bytesOf(secret)).toHaveLength(32);
    expect(made[0]).not.toBe(made[1]);
  });

  it.each(['HS256', 'EdDSA'] as const)(
    'RFC 8725 3.5 OWASP JWT of fewer than 256 bits signs nothing, be it an earlier one (%s)',
    async (algorithm) => {
      const long = 'x'.repeat(32);
      const short = 'x'.repeat(31);
      await expect(createKeys(long, [long], algorithm)).resolves.toMatchObject({ algorithm });
      await expect(createKeys(short, [], algorithm)).rejects.toThrow('at least 32 bytes');
      await expect(createKeys(long, [short], algorithm)).rejects.toThrow('at least 32 bytes');
    },
  );
});
