import { describe, expect, it } from 'vitest';
import { createWorld } from '../../support/server/world.ts';

const draft = (ciphertext: string) => ({ ciphertext, savedAt: 1 });

it.each(['sqlite', 'postgres'] as const)(
  'RFC 9110 13.1.1 If-Match: * writes over whatever is there, and where nothing is there writes nothing, in %s',
  async (log) => {
    const { client } = await createWorld({ log });
    const ada = client();
    await ada.register();
    const put = (text: string) => ada.call('PUT', '/api/drafts/letter', draft(text), { 'If-Match': '*' });
    const refused = await put('AAAA');
    expect(refused.status).toBe(412);
    expect(refused.body).toMatchObject({ code: 'precondition_failed' });
    expect(refused.headers.get('ETag')).toBeNull();
    expect((await ada.get('/api/drafts/letter')).status).toBe(404);
    expect((await ada.call('PUT', '/api/drafts/letter', draft('BBBB'))).status).toBe(201);
    expect((await put('CCCC')).status).toBe(200);
    expect((await ada.get('/api/drafts/letter')).body).toEqual(draft('CCCC'));
  },
);

const opaque = (etag: string | null) => etag ?? '""';

describe.each(['sqlite', 'postgres'] as const)('what a list of tags asks for, in %s', (log) => {
  const matches: readonly [header: (tag: string) => string, status: number][] = [
    [(tag) => tag, 200],
    [(tag) => `"other", ${tag}`, 200],
    [(tag) => `${tag},"other"`, 200],
    [(tag) => `, "a" ,, ${tag} ,`, 200],
    [(tag) => `"with,comma", ${tag}`, 200],
    [(tag) => `W/"other", ${tag}`, 200],
    [(tag) => `W/${tag}`, 412],
    [() => '"other"', 412],
    [() => '"other", "another"', 412],
    [(tag) => tag.replaceAll('"', ''), 412],
    [(tag) => tag.slice(0, -1), 412],
    [(tag) => `${tag} ${tag}`, 412],
    [(tag) => `*, ${tag}`, 412],
    [() => '', 412],
  ];

  it('RFC 9110 13.1.1 If-Match goes ahead for a strong tag of its list, and for nothing else', async () => {
    const { client } = await createWorld({ log });
    const ada = client();
    await ada.register();
    for (const [header, status] of matches) {
      const { headers } = await ada.call('PUT', '/api/drafts/letter', draft('AAAA'));
      const given = { 'If-Match': header(opaque(headers.get('ETag'))) };
      const put = await ada.call('PUT', '/api/drafts/letter', draft('BBBB'), given);
      expect([given, put.status]).toEqual([given, status]);
      const kept = await ada.get('/api/drafts/letter');
      expect([given, kept.body]).toEqual([given, draft(status === 200 ? 'BBBB' : 'AAAA')]);
      if (status !== 412) continue;
      expect(put.body).toMatchObject({ code: 'precondition_failed', ...draft('AAAA') });
      expect(put.headers.get('ETag')).toBe(kept.headers.get('ETag'));
      expect((await ada.call('DELETE', '/api/drafts/letter', undefined, given)).status).toBe(412);
      expect((await ada.get('/api/drafts/letter')).body).toEqual(draft('AAAA'));
    }
    const { headers } = await ada.get('/api/drafts/letter');
    const given = { 'If-Match': `"other", ${headers.get('ETag')}` };
    expect((await ada.call('DELETE', '/api/drafts/letter', undefined, given)).status).toBe(204);
    expect((await ada.get('/api/drafts/letter')).status).toBe(404);
  });

  it('RFC 9110 13.1.2 If-None-Match: * writes only where nothing is, and a tag only over another copy', async () => {
    const { client } = await createWorld({ log });
    const ada = client();
    await ada.register();
    const put = (text: string, tag: string) =>
      ada.call('PUT', '/api/drafts/letter', draft(text), { 'If-None-Match': tag });
    expect((await put('AAAA', '*')).status).toBe(201);
    expect((await put('BBBB', '*')).status).toBe(412);
    const tag = opaque((await ada.get('/api/drafts/letter')).headers.get('ETag'));
    expect((await put('BBBB', `"other", W/${tag}`)).status).toBe(412);
    expect((await ada.get('/api/drafts/letter')).body).toEqual(draft('AAAA'));
    expect((await put('BBBB', '"other"')).status).toBe(200);
  });
});

it('RFC 9110 13.1.2 whoever has the copy, or the version of the session, is told so with a 304 and no body', async () => {
  const { client } = await createWorld();
  const ada = client();
  await ada.register();
  await ada.call('PUT', '/api/drafts/letter', draft('AAAA'));
  for (const path of ['/api/drafts/letter', '/api/auth/session-info']) {
    const tag = opaque((await ada.get(path)).headers.get('ETag'));
    for (const known of [tag, `"other", ${tag}`, '*', tag.replace('W/', '')]) {
      const answer = await ada.get(path, { 'If-None-Match': known });
      expect([path, known, answer.status, answer.text]).toEqual([path, known, 304, '']);
      expect(answer.headers.get('ETag')).toBe(tag);
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
      expect(answer.headers.get('Session-Status')).toMatch(/^active; /);
    }
    expect((await ada.get(path, { 'If-None-Match': '"other"' })).status).toBe(200);
  }
});
