import { describe, expect, it } from 'vitest';
import type { Kept, Operation } from '../support/judge/history.ts';
import { judge, type Verdict } from '../support/judge/judge.ts';

const clean: Verdict = { acceptedAfterEnd: [], aliveAfterEnded: [], overLimit: [], lost: [], damaged: [] };

type Written = [kind: Operation['kind'], session: string, told: Operation['told'], begun: number, over: number];

const history = (...written: Written[]): Operation[] =>
  written.map(([kind, session, told, begun, over]) => ({
    kind,
    session,
    told,
    begun,
    over,
    user: 'ada',
    version: 0,
    node: 0,
  }));

const whole = (log: Partial<Kept> = {}): Kept => ({ entries: 1, isWhole: true, isEnded: true, ...log });
const keeping = (...sessions: string[]) => [new Map(sessions.map((session) => [session, whole()]))];

const of = (operations: readonly Operation[], limit = 9) => {
  const { acceptedAfterEnd, aliveAfterEnded, overLimit, lost, damaged } = judge(
    operations,
    keeping(...operations.map(({ session }) => session)),
    limit,
  );
  return [acceptedAfterEnd, aliveAfterEnded, overLimit, lost, damaged].map(({ length }) => length);
};

describe('the judge of what servers have answered', () => {
  it('finds nothing in what is as it should be', () => {
    const operations = history(
      ['sign in', 'a', 'live', 1, 2],
      ['use', 'a', 'live', 3, 6],
      ['end', 'a', 'done', 4, 5],
      ['use', 'a', 'ended', 7, 8],
    );
    expect(judge(operations, keeping('a'), 1)).toEqual(clean);
  });

  it('finds a use that began after the end was acknowledged', () => {
    expect(of(history(['sign in', 'a', 'live', 1, 2], ['end', 'a', 'done', 3, 4], ['use', 'a', 'live', 5, 6]))).toEqual(
      [1, 0, 0, 0, 0],
    );
  });

  it('lets one that began before the answer fall either way', () => {
    for (const told of ['live', 'ended', 'unknown'] as const)
      expect(of(history(['sign in', 'a', 'live', 1, 2], ['end', 'a', 'done', 3, 5], ['use', 'a', told, 4, 6]))).toEqual(
        [0, 0, 0, 0, 0],
      );
  });

  it('lets an end that was not answered fall either way', () => {
    expect(
      of(history(['sign in', 'a', 'live', 1, 2], ['end', 'a', 'unknown', 3, 4], ['use', 'a', 'live', 5, 6])),
    ).toEqual([0, 0, 0, 0, 0]);
  });

  it('finds a session that somebody has seen ended, and somebody else alive later', () => {
    const seen = history(
      ['sign in', 'a', 'live', 1, 2],
      ['end', 'a', 'unknown', 3, 4],
      ['look', 'a', 'ended', 5, 6],
      ['look', 'a', 'live', 7, 8],
    );
    expect(of(seen)).toEqual([0, 1, 0, 0, 0]);
  });

  it('finds more sessions than there may be', () => {
    const three = history(
      ['sign in', 'a', 'live', 1, 2],
      ['sign in', 'b', 'live', 3, 4],
      ['sign in', 'c', 'live', 5, 6],
      ['use', 'a', 'live', 7, 8],
      ['use', 'b', 'live', 9, 10],
      ['use', 'c', 'live', 11, 12],
    );
    expect(of(three, 2)).toEqual([0, 0, 1, 0, 0]);
    expect(of(three, 3)).toEqual([0, 0, 0, 0, 0]);
  });

  it('counts nobody as alive after the last that is known of them', () => {
    const displaced = history(
      ['sign in', 'a', 'live', 1, 2],
      ['use', 'a', 'live', 3, 9],
      ['sign in', 'b', 'live', 4, 5],
      ['use', 'b', 'live', 6, 7],
    );
    expect(of(displaced, 1)).toEqual([0, 0, 0, 0, 0]);
  });

  it('finds what was acknowledged and is not there', () => {
    const operations = history(['sign in', 'a', 'live', 1, 2], ['end', 'a', 'done', 3, 4]).map((each) => ({
      ...each,
      version: 3,
    }));
    expect(judge(operations, [new Map()], 1)).toEqual({ ...clean, lost: ['a is not there'] });
    expect(judge(operations, [new Map([['a', whole({ entries: 2, isEnded: false })]])], 1)).toEqual({
      ...clean,
      lost: ['a has 2 entries of 3', 'the end of a is not there'],
    });
    expect(judge(operations, [new Map([['a', whole({ entries: 3 })]])], 1)).toEqual(clean);
  });

  it('asks for nothing of a sign-in that was not answered', () => {
    expect(judge(history(['use', 'a', 'unknown', 1, 2]), [new Map()], 1)).toEqual(clean);
  });

  it('finds a log that is not whole', () => {
    const operations = history(['sign in', 'a', 'live', 1, 2]);
    expect(judge(operations, [new Map([['a', whole({ isWhole: false })]])], 1)).toEqual({ ...clean, damaged: ['a'] });
  });
});
