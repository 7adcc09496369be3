/** What can be wrong with what is kept. */
export type FindingCode =
  | 'entry_unreadable'
  | 'entry_edited'
  | 'entry_missing'
  | 'entry_out_of_place'
  | 'entries_cut_off'
  | 'entries_beyond_session'
  | 'history_impossible'
  | 'session_edited'
  | 'session_missing'
  | 'device_edited'
  | 'stream_deleted'
  | 'stream_rewritten'
  | 'stream_cut_off'
  | 'record_invalid'
  | 'purged_but_present'
  | 'records_deleted'
  | 'checkpoint_invalid';

/** One thing that is wrong, and where. */
export interface Finding {
  readonly code: FindingCode;
  /** `null` when it is about no session by itself. */
  readonly session: string | null;
  /** The entry, `null` when it is about the session as a whole. */
  readonly version: number | null;
  /** In words, on one line. */
  readonly what: string;
}
