import { createHmac, generateKeyPairSync } from 'node:crypto';
import { CompactSign, exportJWK, exportSPKI } from 'jose';
import type { Dependencies } from '../../../server/routes/dependencies.ts';

/** What a token of ours says, or a forger wants it to say. */
export type Said = Readonly<Record<string, unknown>>;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

export const saidBy = (token: string): Said =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Said;

/** Signs with the server's own key whatever one likes: what only a bug of ours, or a thief of the key, could. */
export function signedByUs({ keys }: Pick<Dependencies, 'keys'>, said: unknown, header: Said = {}): Promise<string> {
  return new CompactSign(bytes(said))
    .setProtectedHeader({ alg: keys.algorithm, typ: 'session+jwt', ...header })
    .sign(keys.sign);
}

const hmac = (header: Said, said: Said, secret: string | Uint8Array): string => {
  const text = `${encode(header)}.${encode(said)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

const without = (said: Said, name: string): Said =>
  Object.fromEntries(Object.entries(said).filter(([each]) => each !== name));

/** Changes one bit of one byte of a part. */
function flipped(token: string, part: 0 | 1 | 2, byte: number): string {
  const parts = token.split('.').map((each) => Buffer.from(each, 'base64url'));
  const chosen = parts[part] ?? Buffer.alloc(0);
  const at = byte < 0 ? chosen.length + byte : byte;
  chosen[at] = (chosen[at] ?? 0) ^ 1;
  return parts.map((each) => each.toString('base64url')).join('.');
}

/**
 * Tokens that a good one can be turned into, by name. Where a key can be named by its address, it is `at` that is named.
 */
export async function forgeries(
  parts: Pick<Dependencies, 'keys'>,
  good: string,
  at: string,
): Promise<Readonly<Record<string, string>>> {
  const said = saidBy(good);
  const [header = '', payload = '', signature = ''] = good.split('.');
  const typ = 'session+jwt';
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ed = generateKeyPairSync('ed25519');
  const theirs = 'a secret of the forger, long enough for anybody';
  const ours = (changed: Said, head: Said = {}) => signedByUs(parts, changed, head);
  const rsaJwk = { ...(await exportJWK(rsa.publicKey)) };
  const edJwk = { ...(await exportJWK(ed.publicKey)) };
  const sign = (key: typeof rsa.privateKey, head: Said & { alg: string }) =>
    new CompactSign(bytes(said)).setProtectedHeader({ typ, ...head }).sign(key);

  const missing: Record<string, string> = {};
  for (const name of Object.keys(said)) missing[`9.2.1 without ${name}`] = await ours(without(said, name));
  const published = parts.keys.publicKeys.map((jwk) => Buffer.from(jwk.x ?? '', 'base64url'));
  const confused: Record<string, string> = {};
  for (const [index, key] of published.entries()) {
    confused[`9.1.2 HS256 under our public key ${index}`] = hmac({ alg: 'HS256', typ }, said, key);
    confused[`9.1.2 HS256 under our public key ${index} as text`] = hmac(
      { alg: 'HS256', typ },
      said,
      key.toString('base64url'),
    );
  }

  return {
    ...missing,
    ...confused,
    'that is no token': 'nonsense',
    'of dots': '..',
    'of five parts': `${good}.${header}.${payload}`,
    'cut off in its signature': good.slice(0, -5),
    'cut off before its signature': `${header}.${payload}`,
    'with an empty signature': `${header}.${payload}.`,
    'with padding': `${good}${'='.repeat((4 - (signature.length % 4)) % 4)}`,
    'that is far too long': `${good}${'A'.repeat(5_000)}`,
    '9.1.1 with a flipped bit at the start of its signature': flipped(good, 2, 0),
    '9.1.1 with a flipped bit at the end of its signature': flipped(good, 2, -1),
    '9.1.1 with a flipped bit in its claims': flipped(good, 1, 9),
    '9.1.1 with a flipped bit in its header': flipped(good, 0, -3),
    '9.1.1 with other claims under the same signature': `${header}.${encode({ ...said, gen: 7 })}.${signature}`,
    '9.1.1 with a stranger’s signature': hmac({ alg: 'HS256', typ }, said, theirs),
    '9.1.1 with an empty secret’s signature': hmac({ alg: 'HS256', typ }, said, ''),
    '9.1.2 of algorithm none': `${encode({ alg: 'none', typ })}.${payload}.`,
    '9.1.2 of algorithm nOnE': `${encode({ alg: 'nOnE', typ })}.${payload}.`,
    '9.1.2 of algorithm none with the good signature': `${encode({ alg: 'none', typ })}.${payload}.${signature}`,
    '9.1.2 of no algorithm': `${encode({ typ })}.${payload}.${signature}`,
    '9.1.2 of RS256': await sign(rsa.privateKey, { alg: 'RS256' }),
    '9.1.2 of EdDSA by a stranger': await sign(ed.privateKey, { alg: 'EdDSA' }),
    '9.1.2 HS256 under a stranger’s public key': hmac({ alg: 'HS256', typ }, said, await exportSPKI(rsa.publicKey)),
    '9.1.3 that brings its RSA key': await sign(rsa.privateKey, { alg: 'RS256', jwk: rsaJwk }),
    '9.1.3 that brings its Ed25519 key': await sign(ed.privateKey, { alg: 'EdDSA', jwk: edJwk }),
    '9.1.3 that brings its secret': hmac(
      { alg: 'HS256', typ, jwk: { kty: 'oct', k: Buffer.from(theirs).toString('base64url') } },
      said,
      theirs,
    ),
    '9.1.3 that says where its key is (jku)': await sign(ed.privateKey, { alg: 'EdDSA', jku: `${at}/jku`, kid: 'x' }),
    '9.1.3 that says where its certificate is (x5u)': await sign(rsa.privateKey, { alg: 'RS256', x5u: `${at}/x5u` }),
    '9.1.3 that names a file as its key': hmac({ alg: 'HS256', typ, kid: '/dev/null' }, said, ''),
    '9.2.2 of type JWT': await ours(said, { typ: 'JWT' }),
    '9.2.2 of type at+jwt': await ours(said, { typ: 'at+jwt' }),
    '9.2.3 for another audience': await ours({ ...said, aud: 'https://app.example' }),
    '9.2.3 for several audiences': await ours({ ...said, aud: ['curfew', 'other'] }),
    '9.2.3 of another issuer': await ours({ ...said, iss: 'https://issuer.example' }),
    'with a generation that is text': await ours({ ...said, gen: '0' }),
    'with a negative generation': await ours({ ...said, gen: -1 }),
    'with a broken generation': await ours({ ...said, gen: 0.5 }),
    'of a generation that was never made': await ours({ ...said, gen: 99 }),
    '9.2.1 that is to begin later': await ours({ ...said, nbf: Number(said['exp']) }),
    'with an end that is text': await ours({ ...said, exp: '9999999999' }),
    'with an end beyond all numbers': await ours({ ...said, exp: 1e300 }),
    'with a session that is a list': await ours({ ...said, sid: [said['sid']] }),
    'with a session of no name': await ours({ ...said, sid: '' }),
    'of another user': await ours({ ...said, sub: 'somebody-else' }),
    'whose claims are no object': await signedByUs(parts, 'claims'),
    'whose claims are null': await signedByUs(parts, null),
    'with an extension we do not know': await new CompactSign(bytes(said))
      .setProtectedHeader({ alg: parts.keys.algorithm, typ, crit: ['urn:x'], 'urn:x': true })
      .sign(parts.keys.sign, { crit: { 'urn:x': true } }),
  };
}

/** A token as good as ours, of a session that never was. */
export const ofNoSession = (parts: Pick<Dependencies, 'keys'>, good: string): Promise<string> =>
  signedByUs(parts, { ...saidBy(good), sid: 'no-such-session-anywhere' });
