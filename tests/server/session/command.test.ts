import { describe, expect, it } from 'vitest';
import { hours, minutes, replay, type Leaf } from '../../../machines/index.ts';
import { command } from '../../../server/session/command.ts';
import { createWorld, t0 } from '../../support/server/world.ts';

describe.each(['memory', 'sqlite'] as const)('the one command path, on a log in %s', (log) => {
  it('shows whoever decides a session whose clock has been settled', async () => {
    const { client, parts, pass } = await createWorld({ log });
    const ada = client();
    await ada.register();
    const seen: Leaf[] = [];
    const look = () =>
      command(parts, ada.id, ({ leaf }) => {
        seen.push(leaf);
        return { events: [], answer: null };
      });
    pass(minutes(26));
    await look();
    pass(hours(1));
    await look();
    expect(seen).toEqual(['active.expiring', 'lapsed.idle']);
  });

  it('decides again when somebody was faster: what was answered is in the log, once', async () => {
    const { client, parts, events } = await createWorld({ log });
    const ada = client();
    await ada.register();
    const lives = Array.from({ length: 8 }, (_, index) =>
      command(parts, ada.id, ({ context }) => ({
        events: [{ type: 'session.extended', at: t0, generation: context.generations.at(-1)?.generation ?? 0 }],
        answer: index,
      })),
    );
    const answered = await Promise.all(lives);
    const entries = await events(ada.id);
    expect(entries.filter(({ type }) => type === 'session.extended')).toHaveLength(answered.length);
    expect(new Set(answered.map((each) => each?.state.context.version)).size).toBe(answered.length);
    expect(replay(entries).context.version).toBe(1 + answered.length);
  });

  it('has nothing to say of a session that does not exist', async () => {
    const { parts } = await createWorld({ log });
    expect(await command(parts, 'none', () => ({ events: [], answer: null }))).toBeNull();
  });
});
