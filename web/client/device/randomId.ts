/** An unguessable id of 192 bits, as hex. It needs no secure context, as `randomUUID` does. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, '0')).join('');
