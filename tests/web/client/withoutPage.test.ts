import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createTab } from '../../../web/client/index.ts';

describe('the client where there is no page', () => {
  it('has no document, so that this says something', () => {
    expect(typeof document).toBe('undefined');
    expect(typeof window).toBe('undefined');
  });

  it('can be imported on a server, makes a tab that shows “starting”, and never starts it', async () => {
    const asked: unknown[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (input) => {
      asked.push(input);
      return new Response();
    };
    try {
      const tab = createTab({ baseUrl: 'http://curfew.test' });
      const release = tab.hold();
      expect(await tab.ready()).toBe(tab.state());
      expect(tab.state()).toMatchObject({ phase: 'starting', isOpen: false, isLocked: false, user: null });
      release();
      await new Promise((resolve) => setTimeout(resolve));
      expect(asked).toEqual([]);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('can be imported in a worker', async () => {
    const door = new URL('../../../web/client/index.ts', import.meta.url);
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       import(${JSON.stringify(door.href)})
         .then(async ({ createTab }) => parentPort.postMessage((await createTab().ready()).phase))
         .catch((error) => parentPort.postMessage(String(error)));`,
      { eval: true },
    );
    const said = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(said).toBe('starting');
    expect(await worker.terminate()).toBe(1);
  });
});
