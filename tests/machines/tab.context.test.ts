import { describe, expect, it } from 'vitest';
import {
  isNews,
  nextAlarm,
  problemOf,
  reasonIn,
  saysLost,
  saysOver,
  unknown,
  withClock,
  withProblem,
  withView,
} from '../../machines/tab.context.ts';
import { hours, minutes, seconds, type ServerAnswered, type TabContext } from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { serverWith, user } from '../support/tabMachine.ts';

const viewAt = (at: number) => serverWith().at(at);
const fresh = viewAt(t0);
const answered = (more: Partial<ServerAnswered> = {}): ServerAnswered => ({
  type: 'server.answered',
  view: fresh,
  ...more,
});
const knowing = (more: Partial<TabContext> = {}): TabContext => ({ ...unknown, view: fresh, ...more });

it('a tab that has not asked the server yet knows of nobody, and has nothing on its way', () => {
  const nothing = { user: null, view: null, now: 0, retryAt: null, problem: null, reason: null, isAnother: false };
  expect(unknown).toEqual({ ...nothing, stage: 'toast', isRefreshing: false, refreshProblem: null });
});

describe('a view', () => {
  const version = (of: number, isAsked?: boolean) =>
    answered({ view: { ...fresh, version: of }, ...(isAsked !== undefined && { isAsked }) });
  const known = knowing({ view: { ...fresh, version: 5 } });

  it('that nobody asked for is news when it is newer', () => {
    expect([4, 5, 6].map((of) => isNews(known, version(of)))).toEqual([false, false, true]);
    expect([4, 5, 6].map((of) => isNews(known, version(of, false)))).toEqual([false, false, true]);
  });

  it('that was asked for is news when it is not older', () => {
    expect([4, 5, 6].map((of) => isNews(known, version(of, true)))).toEqual([false, true, true]);
  });

  it('of another session, or the first one, is news only when it was asked for', () => {
    const other = { ...fresh, id: 's2', version: 99 };
    for (const context of [known, unknown]) {
      expect(isNews(context, answered({ view: other }))).toBe(false);
      expect(isNews(context, answered({ view: other, isAsked: true }))).toBe(true);
    }
  });
});

describe('what a tab knows after it took a view', () => {
  const troubled = knowing({ user, retryAt: t0, problem: { code: 'network', at: t0 }, reason: 'idle' });

  it('has the server’s clock, and neither problem nor reason while the session is live', () => {
    const later = viewAt(t0 + minutes(26));
    const known = { view: later, user, now: t0 + minutes(26), stage: 'toast', reason: null, isAnother: false };
    expect(withView(troubled, answered({ view: later }))).toEqual({ ...known, retryAt: null, problem: null });
  });

  it('has the dialog when its time has come', () => {
    expect(withView(unknown, answered({ view: viewAt(t0 + minutes(28) - 1) })).stage).toBe('toast');
    expect(withView(unknown, answered({ view: viewAt(t0 + minutes(28)) })).stage).toBe('dialog');
  });

  it('has the reason of an end, and keeps what did not work', () => {
    const lapsed = viewAt(t0 + minutes(31));
    const known = { view: lapsed, user, now: t0 + minutes(31), stage: 'toast', reason: 'idle' };
    expect(withView(troubled, answered({ view: lapsed }))).toEqual(known);
    const { reason, ...silent } = lapsed;
    expect(reason).toBe('idle');
    expect(withView(troubled, answered({ view: silent })).reason).toBeNull();
  });

  it('has the user that the answer names, and otherwise the one it knew', () => {
    const other = { id: 'u2', username: 'bob' };
    expect(withView(troubled, answered({ user: other })).user).toEqual(other);
    expect(withView(troubled, answered({ user: null })).user).toEqual(user);
    expect(withView(unknown, answered()).user).toBeNull();
  });
});

describe('what a tab knows after the clock moved on', () => {
  it('has no retry that has come', () => {
    const context = knowing({ retryAt: t0 + 5 });
    expect(withClock(context, t0 + 4)).toEqual({ now: t0 + 4, retryAt: t0 + 5, stage: 'toast' });
    expect(withClock(context, t0 + 5)).toEqual({ now: t0 + 5, retryAt: null, stage: 'toast' });
    expect(withClock(unknown, t0)).toEqual({ now: t0, retryAt: null, stage: 'toast' });
  });

  it('has the dialog from its time on, and keeps it after the end', () => {
    const stage = (at: number, before: TabContext['stage']) => withClock(knowing({ stage: before }), at).stage;
    expect(stage(t0 + minutes(28) - 1, 'toast')).toBe('toast');
    expect(stage(t0 + minutes(28), 'toast')).toBe('dialog');
    expect(stage(t0 + minutes(30), 'dialog')).toBe('dialog');
    expect(stage(t0 + minutes(30), 'toast')).toBe('toast');
  });
});

