import { describe, expect, it } from 'vitest';
import { createProof, proofLasts } from '../../../server/postgres/proof.ts';
import type { Answered } from '../../../server/postgres/speak.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';

const first = '00000001';
const second = '00000002';

/** A node whose clock only the test moves, and what it is connected to. */
function node(connectedTo: string | null = first) {
  let now = 0;
  let timeline = connectedTo;
  const stopwatch = () => {
    const begun = now;
    return () => now - begun;
  };
  const proof = createProof(stopwatch, () => timeline);
  return {
    ...proof,
    pass: (ms: number) => void (now += ms),
    connect: (to: string | null) => void (timeline = to),
    /** The database commits, and says how long ago it took over. @param under how long it takes to */
    commits(answered: Pick<Answered, 'timeline' | 'tookOver'>, under = 0) {
      const sent = stopwatch();
      now += under;
      proof.prove(sent, answered);
    },
    refuses() {
      expect(proof.holds()).toBe(false);
      expect(proof.check).toThrow(StoreUnavailable);
      expect(proof.check).toThrow('the database is unavailable: another server has just taken over');
    },
    believes() {
      expect([proof.holds(), proof.heldFor()]).toEqual([true, 0]);
      expect(proof.check).not.toThrow();
    },
  };
}

describe('a server that has just taken over', () => {
  it('is believed once as much time has passed as a node believes the one before it', () => {
    const one = node();
    one.commits({ timeline: first, tookOver: null });
    one.believes();
    one.connect(second);
    one.commits({ timeline: second, tookOver: 0 });
    expect(one.heldFor()).toBe(proofLasts);
    one.refuses();
    one.pass(proofLasts - 1);
    expect(one.heldFor()).toBe(1);
    one.refuses();
    one.pass(1);
    one.believes();
  });

  it('is believed no sooner by how often it has committed meanwhile', () => {
    const one = node(second);
    for (let tookOver = 0; tookOver < proofLasts; tookOver += 400) {
      one.commits({ timeline: second, tookOver });
      expect(one.heldFor()).toBe(proofLasts - tookOver);
      one.refuses();
      one.pass(400);
    }
    one.commits({ timeline: second, tookOver: proofLasts + 200 });
    one.believes();
  });

  it('is waited for from its answer on, and no shorter because the answer took long', () => {
    const one = node(second);
    one.commits({ timeline: second, tookOver: 1_000 }, 700);
    expect([one.age(), one.heldFor()]).toEqual([700, proofLasts - 1_000]);
    one.pass(proofLasts - 1_001);
    one.refuses();
    one.pass(1);
    one.believes();
  });

  it('is waited for by a node that has begun just then, and not by one that begins later', () => {
    const [early, late] = [node(second), node(second)];
    early.commits({ timeline: second, tookOver: 10 });
    late.commits({ timeline: second, tookOver: proofLasts });
    early.refuses();
    late.believes();
  });

  it('is not believed by what the one before it has committed', () => {
    const one = node();
    one.commits({ timeline: first, tookOver: null });
    one.connect(second);
    expect(one.heldFor()).toBe(0);
    one.refuses();
    one.commits({ timeline: second, tookOver: proofLasts });
    one.believes();
  });

  it('is waited for once more when another one takes over from it', () => {
    const one = node(second);
    one.commits({ timeline: second, tookOver: 0 });
    one.pass(proofLasts);
    one.believes();
    one.connect('00000003');
    one.commits({ timeline: '00000003', tookOver: 0 });
    one.refuses();
    one.pass(proofLasts);
    one.believes();
  });
});

describe('a database of which no other server is known', () => {
  it.each([first, null])('is believed at once, and as long as its last commit counts (connected to %s)', (to) => {
    const one = node(to);
    one.believes();
    one.commits({ timeline: first, tookOver: null }, 500);
    one.pass(proofLasts - 500);
    one.believes();
    one.pass(1);
    expect(one.holds()).toBe(false);
    expect(one.check).toThrow('the database is unavailable: it has committed nothing for too long');
    one.commits({ timeline: first, tookOver: null });
    one.believes();
  });
});
