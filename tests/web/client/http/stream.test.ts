import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../../machines/index.ts';
import { createStream } from '../../../../web/client/http/stream.ts';
import { createTime, quiet, viewWith } from '../../../support/tab.ts';

interface Browser {
  readonly locks?: LockManager;
  readonly session?: string;
}

function given({ locks, session = 's1' }: Browser = {}) {
  const time = createTime();
  let waits = 0;
  let asks = 0;
  const heard: number[] = [];
  const asked: AbortSignal[] = [];
  const switches = { wanted: true, refuses: false };
  let push = (_text: string) => {};
  let end = () => {};
  const stream = createStream({
    timer: time.timer,
    locks,
    session: () => session,
    onWaiting: () => waits++,
    onSilent: () => asks++,
    wanted: () => switches.wanted,
    onView: ({ version }) => heard.push(version),
    async listen(signal) {
      asked.push(signal);
      if (switches.refuses) throw new TypeError('Failed to fetch');
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          push = (text) => controller.enqueue(new TextEncoder().encode(text));
          end = () => controller.close();
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
      });
      return new Response(body);
    },
  });
  return {
    time,
    heard,
    asked,
    switches,
    stream,
    push: (text: string) => push(text),
    end: () => end(),
    waits: () => waits,
    asks: () => asks,
  };
}

const event = (version: number) => `event: session\ndata: ${JSON.stringify(viewWith({ version }))}\n\n`;

describe('the event stream', () => {
  it('tells each view once, however it is cut into pieces, and nothing else', async () => {
    const { heard, stream, push } = given();
    stream.look();
    await quiet();
    const text = `: here\n\n${event(2)}event: session\ndata: nonsense\n\n${event(3)}`;
    for (const piece of text.match(/.{1,50}/gs) ?? []) push(piece);
    await quiet();
    expect(heard).toEqual([2, 3]);
  });

  it('is opened again after a pause that grows while it cannot be had, up to a minute', async () => {
    const { time, asked, switches, stream } = given();
    switches.refuses = true;
    stream.look();
    await time.pass(seconds(4));
    expect(asked).toHaveLength(3);
    await time.pass(minutes(10));
    expect(asked.length).toBeLessThan(18);
    expect(time.pending()).toHaveLength(1);
  });

  it('is opened again soon after the server closed it', async () => {
    const { time, asked, stream, end } = given();
    stream.look();
    await quiet();
    end();
    await time.pass(seconds(1));
    expect(asked).toHaveLength(2);
  });

  it('is replaced by asking while it cannot be had: after every try, in the end about once a minute', async () => {
    const { time, asked, asks, switches, stream, push } = given();
    switches.refuses = true;
    stream.look();
    await time.pass(minutes(10));
    expect(asks()).toBe(asked.length);
    expect(asks()).toBeGreaterThanOrEqual(10);
    expect(asks()).toBeLessThan(18);
    // It comes back: who hears asks no more.
    switches.refuses = false;
    await time.pass(minutes(1));
    push(event(2));
    await quiet();
    const before = asks();
    await time.pass(minutes(30));
    expect(asks()).toBe(before);
  });

  it('is replaced by asking while something keeps its first word back, and is not given up', async () => {
    const { time, asked, asks, heard, stream, push, end } = given();
    stream.look();
    await time.pass(seconds(9));
    expect(asks()).toBe(0);
    await time.pass(seconds(1));
    expect(asks()).toBe(1);
    await time.pass(minutes(5));
    expect(asks()).toBe(6);
    expect(asked).toHaveLength(1);
    push(`: here\n\n${event(2)}`);
    await quiet();
    expect(heard).toEqual([2]);
    end();
    await quiet();
    // A stream that told something and ended is opened again, and nothing is in doubt.
    expect(asks()).toBe(6);
    expect(time.pending()).toHaveLength(1);
  });

  it('asks nothing more once nobody looks', async () => {
    const { time, asks, switches, stream } = given();
    stream.look();
    await time.pass(seconds(5));
    switches.wanted = false;
    stream.look();
    await time.pass(minutes(10));
    expect(asks()).toBe(0);
    expect(time.pending()).toEqual([]);
  });

  it('is closed while nobody looks, and there is never more than one', async () => {
    const { asked, switches, stream } = given();
    stream.look();
    stream.look();
    expect(asked).toHaveLength(1);
    switches.wanted = false;
    stream.look();
    expect(asked[0]?.aborted).toBe(true);
    switches.wanted = true;
    stream.look();
    expect(asked).toHaveLength(2);
    stream.stop();
    expect(asked[1]?.aborted).toBe(true);
  });
});

