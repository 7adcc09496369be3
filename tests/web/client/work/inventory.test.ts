import { describe, expect, it } from 'vitest';
import { createInventory } from '../../../../web/client/work/inventory.ts';
import { createViewState } from '../../../../web/client/work/viewState.ts';
import { createPersistedSession } from '../../../../web/client/work/persistedSession.ts';
import { createTokenStore } from '../../../../web/client/http/tokens.ts';
import { createTime, t0 } from '../../../support/tab.ts';

const storage = () => {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
};

describe('the inventory', () => {
  it('lists what is kept, in the order it was first told, and not what there is none of', () => {
    const inventory = createInventory();
    inventory.keep({ kind: 'conversation', label: 'conversation', count: 3 });
    inventory.keep({ kind: 'draft', label: 'draft', count: 1, savedAt: t0 });
    inventory.keep({ kind: 'conversation', label: 'conversation', count: 4 });
    inventory.keep({ kind: 'settings', label: 'settings', count: 0 });
    expect(inventory.list().map(({ kind, count }) => [kind, count])).toEqual([
      ['conversation', 4],
      ['draft', 1],
    ]);
    inventory.keep({ kind: 'draft', label: 'draft', count: 0 });
    expect(inventory.list()).toHaveLength(1);
    inventory.clear();
    expect(inventory.list()).toEqual([]);
  });

  it('is the same list while nothing changes, so that nothing is rendered again', () => {
    const inventory = createInventory();
    let told = 0;
    inventory.subscribe(() => told++);
    inventory.keep({ kind: 'draft', label: 'draft', count: 1 });
    const list = inventory.list();
    inventory.keep({ kind: 'draft', label: 'draft', count: 1 });
    expect(inventory.list()).toBe(list);
    expect(told).toBe(1);
  });
});

describe('the place', () => {
  it('WCAG 2.2.5 gives each named value back once, and is not overwritten by a fresh start before', () => {
    const before = createViewState(null, createTime().timer);
    before.note('route', '/conversations/7');
    before.note('panel', { open: true, tab: 2 });
    const after = createViewState(null, createTime().timer);
    after.bringBack(before.capture());
    after.note('route', '/');
    expect(after.capture()).toBe(before.capture());
    expect(after.take('route')).toBe('/conversations/7');
    expect(after.take('route')).toBeUndefined();
    expect(after.take('panel')).toEqual({ open: true, tab: 2 });
    after.note('route', '/settings');
    expect(JSON.parse(after.capture())).toMatchObject({ values: { route: '/settings' } });
  });

  it('takes what it cannot read for nothing', () => {
    const viewState = createViewState(null, createTime().timer);
    for (const text of ['', 'null', '{"values":1}', '{"values":{},"marked":{"scroll":{},"selection":{}}}']) {
      viewState.bringBack(text);
      expect(viewState.take('route')).toBeUndefined();
    }
  });
});

describe('what a browser remembers between loads', () => {
  it('is read back as it was, and nothing when somebody tampered with it', () => {
    const [local, session] = [storage(), storage()];
    const persistedSession = createPersistedSession({ local, session });
    const own = {
      session: 's1',
      tab: 't1',
      user: { id: 'u1', username: 'ada' },
      kept: [{ kind: 'draft', label: 'draft', count: 1 }],
    };
    persistedSession.setOwn(own);
    persistedSession.setShared({ session: 's1', home: 'h', leaving: null });
    expect(persistedSession.own()).toEqual(own);
    expect(persistedSession.shared()).toEqual({ session: 's1', home: 'h', leaving: null });
    for (const key of local.items.keys()) local.setItem(key, '{"session":');
    for (const key of session.items.keys()) session.setItem(key, '{"session":"s1","kept":[1]}');
    expect([persistedSession.own(), persistedSession.shared()]).toEqual([null, null]);
    persistedSession.setOwn(null);
    persistedSession.setShared(null);
    expect([...local.items, ...session.items]).toEqual([]);
  });

  it('is nothing where storage is refused', () => {
    const refuse = () => {
      throw new DOMException('no', 'SecurityError');
    };
    const refusing = { getItem: refuse, setItem: refuse, removeItem: refuse };
    const persistedSession = createPersistedSession({ local: refusing, session: refusing });
    persistedSession.setShared({ session: 's1', home: 'h', leaving: null });
    expect(persistedSession.shared()).toBeNull();
    expect(createTokenStore(refusing).read()).toBeNull();
  });

  it('holds a bearer token that all tabs share, until it is erased', () => {
    const local = storage();
    const [one, two] = [createTokenStore(local), createTokenStore(local)];
    one.write('t1');
    two.replace('t1', 't2');
    one.replace('t1', 't1b');
    expect(one.read()).toBe('t2');
    two.delete();
    expect(one.read()).toBeNull();
    expect(local.items.size).toBe(0);
  });
});
