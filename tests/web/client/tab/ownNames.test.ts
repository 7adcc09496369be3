import { describe, expect, it } from 'vitest';
import { ownBrowser, ownNames } from '../../../../web/client/tab/ownNames.ts';
import { thisBrowser } from '../../../../web/client/tab/browser.ts';
import type { TabOptions } from '../../../../web/client/index.ts';
import { createStage, storage } from '../../../support/journey.ts';

const page = 'https://example.com/letters/3?draft=1#end';
const named = (options: TabOptions, at: string | undefined = page) => ownNames(options, at)('curfew.token');

describe('the names of what an application keeps in the browser', () => {
  it.each<TabOptions>([
    {},
    { baseUrl: '' },
    { baseUrl: '/' },
    { basePath: '/api' },
    { baseUrl: 'https://example.com' },
    { baseUrl: 'https://EXAMPLE.com:443/' },
    { transport: 'bearer' },
  ])('are those of the first build where the server is beneath /api of the page’s origin: %j', (options) => {
    expect(named(options)).toBe('curfew.token');
  });

  it.each<[string, TabOptions[]]>([
    [
      'curfew.token@/letters/api',
      [
        { baseUrl: '/letters' },
        { baseUrl: '/letters/' },
        { basePath: '/letters/api' },
        { baseUrl: 'https://example.com/letters' },
        { baseUrl: 'https://example.com', basePath: '/letters/api' },
      ],
    ],
    ['curfew.token@/notes/api', [{ baseUrl: '/notes' }, { basePath: '/notes/api' }]],
    ['curfew.token@/auth', [{ basePath: '/auth' }]],
    ['curfew.token@https://api.example.com/api', [{ baseUrl: 'https://api.example.com' }]],
    ['curfew.token@https://api.example.com/v1/api', [{ baseUrl: 'https://api.example.com/v1' }]],
    ['curfew.token@http://example.com/api', [{ baseUrl: 'http://example.com' }]],
  ])('tell where the server is, in whichever way that is said: %s', (name, ways) => {
    expect(ways.map((options) => named(options))).toEqual(ways.map(() => name));
  });

  it.each<[string, string | undefined, TabOptions]>([
    ['without a page', undefined, { baseUrl: '/letters' }],
    ['without a page, with an address', undefined, { baseUrl: 'https://api.example.com' }],
    ['on a page without an address', 'about:srcdoc', { baseUrl: '/letters' }],
  ])('are as they are %s', (_, at, options) => {
    expect(ownNames(options, at)('curfew.token')).toBe('curfew.token');
  });

  it('are all that tabs use: storage, channel, locks and databases', async () => {
    const [local, session] = [storage(), storage()];
    const asked: string[] = [];
    const note = (kind: string) => (name: string) => {
      asked.push(`${kind} ${name}`);
      throw new Error('that is enough');
    };
    const browser = ownBrowser(
      {
        ...thisBrowser(),
        local,
        session,
        openPipe: note('pipe'),
        openRecords: note('home'),
        locks: { request: note('lock') },
      },
      (name) => `${name}@/notes/api`,
    );
    for (const each of [browser.local, browser.session]) {
      each.setItem('key', 'value');
      expect(each.getItem('key')).toBe('value');
      each.setItem('gone', 'value');
      each.removeItem('gone');
    }
    expect([...local.items.keys(), ...session.items.keys()]).toEqual(['key@/notes/api', 'key@/notes/api']);
    expect(() => browser.openPipe('curfew')).toThrow('that is enough');
    expect(() => browser.openRecords('home')).toThrow('that is enough');
    expect(() => browser.locks?.request('lock', {}, () => {})).toThrow('that is enough');
    expect(asked).toEqual(['pipe curfew@/notes/api', 'home home@/notes/api', 'lock lock@/notes/api']);
  });

  it('are given to a proof, too, for names of its own', async () => {
    const stage = await createStage();
    const there = stage.open();
    await there.until('signedOut');
    let name = '';
    there.tab.signIn(async ({ ownName }) => {
      name = ownName('curfew-sign-in');
    });
    await there.until('signedOut');
    expect(name).toBe('curfew-sign-in');
  });
});
