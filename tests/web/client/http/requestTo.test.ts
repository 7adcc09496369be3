import { describe, expect, it } from 'vitest';
import { requestTo } from '../../../../web/client/http/authenticatedRequests.ts';
import { createTokenStore } from '../../../../web/client/http/tokens.ts';
import { storage } from '../../../support/journey.ts';

const bearer = createTokenStore(storage());

/** What is asked of a server, and how. */
function asked(baseUrl: string, input: RequestInfo | URL, tokens: typeof bearer | null = null, init: RequestInit = {}) {
  const { make, isOurs } = requestTo({ baseUrl, tokens }, input, init);
  const { url, credentials } = make();
  return { url, credentials, isOurs };
}

describe('a request', () => {
  it.each([
    ['https://api.example.com', '/api/hello', 'https://api.example.com/api/hello'],
    ['https://api.example.com/', '/api/hello', 'https://api.example.com/api/hello'],
    ['https://example.com/letters', '/api/hello', 'https://example.com/letters/api/hello'],
    ['https://example.com/letters/', '/api/hello?a=/b', 'https://example.com/letters/api/hello?a=/b'],
    ['https://example.com/letters', 'https://example.com/other', 'https://example.com/other'],
  ])('of a path begins where the server does: %s, %s', (baseUrl, input, url) => {
    expect(asked(baseUrl, input)).toEqual({ url, credentials: 'include', isOurs: true });
  });

  it.each(['https://other.example.com/api/hello', '//other.example.com/api/hello', 'https://api.example.com:8443/'])(
    'to another server is none of ours, and takes no cookie along: %s',
    (input) => {
      expect(asked('https://api.example.com', input)).toMatchObject({ credentials: 'same-origin', isOurs: false });
      expect(asked('https://api.example.com', new Request(new URL(input, 'https://a.example')))).toMatchObject({
        credentials: 'same-origin',
        isOurs: false,
      });
    },
  );

  it('takes the cookie along to a server of another origin, and none where a token speaks', () => {
    const request = new Request('https://api.example.com/api/hello');
    expect(asked('https://api.example.com', request).credentials).toBe('include');
    expect(asked('https://api.example.com', request, bearer).credentials).toBe('same-origin');
    expect(asked('https://api.example.com', '/api/hello', bearer).credentials).toBe('same-origin');
    expect(asked('https://api.example.com', '/api/hello', null, { credentials: 'omit' }).credentials).toBe('omit');
  });
});