describe('what a tab knows after something did not work', () => {
  it('has when to try again: when the server says, or in 5 s', () => {
    const problem = { code: 'unavailable', at: t0 };
    expect(withProblem(problem)).toEqual({ problem, now: t0, retryAt: t0 + seconds(5) });
    for (const retryAfter of [0, seconds(20)]) {
      const told = { ...problem, retryAfter };
      expect(withProblem(told)).toEqual({ problem: told, now: t0, retryAt: t0 + retryAfter });
    }
  });
});

describe('when a tab wants to be woken', () => {
  it('is for the next thing that the person sees', () => {
    const alarms = [t0, t0 + minutes(25), t0 + minutes(28)].map((now) => nextAlarm(knowing({ now })));
    expect(alarms).toEqual([t0 + minutes(25), t0 + minutes(28), t0 + minutes(30)]);
    expect(nextAlarm(knowing({ now: t0 + minutes(30) }))).toBeNull();
  });

  it('is for the end of the time in which a lapsed session can be resumed', () => {
    const view = viewAt(t0 + minutes(31));
    expect(nextAlarm(knowing({ view, now: t0 + minutes(31) }))).toBe(t0 + minutes(30) + hours(24));
    expect(nextAlarm(knowing({ view, now: t0 + minutes(30) + hours(24) }))).toBeNull();
  });

  it('is for the next try when that comes first, and never for one that has come', () => {
    expect(nextAlarm(knowing({ now: t0, retryAt: t0 + 1 }))).toBe(t0 + 1);
    expect(nextAlarm(knowing({ now: t0 + 1, retryAt: t0 + 1 }))).toBe(t0 + minutes(25));
    expect(nextAlarm(knowing({ now: t0, retryAt: t0 + minutes(99) }))).toBe(t0 + minutes(25));
  });

  it('is never when it knows of no session, or of one that has ended', () => {
    expect(nextAlarm({ ...unknown, now: t0 })).toBeNull();
    expect(nextAlarm(knowing({ view: viewAt(t0 + hours(99)), now: t0 + hours(99) }))).toBeNull();
    expect(nextAlarm({ ...unknown, now: t0, retryAt: t0 + 1 })).toBe(t0 + 1);
  });
});

describe('what was thrown', () => {
  it.each([new TypeError('failed to fetch'), 'network', null, undefined, {}])(
    'is taken for a network that is away when it has no code: %s',
    (error) => {
      expect(problemOf(error, t0)).toEqual({ code: 'network', at: t0 });
    },
  );

  it('is the server’s word when it has one', () => {
    const whole = { code: 'too_many_attempts', at: 7, detail: 'Wait.', retryAfter: 3 };
    expect(problemOf(whole, t0)).toEqual(whole);
    expect(problemOf({ code: 503 }, t0)).toEqual({ code: '503', at: t0 });
    expect(problemOf({ code: 'unavailable', at: 'now', detail: 1, retryAfter: '3' }, t0)).toEqual({
      code: 'unavailable',
      at: t0,
    });
  });

  it('says why the session is over, or nothing, told or thrown', () => {
    for (const reason of ['idle', 'absolute', 'signed_out', 'revoked', 'displaced', 'compromised', 'expired'])
      expect([reasonIn({ reason }), reasonIn({ error: { reason } })]).toEqual([reason, reason]);
    for (const error of [null, undefined, 'idle', {}, { reason: 'bored' }, { reason: null }])
      expect(reasonIn({ reason: 'idle', error })).toBeNull();
    expect(reasonIn({})).toBeNull();
  });

  it('means the end of the session, the loss of the credential, or only that this try failed', () => {
    const meaning = (code: string) => [saysOver({ code, at: t0 }), saysLost({ code, at: t0 })];
    for (const code of ['session_lapsed', 'session_ended']) expect(meaning(code)).toEqual([true, false]);
    for (const code of ['unauthenticated', 'invalid_token', 'session_mismatch', 'token_superseded'])
      expect(meaning(code)).toEqual([false, true]);
    for (const code of ['network', 'unavailable', '']) expect(meaning(code)).toEqual([false, false]);
  });
});
