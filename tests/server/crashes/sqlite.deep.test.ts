import { afterAll, expect, it } from 'vitest';
import { counted, isSoak } from '../../support/soak/counters.ts';
import { folder, tidy } from '../../support/server/child.ts';
import { crashes, figuresOf } from '../../support/server/crashes.ts';

afterAll(tidy);

it('Promise 8: kill -9 under load loses nothing that was acknowledged, leaves nothing half, and the story goes on', async () => {
  const counts = await crashes({ home: folder(), kills: isSoak ? 50 : 3 });
  counted('kill -9, SQLite', figuresOf(counts));
  expect(counts).toMatchObject({ lostEvents: 0, halfEvents: 0, lostWrites: 0 });
  expect(counts.acknowledgedEvents).toBeGreaterThan(counts.kills * 10);
}, 3_600_000);
