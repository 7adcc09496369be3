/** Marks a file as one of ours ("CRFW"), so that no other application's database is ever touched. */
export const applicationId = 0x43524657;

/**
 * What brings a database from one schema version (`user_version`, the index) to the next. Written migrations are for
 * ever: a change is a new one. Instants are REAL, which holds every number of JavaScript.
 *
 * The first once made three tables of the reference application, too (`conversations`, `messages`, `settings`). The
 * application takes them over where they are; they are none of the library's.
 */
export const migrations: readonly string[] = [
  `
  create table sessions (
    id text primary key, user text not null, leaf text not null, version integer not null, hash text not null,
    due real, started_at real not null, ended_at real, context text not null
  ) strict;
  create index sessions_of_user on sessions (user, ended_at);
  create index sessions_due on sessions (due) where due is not null;

  create table events (
    stream text, version integer, type text not null, at real not null, recorded_at real not null,
    from_leaf text, to_leaf text not null, data text not null, rules text not null, hash text not null,
    primary key (stream, version)
  ) strict, without rowid;

  create table devices (
    stream text primary key, salt text not null, user_agent text, address text
  ) strict, without rowid;

  create table accounts (
    user text primary key, auth_epoch integer not null, admissions integer not null
  ) strict, without rowid;

  create table users (
    id text primary key, name_key text not null unique, username text not null, password_hash text not null,
    created_at real not null
  ) strict, without rowid;

  create table throttled (
    key text primary key, failures integer not null, since real not null, last_at real not null
  ) strict, without rowid;
  create index throttled_by_age on throttled (last_at);

  create table security_log (
    at real not null, kind text not null, account text, user text, address text, detail text not null
  ) strict;
  create index security_log_by_age on security_log (at);

  create table vault_keys (
    user text, number integer, id text not null, wrapped blob not null, primary key (user, number)
  ) strict, without rowid;

  create table drafts (
    user text, key text, ciphertext text not null, saved_at real not null, expires_at real, version text not null,
    primary key (user, key)
  ) strict;
  create index drafts_by_expiry on drafts (expires_at) where expires_at is not null;
  `,
  `
  create table purged (stream text primary key, record text not null) strict, without rowid;
  create index sessions_ended on sessions (ended_at, id) where ended_at is not null;
  create index events_by_time on events (recorded_at, stream, version);
  `,
  `
  alter table users add column role text not null default 'user';
  alter table users add column disabled_at real;
  create index sessions_by_start on sessions (started_at desc, id);
  `,
  `
  alter table accounts add column revoked_at real;
  alter table sessions add column epoch integer not null default 0;
  create index sessions_of_epoch on sessions (epoch, id) where ended_at is null;

  create table revocations (
    epoch integer primary key, at real not null, revoked_by text not null, reason text not null, spared text
  ) strict;

  create table session_references (
    issuer text, sid text, stream text, primary key (issuer, sid, stream)
  ) strict, without rowid;
  create index session_references_of_stream on session_references (stream);

  create table early_logouts (
    issuer text, sid text, expires_at real not null, primary key (issuer, sid)
  ) strict, without rowid;
  create index early_logouts_by_expiry on early_logouts (expires_at);

  create table single_use (key text primary key, value text not null, expires_at real not null) strict, without rowid;
  create index single_use_by_expiry on single_use (expires_at);

  create table people (user text primary key, name text, role text) strict, without rowid;

  create table tombstones (user text primary key, at real not null) strict, without rowid;

  create table ends (
    stream text, version integer, at real not null, due real not null, attempts integer not null,
    primary key (stream, version)
  ) strict, without rowid;
  create index ends_by_due on ends (due);
  `,
];
