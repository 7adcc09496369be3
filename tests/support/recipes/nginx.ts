import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { engines } from '../runner/engines.ts';
import { freePort } from '../freePort.ts';
import { begin, folder } from '../server/child.ts';

const isRoot = process.getuid?.() === 0;
/** `nobody`, as nginx is run where the tests are run by root. */
const nobody = { uid: 65_534, gid: 65_534 };

function program(): string {
  const engine = engines.find(({ name }) => name === 'nginx');
  const found = engine?.programs.flat().find((path) => existsSync(path));
  if (found === undefined) throw new Error(`These tests need nginx. ${engine?.how}`);
  return found;
}

/** All that nginx writes is in the folder it is started in. */
const main = `daemon off;
# One process, so that it is ended by its id.
master_process off;
pid nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  include site.conf;
}
`;

/** Where nginx will listen, so that the servers behind it can be told before it is started. */
export interface Front {
  readonly url: string;
  /**
   * Starts nginx with the configuration of a recipe.
   *
   * @param site the file
   * @param servers by the addresses that stand in the file, where they really are
   */
  readonly start: (site: string, servers: Readonly<Record<string, string>>) => Promise<void>;
}

/** A real nginx that no user has to trust: without rights, on loopback, with a folder of its own. */
export async function nginx(listens = '127.0.0.1:8080'): Promise<Front> {
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address.replace('127.0.0.1', 'localhost')}`;
  return {
    url,
    async start(site, servers) {
      const home = folder();
      let text = readFileSync(site, 'utf8').replace(listens, address);
      for (const [written, real] of Object.entries(servers)) text = text.replaceAll(written, new URL(real).host);
      writeFileSync(join(home, 'site.conf'), text);
      writeFileSync(join(home, 'nginx.conf'), main);
      if (isRoot) chownSync(home, nobody.uid, nobody.gid);
      const args = ['-p', `${home}/`, '-c', 'nginx.conf', '-e', 'stderr'];
      const child = begin(program(), args, { cwd: home, ...(isRoot && nobody) });
      const ended = child.gone.then(({ code }) => {
        throw new Error(`nginx ended with ${code}: ${child.err()}`);
      });
      await Promise.race([vi.waitFor(() => fetch(url), { timeout: 30_000, interval: 50 }), ended]);
      ended.catch(() => {});
    },
  };
}
