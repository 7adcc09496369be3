import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../../../machines/index.ts';
import { openChannel, type Message } from '../../../../web/client/tab/channel.ts';
import { viewWith } from '../../../support/tab.ts';

function given(known: { id: string; version: number } | null = { id: 's1', version: 5 }) {
  const heard: unknown[] = [];
  const signedIn: string[] = [];
  let say: (message: unknown) => void = () => {};
  const told: unknown[] = [];
  const channel = openChannel(
    {
      postMessage: (message) => told.push(message),
      addEventListener: (_, listener) => (say = (data) => listener({ data })),
      close: () => heard.push('closed'),
    },
    {
      known: () => known,
      onView: (view) => heard.push(['view', view.version]),
      onSignedOut: (reason) => heard.push(['signedOut', reason]),
      onRevalidate: () => heard.push('doubt'),
      onSignIn: (session) => signedIn.push(session),
    },
  );
  return { heard, signedIn, told, channel, say: (message: unknown) => say(message) };
}

const viewMessage = (view: SessionView): Message => ({ kind: 'view', session: view.id, version: view.version, view });

describe('what a tab hears from others', () => {
  it('takes a newer view of its own session', () => {
    const { heard, say } = given();
    say(viewMessage(viewWith({ version: 6 })));
    expect(heard).toEqual([['view', 6]]);
  });

  it('ignores old versions, as a frozen tab that thaws says them again', () => {
    const { heard, say } = given();
    say(viewMessage(viewWith({ version: 5 })));
    say(viewMessage(viewWith({ version: 2 })));
    expect(heard).toEqual([]);
  });

  it('hears a sign-out and why', () => {
    const { heard, say } = given();
    say({ kind: 'signedOut', session: 's1', version: 5, reason: 'signed_out' });
    expect(heard).toEqual([['signedOut', 'signed_out']]);
  });

  it('asks the server when in doubt: another session, an old sign-out, or something it does not understand', () => {
    const { heard, say } = given();
    say(viewMessage(viewWith({ id: 's2', version: 1 })));
    say({ kind: 'signedOut', session: 's1', version: 3, reason: 'signed_out' });
    say({ kind: 'view', session: 's1', version: 9, view: { id: 's1' } });
    say({ kind: 'view', session: 's1', version: 9, view: viewWith({ version: 8 }) });
    say({ kind: 'view', session: 's1', version: 9, view: viewWith({ id: 's2', version: 9 }) });
    expect(heard).toEqual(['doubt', 'doubt', 'doubt', 'doubt', 'doubt']);
  });

  it('believes nothing while it knows of no session, and nothing that is no message', () => {
    const nobody = given(null);
    nobody.say(viewMessage(viewWith({ version: 6 })));
    expect(nobody.heard).toEqual([]);
    const { heard, say } = given();
    for (const message of [null, 'view', 7, {}, { kind: 'view', session: 's1' }, { kind: 'view', version: 9 }])
      say(message);
    expect(heard).toEqual([]);
  });

  it('hears that another tab has signed in, to a session that it does not know, also while it knows of none', () => {
    const landed: Message = { kind: 'signedIn', session: '', version: 0, problem: null };
    for (const known of [null, { id: 's1', version: 5 }]) {
      const { signedIn, say } = given(known);
      say(viewMessage(viewWith({ id: 's2', version: 1 })));
      say(viewMessage(viewWith({ id: 's3', version: 4, state: 'lapsed' })));
      say({ kind: 'view', session: 's4', version: 9, view: { id: 's4' } });
      say(landed);
      say({ ...landed, problem: 'stale_proof' });
      expect(signedIn).toEqual(['s2', '']);
    }
    const { signedIn, say } = given();
    say(viewMessage(viewWith({ version: 6 })));
    expect(signedIn).toEqual([]);
  });

  it('tells with session and version', () => {
    const { told, channel } = given();
    channel.tell(viewMessage(viewWith({ version: 6 })));
    expect(told).toEqual([expect.objectContaining({ kind: 'view', session: 's1', version: 6 })]);
  });
});
