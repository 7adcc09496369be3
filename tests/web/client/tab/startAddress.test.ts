import { describe, expect, it } from 'vitest';
import { startAddress } from '../../../../web/client/tab/startAddress.ts';

const page = 'https://app.example.com/letters/3';

describe('the address at which a sign-in begins', () => {
  it.each([
    ['at the front door, as it is', '/login', { session: null, isAnother: false }, '/login'],
    ['names the session that is to go on', '/login', { session: 's 1', isAnother: false }, '/login?session=s+1'],
    ['keeps what it has', '/login?a=b#c', { session: 's1', isAnother: false }, '/login?a=b&session=s1#c'],
    ['keeps the session that it names', '/login?session=s0', { session: 's1', isAnother: false }, '/login?session=s0'],
    [
      'says that another user is to sign in',
      '/login',
      { session: null, isAnother: true },
      '/login?prompt=select_account',
    ],
    [
      'keeps the prompt that it names',
      '/login?prompt=login',
      { session: null, isAnother: true },
      '/login?prompt=login',
    ],
    ['asks for no other user to go on', '/login', { session: 's1', isAnother: true }, '/login?session=s1'],
  ])('%s', (_, url, tab, address) => {
    expect(startAddress(url, tab, page)).toBe(`https://app.example.com${address}`);
  });

  it('is one of another origin, too', () => {
    const url = 'https://api.example.com/login';
    expect(startAddress(url, { session: 's1', isAnother: false }, page)).toBe(`${url}?session=s1`);
  });
});