const { locks } = navigator;
const session = () => crypto.randomUUID();
/** Nothing tells when a lock is granted or let go but that it is. */
const isOpen = ({ asked }: ReturnType<typeof given>) => asked.length > 0 && asked.at(-1)?.aborted === false;
const open = (tabs: readonly ReturnType<typeof given>[]) => tabs.filter(isOpen).length;
/** The locks of a session that tabs hold or wait for. */
async function names(id: string) {
  const { held = [], pending = [] } = await locks.query();
  return [...held, ...pending].map(({ name = '' }) => name).filter((name) => name.includes(id));
}

describe('the streams of one browser', () => {
  it('are two at most for a session, and the tabs that have none ask what they may have missed', async () => {
    const ours = { locks, session: session() };
    const tabs = Array.from({ length: 8 }, () => given(ours));
    tabs.forEach(({ stream }) => stream.look());
    await expect.poll(() => tabs.reduce((sum, { waits }) => sum + waits(), 0)).toBe(7);
    await expect.poll(() => open(tabs)).toBe(2);
    const other = given({ locks, session: session() });
    other.stream.look();
    await expect.poll(() => isOpen(other)).toBe(true);
    for (const { stream } of [...tabs, other]) stream.stop();
    expect(open(tabs)).toBe(0);
  });

  it('go to the tab that waits when one is closed, hidden or ended, without a pause', async () => {
    const ours = { locks, session: session() };
    const [first, second, third, fourth] = [given(ours), given(ours), given(ours), given(ours)];
    for (const tab of [first, second, third, fourth]) {
      tab.stream.look();
      await expect.poll(() => isOpen(tab) || tab.waits() > 0).toBe(true);
    }
    await expect.poll(() => open([first, second])).toBe(2);
    second.stream.stop();
    await expect.poll(() => isOpen(third)).toBe(true);
    third.switches.wanted = false;
    third.stream.look();
    await expect.poll(() => isOpen(fourth)).toBe(true);
    // The first goes as well: the next tab finds its place free, although the second place is taken.
    first.stream.stop();
    await expect.poll(() => names(ours.session)).toHaveLength(1);
    second.stream.look();
    await expect.poll(() => isOpen(second)).toBe(true);
    expect(open([first, second, third, fourth])).toBe(2);
    for (const { stream } of [second, fourth]) stream.stop();
  });

  it('are not kept from the others by a tab that hangs: it can hold one of them, never both', async () => {
    const ours = { locks, session: session() };
    let resume = () => {};
    // A tab that hangs lets go of nothing, whatever is asked of it.
    const hanging = locks.request(`curfew.stream.${ours.session}.2`, () => new Promise<void>((end) => (resume = end)));
    const [first, second] = [given(ours), given(ours)];
    first.stream.look();
    await expect.poll(() => isOpen(first)).toBe(true);
    second.stream.look();
    await expect.poll(() => second.waits()).toBe(1);
    first.stream.stop();
    await expect.poll(() => names(ours.session)).toHaveLength(2);
    const third = given(ours);
    third.stream.look();
    await expect.poll(() => isOpen(third)).toBe(true);
    third.stream.stop();
    second.stream.stop();
    resume();
    await hanging;
    expect(second.asked).toEqual([]);
  });

  it('are forgotten with their tab: who waited and left holds nothing', async () => {
    const ours = { locks, session: session() };
    const tabs = Array.from({ length: 3 }, () => given(ours));
    for (const tab of tabs) {
      tab.stream.look();
      await expect.poll(() => isOpen(tab) || tab.waits() > 0).toBe(true);
    }
    for (const { stream } of tabs.toReversed()) stream.stop();
    await expect.poll(() => names(ours.session)).toEqual([]);
    expect(tabs.map(({ time }) => time.pending())).toEqual([[], [], []]);
  });
});
