import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../server/app/store/appStore.ts';
import type { Passkey } from '../../../server/app/store/signIn.ts';
import { eachDatabase } from '../../support/server/eachDatabase.ts';

const issuer = 'https://id.example';
const passkey: Passkey = {
  id: 'credential-1',
  user: 'ada',
  name: 'Phone 🔑',
  publicKey: 'pQECAyYgASFYIA',
  counter: 3,
  transports: ['internal', 'hybrid'],
  isBoundToDevice: false,
  createdAt: 5,
  lastUsedAt: null,
};

describe.each(eachDatabase)('kept in %s', (_name, open) => {
  async function world() {
    const { appStore, users } = await open();
    await users.register({
      id: 'ada',
      username: 'ada',
      passwordHash: '',
      createdAt: 0,
      role: 'user',
      disabledAt: null,
    });
    return appStore;
  }

  describe('who users are at a provider', () => {
    test('is made at the first sign-in and found at each later one, by issuer and subject together', async () => {
      const { identities } = await world();
      expect(await identities.find({ issuer, subject: 's1' })).toBeNull();
      expect(await identities.userOf({ issuer, subject: 's1' }, 'user-1', 1)).toBe('user-1');
      expect(await identities.userOf({ issuer, subject: 's1' }, 'user-2', 2)).toBe('user-1');
      expect(await identities.find({ issuer, subject: 's1' })).toBe('user-1');
      expect(await identities.userOf({ issuer: 'https://other.example', subject: 's1' }, 'user-3', 3)).toBe('user-3');
      expect(await identities.of('user-1')).toEqual([{ issuer, subject: 's1' }]);
      expect(await identities.of('ada')).toEqual([]);
    });

    test('is one user when two first sign-ins come at once', async () => {
      const { identities } = await world();
      const ids = ['a', 'b', 'c', 'd'].map((id) => identities.userOf({ issuer, subject: 's1' }, id, 1));
      expect(new Set(await Promise.all(ids)).size).toBe(1);
    });

    test('makes a user who has conversations and settings, without a password', async () => {
      const { identities, ...store } = await world();
      await identities.userOf({ issuer, subject: 's1' }, 'user-1', 1);
      expect(await store.create('user-1', { id: 'c1', title: 'plans' }, 2)).toMatchObject({ title: 'plans' });
      expect(await store.saveSettings('user-1', defaultSettings)).toBe(true);
      expect(await store.hasPassword('user-1')).toBe(false);
      expect(await store.hasPassword('ada')).toBe(true);
    });

    test('goes with the user, and the subject is somebody new afterwards', async () => {
      const { identities, ...store } = await world();
      await identities.userOf({ issuer, subject: 's1' }, 'user-1', 1);
      await store.deleteUserData('user-1');
      expect(await store.create('user-1', { id: 'c1', title: 'plans' }, 2)).toBeNull();
      expect(await identities.userOf({ issuer, subject: 's1' }, 'user-2', 3)).toBe('user-2');
    });
  });

  describe('passkeys', () => {
    test('are several for one user, and gone when they are removed, by their user only', async () => {
      const { passkeys } = await world();
      const second = { ...passkey, id: 'credential-2', isBoundToDevice: true, createdAt: 6 };
      expect(await passkeys.add(passkey)).toBe(true);
      expect(await passkeys.add(second)).toBe(true);
      expect(await passkeys.of('ada')).toEqual([passkey, second]);
      expect(await passkeys.find('credential-2')).toEqual(second);
      expect(await passkeys.remove('bob', 'credential-1')).toBe(false);
      expect(await passkeys.remove('ada', 'credential-1')).toBe(true);
      expect(await passkeys.remove('ada', 'credential-1')).toBe(false);
      expect(await passkeys.of('ada')).toEqual([second]);
      expect(await passkeys.find('credential-1')).toBeNull();
    });

    test('are taken once, and for users there are', async () => {
      const { passkeys } = await world();
      await passkeys.add(passkey);
      expect(await passkeys.add({ ...passkey, name: 'again' })).toBe(false);
      expect(await passkeys.add({ ...passkey, id: 'credential-3', user: 'nobody' })).toBe(false);
    });

    test('WebAuthn 7.2 refuse a counter that does not go on: there are two of the key, or it is a replay', async () => {
      const { passkeys } = await world();
      await passkeys.add(passkey);
      expect(await passkeys.used(passkey.id, 4, 10)).toBe(true);
      expect(await passkeys.used(passkey.id, 4, 11)).toBe(false);
      expect(await passkeys.used(passkey.id, 2, 12)).toBe(false);
      expect(await passkeys.used(passkey.id, 0, 13)).toBe(false);
      expect(await passkeys.find(passkey.id)).toMatchObject({ counter: 4, lastUsedAt: 10 });
      await passkeys.add({ ...passkey, id: 'synced', counter: 0 });
      expect(await passkeys.used('synced', 0, 14)).toBe(true);
      expect(await passkeys.used('synced', 0, 15)).toBe(true);
    });

    test('go with the user', async () => {
      const { passkeys, ...store } = await world();
      await passkeys.add(passkey);
      await store.deleteUserData('ada');
      expect(await passkeys.find(passkey.id)).toBeNull();
    });
  });

  describe('what is under way', () => {
    test('is taken once, however many come for it at once', async () => {
      const { ceremonies } = await world();
      await ceremonies.begin('k1', 'data', 100, 1);
      const taken = await Promise.all([1, 2, 3].map(() => ceremonies.take('k1', 2)));
      expect(taken.filter((each) => each !== null)).toEqual(['data']);
      expect(await ceremonies.take('k1', 2)).toBeNull();
      expect(await ceremonies.take('k2', 2)).toBeNull();
    });

    test('is not taken when its time is over', async () => {
      const { ceremonies } = await world();
      await ceremonies.begin('k1', 'data', 100, 1);
      expect(await ceremonies.take('k1', 100)).toBeNull();
    });

    test('that nobody came for is deleted', async () => {
      const { ceremonies } = await world();
      await ceremonies.begin('k1', 'old', 100, 1);
      await ceremonies.begin('k2', 'new', 300, 200);
      // As if the clock had gone back: it is not there any more.
      expect(await ceremonies.take('k1', 50)).toBeNull();
    });
  });
});
