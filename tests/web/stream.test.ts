import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { createStream } from '../../web/stream.ts';
import { createTime, quiet, viewWith } from './given.ts';

function given() {
  const time = createTime();
  const heard: number[] = [];
  const asked: AbortSignal[] = [];
  const switches = { wanted: true, refuses: false };
  let push = (_text: string) => {};
  let end = () => {};
  const stream = createStream({
    timer: time.timer,
    wanted: () => switches.wanted,
    onView: ({ version }) => heard.push(version),
    async listen(signal) {
      asked.push(signal);
      if (switches.refuses) throw new TypeError('Failed to fetch');
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          push = (text) => controller.enqueue(new TextEncoder().encode(text));
          end = () => controller.close();
        },
      });
      return new Response(body);
    },
  });
  return { time, heard, asked, switches, stream, push: (text: string) => push(text), end: () => end() };
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
