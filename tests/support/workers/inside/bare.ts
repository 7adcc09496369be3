// The worker of an application that chooses nothing: the classes as they are, and `protect`.
import { Hono } from 'hono';
import { curfewOf, operator, protect, type WorkersSessionEnv } from '../../../../server/workers/index.ts';

export { CurfewDirectory, CurfewUser } from '../../../../server/workers/index.ts';

const app = new Hono<WorkersSessionEnv>();
app.use('/api/*', protect());
app.get('/api/hello', (c) => c.json({ hello: c.var.session.user }));
app.post('/sign-in', async (c) => {
  const { user } = await c.req.json();
  const result = await curfewOf(c.env).signIn(c, { user, method: ['otp'], authenticatedAt: Date.now() });
  return result.ok ? c.json({ isSignedIn: true }) : result.response;
});
app.post('/end', async (c) => c.json(await curfewOf(c.env).revoke(await c.req.json(), { reason: 'the test' })));
app.route('/operator', operator());

// What workerd looks for.
// oxlint-disable-next-line import/no-default-export
export default app;
