import { Hono, type Context } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { answerFailure } from '../../http/failure.ts';
import { discardRest } from '../../http/limit.ts';
import { dispatchTo } from '../../http/ownRoutes.ts';
import { problem } from '../../http/problem.ts';
import { logRequests } from '../../http/requestLog.ts';
import { docsRoutes } from '../../operations/docs.ts';
import { randomId } from '../../options.ts';
import { systemClock } from '../../systemClock.ts';
import { curfewOf, health, operator, protect, type WorkersSessionEnv } from '../../workers/index.ts';
import { writeToConsole } from '../../workers/unavailable.ts';
import { accountRoutes } from '../account.ts';
import { conversationRoutes } from '../conversations.ts';
import { boundCeremonies } from '../ceremonies.ts';
import { longerWarnings } from '../longerWarning.ts';
import { noSniffing } from '../noSniffing.ts';
import { originOf } from '../origin.ts';
import { passkeyRoutes, passkeySignInRoutes } from '../passkeys/routes.ts';
import { descriptionWith } from '../routeDescriptions.ts';
import { settingsRoutes } from '../settings.ts';
import { signInWays } from '../ways.ts';
import { configOf, type AppEnv } from './env.ts';
import { ceremoniesOf, handleOf, passkeysOf } from './passkeys.ts';
import { pages } from './pages.ts';
import { workOf } from './work.ts';

/** What an object keeps in one row is 2 MB at most: a message comes as JSON, which is never shorter than it. */
const largestMessage = 1_900_000;

/**
 * The reference application on Workers: its API before the pages, with the sign-in by a password or a passkey.
 *
 * @throws InvalidVariable with one line: the variable, its value and what is allowed
 */
export function createApp(env: AppEnv): Hono<WorkersSessionEnv> {
  const { policy, registration, origins } = configOf(env);
  const parts = { clock: systemClock, newId: randomId, write: writeToConsole };
  const curfew = curfewOf(env);
  const recent = protect({ recent: Math.max(1, policy.freshAuth) });
  const work = workOf(env);
  const canRegister = registration === 'open';
  const offered = { policy, longerWarnings: longerWarnings(policy), canRegister, ways: signInWays(null) };
  const passkeyParts = {
    ...parts,
    curfew,
    recent,
    passkeys: passkeysOf(env),
    ceremonies: boundCeremonies({ ...parts, store: ceremoniesOf(env) }),
    originOf: originOf(origins),
    handleOf: handleOf(env),
  };
  const app = new Hono<WorkersSessionEnv>();
  const onMethodNotAllowed = (c: Context, allow: string[]) =>
    problem(c, 'method_not_allowed', { headers: { Allow: allow.join(', ') } });
  const show = dispatchTo(pages(env.ASSETS)).dispatch;
  // The operator's routes before what would tell their methods: without the key there are none.
  app.use(logRequests(parts), discardRest, noSniffing).route('/operator', operator());
  app
    .use(methodNotAllowed({ app, onMethodNotAllowed }))
    .route('/', health())
    .route('/', docsRoutes(descriptionWith(canRegister, false)))
    .get('/api/policy', (c) => c.json(offered, 200, { 'Cache-Control': 'no-store' }))
    .use('/api/sign-in/*', protect({ optional: true }))
    .route('/api/sign-in/passkey', passkeySignInRoutes(passkeyParts))
    .use('/api/*', protect())
    .route('/api/passkeys', passkeyRoutes(passkeyParts))
    .route('/api/account', accountRoutes({ curfew, recent }))
    .route('/api/conversations', conversationRoutes(work, { ...parts, largestMessage }))
    .route('/api/settings', settingsRoutes(work, policy));
  app.onError(answerFailure(parts));
  app.notFound((c) => (/^\/api(\/|$)/.test(c.req.path) ? problem(c, 'not_found') : show(c)));
  return app;
}
