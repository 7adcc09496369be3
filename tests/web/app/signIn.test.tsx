import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CredentialsForm } from '../../../web/app/CredentialsForm.tsx';
import { german } from '../../../web/app/german.ts';
import { CurfewProvider, english } from '../../../web/react/index.ts';
import { fakeTab } from '../../../web/testing/index.ts';

/** What the sign-in page says, read aloud at once, of a sign-in that did not work. */
function saidOf(code: string, messages: typeof english): string | undefined {
  const tab = fakeTab({ phase: 'signedOut', problem: code });
  const html = renderToString(
    <CurfewProvider tab={tab} messages={messages}>
      <CredentialsForm isNew={false} canRemember={false} problem={tab.state().problem} />
    </CurfewProvider>,
  );
  return new RegExp(`<p id="problem"[^>]* role="alert" lang="${messages.language}">(.*?)</p>`).exec(html)?.[1];
}

describe.each([
  ['English', english],
  ['German', german],
])('the sign-in page in %s', (_, messages) => {
  const words = (text: string | undefined) => text?.replaceAll("'", '&#x27;');

  it.each(['not_signed_in', 'unavailable', 'stale_proof', 'session_limit', 'session_mismatch'])(
    'WCAG 3.3.1 says of a sign-in elsewhere that it did not work: %s',
    (code) => {
      expect(messages.problems[code]).toMatch(/\w/);
      expect(saidOf(code, messages)).toBe(words(messages.problems[code]));
    },
  );

  it.each(['<b>Call 555-0100</b>', 'constructor', 'toString', '__proto__'])(
    'shows nothing of a code that it does not know: %s',
    (code) => {
      expect(saidOf(code, messages)).toBe(words(messages.otherProblem));
    },
  );

  it('says of a wrong password nothing but that', () => {
    expect(saidOf('invalid_credentials', messages)).toMatch(messages === german ? /Benutzername/ : /User name/);
  });
});
