import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CurfewProvider, SessionGuard, useCurfew } from '../../../web/react/index.ts';

function Phase() {
  return <p>{useCurfew().phase}</p>;
}

describe('a page that is rendered on a server', () => {
  it('shows that it is not known yet who is here, and nothing of the content', () => {
    const html = renderToString(
      <CurfewProvider baseUrl="http://curfew.test">
        <Phase />
        <SessionGuard signIn={<p>Sign in</p>}>
          <p>secret</p>
        </SessionGuard>
      </CurfewProvider>,
    );
    expect(html).toContain('<p>starting</p>');
    expect(html).not.toContain('secret');
  });
});
