/**
 * An address whose host is a folder with a socket has it among the parameters, and leaves its own place empty, which no
 * URL may: `postgres://user@/name?host=/var/run/postgresql`. It gets a host to be read with.
 */
const readable = (address: string): string =>
  /[?&]host=(\/|%2F)/i.test(address)
    ? address.replace(/^(postgres(?:ql)?:\/\/(?:[^/?#@]*@)?)(?=\/)/, '$1socket')
    : address;

/** Whether a text names a PostgreSQL database that could be connected to. */
export const isPostgresAddress = (text: string): boolean =>
  /^postgres(ql)?:\/\//.test(text) && URL.canParse(readable(text));

/** How a database is named where people read: without its password, and without parameters, which may hold one. */
export function shown(address: string): string {
  const url = new URL(readable(address));
  url.password = '';
  url.search = '';
  return url.href;
}
