// The worker of an application, with options from a variable.
import { Hono } from 'hono';
import {
  CurfewDirectory,
  CurfewUser,
  passwords,
  protect,
  routeToUser,
  type CurfewEnv,
  type WorkersOptions,
  type WorkersSessionEnv,
} from '../../../../server/workers/index.ts';

export { CurfewDirectory };

interface Env extends CurfewEnv {
  /** JSON of options. */
  readonly OPTIONS: string;
}

const cost = { memory: 64, passes: 1, parallelism: 1 };

export class User extends CurfewUser {
  override options(): WorkersOptions {
    const { OPTIONS } = this.env as Env;
    return { accounts: passwords({ register: true, cost }), write: () => {}, ...JSON.parse(OPTIONS) };
  }
}

const app = new Hono<WorkersSessionEnv>();
app.use('/api/*', protect());
app.all('/api/hello', (c) => c.json({ hello: c.var.session.user, name: c.var.session.name }));
app.get('/api/leaving', async (c) => {
  const before = await c.var.session.check();
  const headers = { Authorization: c.req.header('Authorization') ?? '', 'Content-Type': 'application/json' };
  const url = new URL('/api/auth/logout', c.req.url);
  await routeToUser(new Request(url, { method: 'POST', headers, body: '{}' }), c.env);
  const refused = await c.var.session.check();
  return refused ?? c.json({ before });
});

// What workerd looks for.
// oxlint-disable-next-line import/no-default-export
export default app;
