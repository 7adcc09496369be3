import { expect, it } from 'vitest';
import { createWorld } from './world.ts';

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
