// In place of the OpenID provider inside of workerd: these worlds have none.
export function createProvider(): never {
  throw new Error('there is no provider inside of workerd');
}
