import { OidcBrowser } from '../oidc/browser.ts';
import { origin, type World } from '../server/world.ts';
import { Authenticator, type Doing } from './authenticator.ts';

const password = 'correct horse battery';

/** A browser with a jar of its own, whose user has an authenticator at hand. */
export class PasskeyBrowser extends OidcBrowser {
  readonly authenticator: Authenticator;

  constructor(world: Pick<World, 'app'>, authenticator = new Authenticator()) {
    super(world, null);
    this.authenticator = authenticator;
  }

  register(username = 'ada') {
    return this.post('/api/auth/register', { username, password });
  }

  reauthenticate() {
    return this.post('/api/auth/reauthenticate', { password });
  }

  /** Makes a passkey. @returns what the server says of it */
  async makePasskey(name = 'Phone', doing: Partial<Doing> = {}) {
    const asked = await this.post('/api/passkeys/registration/options');
    if (asked.status !== 200) return asked;
    const response = this.authenticator.create(asked.body.options, { origin, ...doing });
    return this.post('/api/passkeys', { name, response });
  }

  /** What the authenticator answers to a challenge of this browser's. */
  async proof(doing: Partial<Doing> = {}) {
    const { body } = await this.post('/api/sign-in/passkey/options');
    return this.authenticator.get(body.options, { origin, ...doing });
  }

  /** Signs in with the passkey. */
  async signInByPasskey(more: object = {}, doing: Partial<Doing> = {}) {
    return this.post('/api/sign-in/passkey', { response: await this.proof(doing), ...more });
  }
}
