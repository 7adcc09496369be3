import { describe, expect, it } from 'vitest';
import { seconds } from '../../../../machines/index.ts';
import { createSavedDrafts } from '../../../../web/client/work/savedDrafts.ts';
import { createStage, settled } from '../../../support/journey.ts';
import { memoryRecords } from '../../../support/tab.ts';

const label = 'letter';

describe('saving a draft', () => {
  /** A tab with many drafts on its device, and what is read of them. */
  const begin = async () => {
    const stage = await createStage();
    const read = { lists: 0, got: [] as string[] };
    const { open } = stage.disk;
    stage.disk.open = (home) => {
      const records = open(home);
      return {
        ...records,
        list: () => {
          read.lists += 1;
          return records.list();
        },
        get: (name) => {
          read.got.push(name);
          return records.get(name);
        },
      };
    };
    const { tab, until } = stage.open({ isShown: true });
    await until('signedOut');
    tab.signIn({ username: 'ada', password: 'correct horse', register: true });
    await until('active');
    const { drafts } = tab;
    for (let number = 0; number < 40; number++) drafts.write(`letter ${number}`, `Dear ${number}`);
    const counted = () => tab.inventory.list()[0];
    await stage.pass(seconds(5));
    await settled(() => counted()?.count === 40, 'all drafts are saved');
    return { stage, tab, drafts, read, counted };
  };

  it('reads no other: each save read all there were', async () => {
    const { stage, drafts, read, counted } = await begin();
    Object.assign(read, { lists: 0, got: [] });
    const before = counted()?.savedAt ?? 0;
    for (let time = 0; time < 5; time++) {
      drafts.write('letter 7', `Dear seven, ${time}`);
      await stage.pass(seconds(5));
    }
    await settled(() => (counted()?.savedAt ?? 0) >= before + seconds(20), 'the last save is counted');
    expect(counted()).toMatchObject({ kind: 'draft', count: 40 });
    expect(read).toEqual({ lists: 0, got: [] });
  });

  it('counts one that begins and one that is cleared', async () => {
    const { stage, drafts, counted } = await begin();
    drafts.write('another', 'Dear all');
    await stage.pass(seconds(5));
    await settled(() => counted()?.count === 41, 'it is counted');
    drafts.clear('another');
    drafts.clear('letter 7');
    await stage.pass(seconds(5));
    await settled(() => counted()?.count === 39, 'they are not counted any more');
  });

  it('counts what another tab has saved, and reads only that', async () => {
    const { stage, drafts, read, counted } = await begin();
    const other = stage.open({ isShown: true });
    await other.until('active');
    other.tab.drafts.subscribe('theirs', () => {});
    other.tab.drafts.open('theirs', { label });
    other.tab.drafts.write('theirs', 'Dear others');
    await stage.pass(seconds(5));
    await settled(() => other.tab.inventory.list()[0]?.count === 41, 'the other tab counts it');
    Object.assign(read, { lists: 0, got: [] });
    drafts.write('letter 7', 'Dear seven');
    await stage.pass(seconds(5));
    await settled(() => counted()?.count === 41, 'this tab counts it, too');
    expect(read.lists).toBe(0);
    expect(read.got).toHaveLength(1);
  });
});

describe('what is known of drafts', () => {
  const prefix = 'draft.';
  const record = (savedAt: number) => ({
    envelope: {
      user: 'u',
      keyId: 'k',
      schema: 1,
      savedAt,
      expiresAt: 9,
      iv: new Uint8Array(12),
      ciphertext: new Uint8Array(1),
    },
    other: null,
    revision: 1,
    base: null,
    synced: true,
  });

  it('keeps what was saved while all were being read', async () => {
    const { records, all } = memoryRecords();
    all.set('draft.a', record(1));
    all.set('place.a', record(5));
    let give = () => {};
    const held = new Promise<void>((resolve) => (give = resolve));
    const there = await records.list();
    const saved = createSavedDrafts({ ...records, list: () => held.then(() => there) }, prefix);
    const listed = saved.list();
    saved.note('draft.a', 3);
    give();
    expect(await listed).toEqual([3]);
  });

  it('is read anew once it was forgotten', async () => {
    const { records, all } = memoryRecords();
    all.set('draft.a', record(1));
    const saved = createSavedDrafts(records, prefix);
    expect(await saved.list()).toEqual([1]);
    all.set('draft.a', record(2));
    expect(await saved.list()).toEqual([1]);
    saved.clear();
    expect(await saved.list()).toEqual([2]);
  });
});
