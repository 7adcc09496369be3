import { expect, it } from 'vitest';
import { minutes } from '../../../../machines/index.ts';
import { signedInElsewhere } from '../../../../web/client/tab/signedInElsewhere.ts';
import { createTime, viewAt } from '../../../support/tab.ts';
import { t0 } from '../../../support/server/world.ts';

it('a sign-in elsewhere is seen once its token is, where it was told of before', async () => {
  const { timer, onWake, clock } = createTime();
  const lapsed = viewAt(t0 + minutes(31));
  const live = { ...viewAt(t0), authenticatedAt: t0 + minutes(32) };
  expect([lapsed.state, live.state]).toEqual(['lapsed', 'active']);
  const hears: ((event: { readonly data: unknown }) => void)[] = [];
  let look = () => {};
  let stored = false;
  let asked = 0;
  const done = signedInElsewhere(
    {
      client: {
        async sessionInfo() {
          asked += 1;
          return stored ? live : lapsed;
        },
      },
      timer,
      onWake,
      onStored(listener) {
        look = listener;
        return () => {};
      },
      openPipe: () => ({
        postMessage() {},
        addEventListener: (_, listener) => void hears.push(listener),
        close() {},
      }),
      context: () => ({ view: lapsed }),
      subscribe: () => () => {},
      now: clock.now,
    },
    lapsed,
    new AbortController().signal,
  );
  for (const hear of hears) hear({ data: { kind: 'signedIn', session: '', version: 0, problem: null } });
  await expect.poll(() => asked).toBe(1);
  stored = true;
  look();
  await done;
  expect(asked).toBe(2);
});
