import { describe, expect, it } from 'vitest';
import { answerIn } from './answer.ts';

const sized = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nsession-status: active\r\n\r\nhello';
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n';

describe('the answer that bytes begin with', () => {
  it.each([
    ['of a length', sized],
    ['of chunks', chunked],
  ])('is read, %s, and what comes after it is left', (_, text) => {
    const answer = answerIn(Buffer.from(`${text}HTTP/1.1 200`));
    expect(answer).toMatchObject({ body: 'hello', size: text.length });
    expect(answer?.head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it.each([
    ['of a length', sized],
    ['of chunks', chunked],
  ])('is none before its last byte has come, %s', (_, text) => {
    for (let length = 0; length < text.length; length += 1)
      expect(answerIn(Buffer.from(text.slice(0, length)))).toBeNull();
  });

  it('has no body where none is said', () => {
    expect(answerIn(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))).toMatchObject({ body: '', size: 27 });
  });
});
