/**
 * What brings a database from one schema version (the index) to the next. Written migrations are for ever: a change is a
 * new one. Instants are `double precision`, which holds every number of JavaScript; text is compared byte by byte.
 *
 * The fifth has nodes agree on copies of sessions: each node has a lease, and learns from `narrowings` of what it may not have
 * copies of any more. Who does not take part in that, such as an earlier version or an operator with `psql`, is known by the
 * name of the connection; such a writer waits in a trigger until no node has a lease, and none gets one until it has
 * committed. `timelines` says which servers have been the primary: after a failover nobody is told anything before those
 * that still talk to the one before believe it no more.
 *
 * The first once made three tables of the reference application, too (`conversations`, `messages`, `settings`). The
 * application takes them over where they are; they are none of the library's.
 */
export const migrations: readonly string[] = [
  `
  create table sessions (
    id text collate "C" primary key, user_id text collate "C" not null, leaf text not null, version integer not null,
    hash text not null, due double precision, started_at double precision not null, ended_at double precision,
    context text not null
  );
  create index sessions_of_user on sessions (user_id, ended_at);
  create index sessions_due on sessions (due, id) where due is not null;

  create table events (
    stream text collate "C", version integer, type text not null, at double precision not null,
    recorded_at double precision not null, from_leaf text, to_leaf text not null, data text not null,
    rules text not null, hash text not null, primary key (stream, version)
  );

  create table devices (
    stream text collate "C" primary key, salt text not null, user_agent text, address text
  );

  create table accounts (
    user_id text collate "C" primary key, auth_epoch integer not null, admissions integer not null
  );

  create table users (
    id text collate "C" primary key, name_key text collate "C" not null unique, username text not null,
    password_hash text not null, created_at double precision not null
  );

  create table throttled (
    key text collate "C" primary key, failures integer not null, since double precision not null,
    last_at double precision not null, trying integer not null, trying_until double precision not null
  );
  create index throttled_by_age on throttled (last_at);

  create table security_log (
    number bigint generated always as identity primary key, at double precision not null, kind text not null,
    account text, user_id text, address text, detail text not null
  );
  create index security_log_by_age on security_log (at, number);

  create table vault_keys (
    user_id text collate "C", number integer, id text not null, wrapped bytea not null, primary key (user_id, number)
  );

  create table drafts (
    user_id text collate "C", key text collate "C", ciphertext text not null, saved_at double precision not null,
    expires_at double precision, version text not null, primary key (user_id, key)
  );
  create index drafts_by_expiry on drafts (expires_at) where expires_at is not null;
  `,
  `
  create table purged (stream text collate "C" primary key, record text not null);
  create index sessions_ended on sessions (ended_at, id) where ended_at is not null;
  create index events_by_time on events (recorded_at, stream, version);
  `,
  `
  alter table users add column role text not null default 'user', add column disabled_at double precision;
  create index sessions_by_start on sessions (started_at desc, id);
  `,
  `
  alter table accounts add column revoked_at double precision;
  alter table sessions add column epoch integer not null default 0;
  create index sessions_of_epoch on sessions (epoch, id) where ended_at is null;

  create table revocations (
    epoch integer primary key, at double precision not null, revoked_by text not null, reason text not null,
    spared text collate "C"
  );

  create table session_references (
    issuer text collate "C", sid text collate "C", stream text collate "C", primary key (issuer, sid, stream)
  );
  create index session_references_of_stream on session_references (stream);

  create table early_logouts (
    issuer text collate "C", sid text collate "C", expires_at double precision not null, primary key (issuer, sid)
  );
  create index early_logouts_by_expiry on early_logouts (expires_at);

  create table single_use (
    key text collate "C" primary key, value text not null, expires_at double precision not null
  );
  create index single_use_by_expiry on single_use (expires_at);

  create table people (user_id text collate "C" primary key, name text, role text);

  create table tombstones (user_id text collate "C" primary key, at double precision not null);

  create table ends (
    stream text collate "C", version integer, at double precision not null, due double precision not null,
    attempts integer not null, primary key (stream, version)
  );
  create index ends_by_due on ends (due);
  `,
  `
  create table curfew_nodes (
    id text collate "C" primary key, protocol integer not null, lease_end timestamptz not null, seen pg_snapshot not null
  );

  create table curfew_narrowings (
    subject text collate "C" not null, user_id text collate "C", node text collate "C",
    at timestamptz not null default clock_timestamp(), xid xid8 not null default pg_current_xact_id()
  );
  create index curfew_narrowings_by_subject on curfew_narrowings (subject);
  create index curfew_narrowings_of_user on curfew_narrowings (user_id);
  create index curfew_narrowings_by_xid on curfew_narrowings (xid);

  create table curfew_timelines (name text collate "C" primary key, met_at timestamptz not null default clock_timestamp());

  create function curfew_wait_for_leases() returns trigger language plpgsql as $$
  declare
    until timestamptz;
  begin
    execute format('lock table %I.curfew_nodes in share mode', tg_table_schema);
    if current_setting('transaction_isolation') = 'read committed' then
      execute format('select max(lease_end) from %I.curfew_nodes', tg_table_schema) into until;
    elsif coalesce(current_setting('curfew.waited', true), '') = '' then
      until := clock_timestamp() + interval '1 second';
      perform set_config('curfew.waited', 'yes', true);
    end if;
    if until > clock_timestamp() then
      perform pg_sleep(extract(epoch from until - clock_timestamp())::double precision);
    end if;
    execute format('insert into %I.curfew_narrowings (subject) values (''!'')', tg_table_schema);
    return null;
  end $$;

  create trigger wait_for_leases before update or delete or truncate on sessions for each statement
    when (current_setting('application_name') !~ '^curfew:1( |$)') execute function curfew_wait_for_leases();
  create trigger wait_for_leases before update or delete or truncate on users for each statement
    when (current_setting('application_name') !~ '^curfew:1( |$)') execute function curfew_wait_for_leases();
  create trigger wait_for_leases before insert or update or delete or truncate on people for each statement
    when (current_setting('application_name') !~ '^curfew:1( |$)') execute function curfew_wait_for_leases();
  create trigger wait_for_leases before insert or update or delete or truncate on revocations for each statement
    when (current_setting('application_name') !~ '^curfew:1( |$)') execute function curfew_wait_for_leases();
  `,
];
