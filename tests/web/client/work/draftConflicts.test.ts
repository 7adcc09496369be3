import { describe, expect, it } from 'vitest';
import { seconds } from '../../../../machines/index.ts';
import { draftsOn, label } from '../../../support/drafts.ts';
import { createTime, quiet } from '../../../support/tab.ts';

describe('when two copies differ', () => {
  it('neither is dropped: two devices', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    await one.open();
    await one.write('first');
    const two = await draftsOn({ server: one.server, time });
    await two.open();
    await one.write('from one');
    await two.write('from two');
    expect(two.drafts.read('a')).toMatchObject({ value: 'from two', conflict: { value: 'from one' } });
    const reloaded = await draftsOn({ disk: two.disk, server: one.server, time });
    await reloaded.open();
    expect(reloaded.drafts.read('a')).toMatchObject({ value: 'from two', conflict: { value: 'from one' } });
  });

  it('a locked screen hears nothing of it, and its owner does', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    await one.open();
    const two = await draftsOn({ server: one.server, time });
    await two.open();
    await one.write('from one');
    const { promise, resolve: answer } = Promise.withResolvers<void>();
    one.server.switches.gate = promise;
    await two.write('from two');
    two.drafts.clearSaved();
    answer();
    await quiet();
    expect(two.drafts.read('a')).toMatchObject({ value: '', conflict: null });
    await two.drafts.restore(two.owner());
    expect(two.drafts.read('a')).toMatchObject({ value: 'from two', conflict: { value: 'from one' } });
  });

  it('neither is dropped: two tabs of one device', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    await one.open();
    const two = await draftsOn({ disk: one.disk, server: one.server, time });
    await two.open();
    one.drafts.write('a', 'from one');
    await time.pass(500);
    two.drafts.write('a', 'from two');
    await time.pass(500);
    expect(two.drafts.read('a')).toMatchObject({ value: 'from two', conflict: { value: 'from one' } });
  });

  it('neither is dropped: somebody types before the draft has been loaded', async () => {
    const one = await draftsOn();
    await one.open();
    await one.write('yesterday');
    const two = await draftsOn({ disk: one.disk, server: one.server, time: one.time });
    two.drafts.open('a', { label });
    two.drafts.write('a', 'today');
    await one.time.pass(seconds(3));
    expect(two.drafts.read('a')).toMatchObject({ value: 'today', conflict: { value: 'yesterday' } });
    const three = await draftsOn({ disk: one.disk, server: one.server });
    await three.open();
    expect(three.drafts.read('a').conflict).toMatchObject({ value: 'yesterday' });
  });

  it.each([
    ['takes the other', 'from one'],
    ['keeps this one', 'from two'],
  ] as const)('the person decides: %s', async (choice, value) => {
    const time = createTime();
    const one = await draftsOn({ time });
    await one.open();
    const two = await draftsOn({ server: one.server, time });
    await two.open();
    await one.write('from one');
    await two.write('from two');
    if (choice === 'takes the other') two.drafts.takeConflict('a');
    else two.drafts.keepMine('a');
    await time.pass(seconds(5));
    expect(two.drafts.read('a')).toMatchObject({ value, conflict: null, status: 'saved' });
    const three = await draftsOn({ server: one.server });
    await three.open();
    expect(three.drafts.read('a')).toMatchObject({ value, conflict: null });
  });

  it('there is nothing to decide when both say the same', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    await one.open();
    const two = await draftsOn({ server: one.server, time });
    await two.open();
    await one.write('same');
    await two.write('same');
    expect(two.drafts.read('a')).toMatchObject({ value: 'same', conflict: null });
  });

  it('quick typing on a slow line is no conflict with oneself', async () => {
    const { drafts, server, time, open } = await draftsOn();
    await open();
    let release = () => {};
    server.switches.gate = new Promise((resolve) => (release = resolve));
    for (const value of ['one', 'two', 'three']) {
      drafts.write('a', value);
      await time.pass(seconds(3));
    }
    release();
    server.switches.gate = null;
    await time.pass(seconds(5));
    expect(drafts.read('a')).toMatchObject({ value: 'three', conflict: null, status: 'saved' });
  });

  it('the newer is shown after a load, and the older is kept beside it', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    await one.open();
    one.server.switches.isDown = true;
    await one.write('typed on the train');
    const two = await draftsOn({ time });
    await two.open();
    await two.write('typed at home');
    const back = await draftsOn({ disk: one.disk, server: two.server, time });
    await back.open();
    expect(back.drafts.read('a')).toMatchObject({
      value: 'typed at home',
      status: 'saved',
      conflict: { value: 'typed on the train' },
    });
    const again = await draftsOn({ disk: one.disk, server: two.server, time });
    await again.open();
    expect(again.drafts.read('a')).toMatchObject({ value: 'typed at home', conflict: { value: 'typed on the train' } });
    again.drafts.takeConflict('a');
    await time.pass(seconds(5));
    const elsewhere = await draftsOn({ server: two.server, time });
    await elsewhere.open();
    expect(elsewhere.drafts.read('a')).toMatchObject({ value: 'typed on the train', conflict: null });
  });

  it('there is nothing to decide when the newer one contains the older: it came later here', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    await one.open();
    await one.write('Dear Bob');
    const two = await draftsOn({ time, server: one.server });
    await two.open();
    await one.write('Dear Bob, thank you');
    await two.write('Dear Bob, thank you for the letter');
    await time.pass(seconds(5));
    expect(two.drafts.read('a')).toMatchObject({ value: 'Dear Bob, thank you for the letter', conflict: null });
    const three = await draftsOn({ server: one.server, time });
    await three.open();
    expect(three.drafts.read('a')).toMatchObject({ value: 'Dear Bob, thank you for the letter', conflict: null });
  });

  it('there is nothing to decide when the newer one contains the older: it came later elsewhere', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    one.server.switches.isDown = true;
    await one.open();
    await one.write('Dear Bob');
    const two = await draftsOn({ time });
    await two.open();
    await two.write('Dear Bob, thank you');
    const back = await draftsOn({ disk: one.disk, server: two.server, time });
    await back.open();
    expect(back.drafts.read('a')).toMatchObject({ value: 'Dear Bob, thank you', conflict: null, status: 'saved' });
  });

  it('a shorter newer one does not make a longer older one go', async () => {
    const time = createTime();
    const one = await draftsOn({ time });
    one.server.switches.isDown = true;
    await one.open();
    await one.write('Dear Bob, thank you');
    const two = await draftsOn({ time });
    await two.open();
    await two.write('Dear Bob');
    const back = await draftsOn({ disk: one.disk, server: two.server, time });
    await back.open();
    expect(back.drafts.read('a')).toMatchObject({ value: 'Dear Bob', conflict: { value: 'Dear Bob, thank you' } });
  });
});
