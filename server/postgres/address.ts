/** Whether a text names a PostgreSQL database that could be connected to. */
export const isPostgresAddress = (text: string): boolean => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);

/** How a database is named where people read: without its password, and without parameters, which may hold one. */
export function shown(address: string): string {
  const url = new URL(address);
  url.password = '';
  url.search = '';
  return url.href;
}
