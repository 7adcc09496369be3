import { describe, expect, it } from 'vitest';
import {
  ownPath,
  readReturn,
  setProblem,
  setResumed,
  setReturn,
  takeProblem,
  takeResumed,
} from '../../../../web/client/tab/awayForSignIn.ts';
import { storage } from '../../../support/journey.ts';

const origin = 'https://app.example.com';

describe('where a user is sent back to', () => {
  it.each(['/', '/letters/3', '/letters/3?draft=1#end', '/a//b'])('is a path of the page’s own origin: %s', (path) => {
    expect(ownPath(path, origin)).toBe(path);
  });

  it.each([
    'https://evil.example',
    'https://app.example.com.evil.example/',
    '//evil.example/letters',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    'letters/3',
    '',
    null,
    { toString: () => '/letters' },
  ])('is nowhere else: %j', (path) => {
    expect(ownPath(path, origin)).toBeNull();
  });

  it('is kept by the tab that sent the user away, and the problem is told once', () => {
    const tab = storage();
    expect([readReturn(tab), takeProblem(tab)]).toEqual([null, null]);
    setReturn(tab, '/letters/3');
    setProblem(tab, 'stale_proof');
    expect([readReturn(tab), readReturn(tab), takeProblem(tab), takeProblem(tab)]).toEqual([
      '/letters/3',
      '/letters/3',
      'stale_proof',
      null,
    ]);
    setReturn(tab, null);
    expect(tab.items.size).toBe(0);
  });

  it('is told once which session the sign-in was to go on with', () => {
    const tab = storage();
    expect(takeResumed(tab)).toBeNull();
    setResumed(tab, 'session-1');
    expect([takeResumed(tab), takeResumed(tab)]).toEqual(['session-1', null]);
    expect(tab.items.size).toBe(0);
  });
});
