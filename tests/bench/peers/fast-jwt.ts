import { createSigner, createVerifier } from 'fast-jwt';
import type { Served } from '../peer.ts';
import { serveHono } from '../serving.ts';
import { bearer } from './bearer.ts';
import { absolute, secret } from '../secret.ts';

/** With `cache: true`, which keeps the last 1,000 tokens. @see https://github.com/nearform/fast-jwt#caching */
export async function start(): Promise<Served> {
  const sign = createSigner({ key: secret, algorithm: 'HS256', expiresIn: absolute * 1000 });
  const verify = createVerifier({ key: secret, algorithms: ['HS256'], cache: true });
  return serveHono(
    bearer((token) => verify(token).sub),
    (user) => new Response(sign({ sub: user })),
  );
}
