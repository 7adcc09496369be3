/** One line of the server's own log: what happened, never a secret. @see ASVS 5.0 16.2.1–16.2.5 */
export interface LogLine {
  readonly msg: string;
  readonly level?: 'info' | 'warn' | 'error';
  readonly [field: string]: unknown;
}
