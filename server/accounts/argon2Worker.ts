// Loaded as a thread by argon2.ts, where the runtime has no argon2 of its own.
import { parentPort } from 'node:worker_threads';
import type { Argon2Answer, Argon2Parameters } from './argon2.ts';

const loading = import('hash-wasm');

async function answerTo({ message, nonce, ...parameters }: Argon2Parameters): Promise<Argon2Answer> {
  try {
    const { argon2id } = await loading;
    const tag = await argon2id({
      password: new TextEncoder().encode(message),
      salt: nonce,
      hashLength: parameters.tagLength,
      memorySize: parameters.memory,
      iterations: parameters.passes,
      parallelism: parameters.parallelism,
      outputType: 'binary',
    });
    return { tag };
  } catch (error) {
    return { error: String(error) };
  }
}

// Heard from the start: what came before that would be lost. One after another, so that answers keep the order.
let last = Promise.resolve();
parentPort?.on('message', (parameters: Argon2Parameters) => {
  last = last.then(async () => parentPort?.postMessage(await answerTo(parameters)));
});
