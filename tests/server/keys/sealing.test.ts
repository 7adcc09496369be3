import { expect, test } from 'vitest';
import { createSealing } from '../../../server/keys/sealing.ts';

const [secret, older] = ['a secret of at least thirty-two bytes', 'an older secret of thirty-two bytes and more'];
const sealing = createSealing(secret, [older]);
const seal = (text: string, token: string) => sealing.seal(text, token);
const open = (sealed: string, token: string) => sealing.open(sealed, token);

test('a sealed text is opened with its token, also one sealed with a secret of before', async () => {
  for (const text of ['', 'ünïcode 🕯 \0', 'x'.repeat(300_000)]) {
    expect(await open(await seal(text, 'token'), 'token')).toBe(text);
    expect(await open(await createSealing(older).seal(text, 'token'), 'token')).toBe(text);
  }
});

test('and with no other token or secret, nor when it was changed', async () => {
  const sealed = await seal('a text', 'token');
  expect(sealed).not.toContain(btoa('a text'));
  expect(await open(sealed, 'Token')).toBeNull();
  expect(await createSealing(older).open(sealed, 'token')).toBeNull();
  const parts = sealed.split('.');
  const changed = parts.map((part, i) => (i === 3 ? `${part[0] === 'A' ? 'B' : 'A'}${part.slice(1)}` : part)).join('.');
  for (const other of [changed, sealed.slice(0, -4), 'nonsense', '']) expect(await open(other, 'token')).toBeNull();
});

test('each text is sealed anew', async () => expect(await seal('x', 'token')).not.toBe(await seal('x', 'token')));
