import { describe, expect, it } from 'vitest';
import { seconds } from '../../../../machines/index.ts';
import { draftsOn } from '../../../support/drafts.ts';
import { createTime, memoryCopies, quiet } from '../../../support/tab.ts';

const fail = (): never => {
  throw new Error('nothing is there');
};

describe('a draft', () => {
  it('is on this device half a second after it was typed, while typing goes on, and on the server soon', async () => {
    const { drafts, disk, server, time, open } = await draftsOn();
    await open();
    for (let length = 1; length <= 5; length++) {
      drafts.write('a', 'x'.repeat(length));
      await time.pass(100);
    }
    expect(disk.all.size).toBe(1);
    expect(server.all.size).toBe(0);
    await time.pass(seconds(3));
    expect(drafts.read('a')).toMatchObject({ value: 'xxxxx', status: 'saved', conflict: null });
    expect(server.all.size).toBe(1);
  });

  it('comes back in another tab from the device, and on another device from the server', async () => {
    const one = await draftsOn();
    await one.open();
    await one.write('שלום 👩🏽‍🚀');
    const two = await draftsOn({ disk: one.disk, server: memoryCopies() });
    two.server.switches.isDown = true;
    await two.open();
    expect(two.drafts.read('a').value).toBe('שלום 👩🏽‍🚀');
    const three = await draftsOn({ server: one.server });
    await three.open();
    expect(three.drafts.read('a')).toMatchObject({ value: 'שלום 👩🏽‍🚀', status: 'saved' });
  });

  it('is saved on this device though the server does not answer', async () => {
    const { drafts, disk, server, time, open } = await draftsOn();
    await open();
    server.switches.gate = new Promise(() => {});
    drafts.write('a', 'one');
    await time.pass(seconds(5));
    const first = disk.all.get('draft.a')?.envelope;
    drafts.write('a', 'two');
    await drafts.flush();
    expect(disk.all.get('draft.a')?.envelope).not.toEqual(first);
    expect(drafts.read('a').status).toBe('saved');
  });

  it('is shown from this device before the server has answered', async () => {
    const one = await draftsOn();
    await one.open();
    await one.write('here');
    one.server.switches.gate = new Promise(() => {});
    const two = await draftsOn({ disk: one.disk, server: one.server });
    await two.open();
    expect(two.drafts.read('a').value).toBe('here');
  });

  it('says so when this device refuses it, and is kept on the server', async () => {
    const { drafts, disk, server, open, write } = await draftsOn();
    disk.switches.refuses = true;
    await open();
    await write('private');
    expect(drafts.read('a').status).toBe('not-on-this-device');
    expect(drafts.elsewhere()).toHaveLength(1);
    expect(server.all.size).toBe(1);
    server.switches.isDown = true;
    await write('nowhere');
    expect(drafts.read('a').status).toBe('failed');
  });

  it('that could be kept nowhere stays in memory through a lock, and is saved after it', async () => {
    const { drafts, disk, server, open, write, owner } = await draftsOn();
    disk.switches.refuses = true;
    server.switches.isDown = true;
    await open();
    await write('only here');
    drafts.clearSaved();
    disk.switches.refuses = false;
    await drafts.restore(owner());
    await quiet();
    expect(drafts.read('a')).toMatchObject({ value: 'only here', status: 'saved' });
    expect(disk.all.size).toBe(1);
    drafts.clearAll();
    expect(drafts.read('a').value).toBe('');
  });

  it.each([
    ['is not said to be on this device that refused it', false, 'not-on-this-device'],
    ['is not said to be anywhere when it is nowhere, and stays through a lock', true, 'failed'],
  ])('typed and saved before a slow server has said what it has, %s', async (_, isDown, status) => {
    const { drafts, disk, server, time, open, owner } = await draftsOn();
    disk.switches.refuses = true;
    let arrives = () => {};
    server.switches.gate = new Promise((resolve) => (arrives = resolve));
    await open();
    drafts.write('a', 'only here');
    await time.pass(seconds(1));
    expect(drafts.read('a').status).toBe('saving');
    server.switches.isDown = isDown;
    arrives();
    await quiet();
    expect(drafts.read('a')).toMatchObject({ value: 'only here', status });
    server.switches.isDown = false;
    drafts.clearSaved();
    await drafts.restore(owner());
    await time.pass(seconds(3));
    expect(drafts.read('a')).toMatchObject({ value: 'only here', status: 'not-on-this-device' });
  });

  it('that comes from the server is not said to be on a device that refuses it', async () => {
    const one = await draftsOn();
    await one.open();
    await one.write('from elsewhere');
    const two = await draftsOn({ server: one.server });
    two.disk.switches.refuses = true;
    await two.open();
    expect(two.drafts.read('a')).toMatchObject({ value: 'from elsewhere', status: 'not-on-this-device' });
  });

  it('leaves memory with a lock, and comes back with its owner', async () => {
    const { drafts, open, write, owner } = await draftsOn();
    await open();
    await write('mine');
    drafts.clearSaved();
    expect(drafts.read('a').value).toBe('');
    await drafts.restore(owner());
    expect(drafts.read('a').value).toBe('mine');
  });

  it('is gone everywhere once it is cleared', async () => {
    const { drafts, disk, server, open, write } = await draftsOn();
    await open();
    await write('sent');
    drafts.clear('a');
    await quiet();
    expect([disk.all.size, server.all.size, drafts.read('a').value]).toEqual([0, 0, '']);
  });

  it.each(['', 'the last one'])('outlives the slow removal of what was sent before it (“%s”)', async (before) => {
    const { drafts, disk, server, time, open, write, owner } = await draftsOn();
    await open();
    if (before !== '') await write(before);
    let arrives = () => {};
    server.switches.removal = new Promise((resolve) => (arrives = resolve));
    drafts.clear('a');
    await write('the next one');
    expect(disk.all.size).toBe(1);
    arrives();
    await time.pass(seconds(3));
    expect(server.all.size).toBe(1);
    drafts.clearSaved();
    await drafts.restore(owner());
    expect(drafts.read('a')).toMatchObject({ value: 'the next one', status: 'saved', conflict: null });
  });

  it('that another tab has gone on with is not cleared with the one that was sent here', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    await one.open();
    await one.write('to be sent');
    const two = await draftsOn({ disk: one.disk, server: one.server, time });
    await two.open();
    await two.write('to be sent, and a long text');
    one.drafts.clear('a');
    await time.pass(seconds(3));
    const three = await draftsOn({ disk: one.disk, server: one.server, time });
    await three.open();
    expect(three.drafts.read('a').value).toBe('to be sent, and a long text');
  });

  it('that another tab has only told the server of is cleared all the same', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    await one.open();
    one.drafts.write('a', 'to be sent');
    await time.pass(500);
    one.server.switches.isDown = true;
    await time.pass(seconds(3));
    one.server.switches.isDown = false;
    const two = await draftsOn({ disk: one.disk, server: one.server, time });
    await two.open();
    await time.pass(seconds(3));
    expect(one.server.all.size).toBe(1);
    one.drafts.clear('a');
    await time.pass(seconds(3));
    expect([one.disk.all.size, one.server.all.size]).toEqual([0, 0]);
  });

  it('that is cleared while it is on its way to the server is gone there, too', async () => {
    const { drafts, server, time, open } = await draftsOn();
    await open();
    drafts.write('a', 'sent at once');
    await time.pass(500);
    const { promise, resolve: answer } = Promise.withResolvers<void>();
    server.switches.gate = promise;
    await time.pass(seconds(3));
    drafts.clear('a');
    await quiet();
    answer();
    await time.pass(seconds(3));
    expect(server.all.size).toBe(0);
  });

  it('that there is no key for is not said to be saved', async () => {
    const { drafts, open, vault, time } = await draftsOn();
    await open();
    vault.clear();
    drafts.write('a', 'nowhere');
    await time.pass(seconds(3));
    expect(drafts.read('a')).toMatchObject({ value: 'nowhere', status: 'failed' });
  });

  it('that cannot be compared with the server is kept here, and goes there once it can', async () => {
    const update = { isLoaded: false };
    const server = memoryCopies();
    const one = await draftsOn({ server, update });
    await one.open();
    await one.write('kept here');
    expect(one.drafts.read('a')).toMatchObject({ value: 'kept here', status: 'saved' });
    expect(server.all.size).toBe(0);
    const again = await draftsOn({ disk: one.disk, server, time: one.time, update });
    await again.open();
    expect(again.drafts.read('a').value).toBe('kept here');
    update.isLoaded = true;
    await one.time.pass(seconds(31));
    expect(server.all.size).toBe(1);
  });

  it('that was sent on another device does not come back here', async () => {
    const one = await draftsOn();
    await one.open();
    await one.write('sent elsewhere');
    one.server.all.clear();
    const again = await draftsOn({ disk: one.disk, server: one.server });
    await again.open();
    expect(again.drafts.read('a').value).toBe('');
  });

  describe.each([
    ['the server has another', true],
    ['there is no other', false],
  ])('that is on this device alone and cannot be read, where %s', (_, isThere) => {
    async function damaged() {
      const [one, server] = [await draftsOn(), memoryCopies()];
      await one.open();
      await one.write('Dear Ines, of a newer version');
      const [[name, record] = fail()] = one.disk.all;
      const newer = { ...record, synced: false, envelope: { ...record.envelope, schema: 9 } };
      one.disk.all.set(name, newer);
      if (isThere) for (const [key, copy] of one.server.all) server.all.set(key, copy);
      const tab = await draftsOn({ disk: one.disk, server, time: one.time });
      await tab.open();
      return { ...tab, kept: () => one.disk.all.get(name), newer: newer.envelope };
    }

    it('stays beside what is written next, through two saves and another page', async () => {
      const { drafts, write, kept, newer, disk, server, time } = await damaged();
      expect(drafts.read('a').value).toBe(isThere ? 'Dear Ines, of a newer version' : '');
      await write('written next');
      await write('written after that');
      expect(kept()?.other).toEqual(newer);
      const again = await draftsOn({ disk, server, time });
      await again.open();
      expect(again.drafts.read('a')).toMatchObject({ value: 'written after that', conflict: null });
      await again.write('and on another page');
      expect(kept()?.other).toEqual(newer);
    });

    it('goes with what was sent', async () => {
      const { drafts, write, kept } = await damaged();
      await write('written next');
      drafts.clear('a');
      await quiet();
      expect(kept()).toBeUndefined();
    });
  });

  it('that the server has, and that cannot be read here, is not kept beside it', async () => {
    const one = await draftsOn();
    await one.open();
    await one.write('Dear Ines,');
    const [[name, record] = fail()] = one.disk.all;
    expect(record.synced).toBe(true);
    one.disk.all.set(name, { ...record, envelope: { ...record.envelope, schema: 9 } });
    const again = await draftsOn({ disk: one.disk, server: one.server, time: one.time });
    await again.open();
    expect(again.drafts.read('a').value).toBe('Dear Ines,');
    expect(one.disk.all.get(name)?.other).toBeNull();
  });
});
