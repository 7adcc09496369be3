// In place of server/sockets.ts inside of workerd, where nothing listens.
export function behindSockets(): never {
  throw new Error('there are no sockets inside of workerd');
}
