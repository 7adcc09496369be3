import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { environment, folder, Program, tidy } from '../../support/server/child.ts';

afterAll(tidy);

it('a server whose log nobody reads any more goes on', async () => {
  const child = spawn(process.execPath, ['server/app/main.ts'], {
    env: environment(folder()),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    let url = '';
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.includes('"listening"')) continue;
      url = (JSON.parse(line) as { url: string }).url.replace('localhost', '127.0.0.1');
      break;
    }
    child.stdout.destroy();
    const ada = new Program({ url });
    expect((await ada.enter('register')).status).toBe(201);
    for (let n = 0; n < 20; n++) expect((await ada.get('/api/auth/me')).status).toBe(200);
    expect(child.exitCode).toBeNull();
  } finally {
    child.kill('SIGTERM');
  }
  expect(await exited).toEqual([0, null]);
});
