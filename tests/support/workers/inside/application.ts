// The worker of an application, as its documents show it, with options from a variable.
import {
  CurfewDirectory,
  CurfewUser,
  passwords,
  routeToUser,
  type CurfewEnv,
  type WorkersOptions,
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

// What workerd looks for.
// oxlint-disable-next-line import/no-default-export
export default { fetch: (request: Request, env: Env) => routeToUser(request, env) };
