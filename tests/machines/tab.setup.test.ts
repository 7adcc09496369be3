import { describe, expect, it } from 'vitest';
import { createActor, toPromise, type AnyActorLogic } from 'xstate';
import { tabMachine } from '../../machines/index.ts';
import { credentialsOf, proofOf, warningOf } from '../../machines/tab.setup.ts';
import { unknown } from '../../machines/tab.context.ts';
import { credentials, effects, serverWith } from '../support/tabMachine.ts';
import { t0 } from '../support/machines.ts';

describe('what a tab asks with', () => {
  it('is what was typed to sign in, and nothing else of the event', () => {
    expect(credentialsOf({ type: 'signIn.asked', ...credentials })).toEqual(credentials);
    const other = { type: 'reauthentication.asked', ...credentials };
    expect(() => credentialsOf(other)).toThrow('reauthentication.asked carries no credentials');
  });

  it('is the password that was typed to come back', () => {
    const typed = { type: 'reauthentication.asked', password: 'right' };
    expect(proofOf(typed)).toEqual({ password: 'right' });
    for (const password of [undefined, 5])
      expect(() => proofOf({ ...typed, password } as { type: string })).toThrow(
        'reauthentication.asked carries no proof',
      );
    expect(() => proofOf({ type: 'signIn.chosen' })).toThrow('signIn.chosen carries no proof');
  });

  it('is what makes the server sign in by another way, and nothing else of the event', () => {
    const prove = async () => {};
    const asked = { type: 'signIn.asked', prove, username: 'ada' };
    expect(credentialsOf(asked)).toEqual({ prove });
    expect(proofOf({ ...asked, type: 'reauthentication.asked' })).toEqual({ prove });
    expect(() => proofOf({ type: 'reauthentication.asked', prove: 'popup' } as { type: string })).toThrow(
      'reauthentication.asked carries no proof',
    );
  });
});

describe('what the browser does for a tab', () => {
  it.each(effects)('is refused where no browser provides it: %s', async (name) => {
    const logic = tabMachine.implementations.actors[name] as AnyActorLogic;
    await expect(toPromise(createActor(logic).start())).rejects.toThrow('the browser provides this');
  });
});

describe('the warning that is told', () => {
  it('is the view in force with the stage that is shown', () => {
    const view = serverWith().at(t0);
    expect(warningOf({ ...unknown, view, stage: 'dialog' })).toEqual({ type: 'warning.told', view, stage: 'dialog' });
  });
});
