"""Jobs: exports and imports that go on after their request was answered."""

from shared.migrate import run_sql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

create table jobs (
    job_id text primary key,
    client text not null,
    organisation_id text not null,
    work text not null check (work in ('export', 'import')),
    plural text not null,
    secret bytea not null,
    asked bytea not null,
    request_digest text not null,
    state text not null
        check (state in ('receiving', 'waiting', 'running', 'done', 'cancelled', 'stopped')),
    why text,
    rows_total bigint,
    rows_done bigint not null default 0,
    accepted bigint not null default 0,
    rejected bigint not null default 0,
    parts integer,
    part integer not null default 0,
    place bytea,
    upload text,
    holder text,
    held_until timestamptz,
    worked_at timestamptz not null default clock_timestamp(),
    asked_at timestamptz not null,
    ended_at timestamptz,
    expires_at timestamptz not null
);
comment on table jobs is 'Exports and imports that go on after their request was answered.';
comment on column jobs.job_id is 'A keyed digest of client, request and idempotency key.';
comment on column jobs.client is 'person:<account> or client:<client>: whose job it is, whose rights hold.';
comment on column jobs.organisation_id is 'The organisation it was asked for.';
comment on column jobs.work is 'What is done.';
comment on column jobs.plural is 'With records of which kind.';
comment on column jobs.secret is 'The key of all that is sealed of this job, itself sealed.';
comment on column jobs.asked is 'Filters, format and the like, sealed: a search may say much.';
comment on column jobs.request_digest is 'Keyed, of what was asked: the same key for another is refused.';
comment on column jobs.state is 'receiving: its file is still coming. stopped: see why.';
comment on column jobs.why is 'Why it was stopped: a stable code.';
comment on column jobs.rows_total is 'Rows of an import''s file.';
comment on column jobs.rows_done is 'Rows dealt with.';
comment on column jobs.accepted is 'Rows of an import that stand.';
comment on column jobs.rejected is 'Rows of an import that were refused.';
comment on column jobs.parts is 'How many parts an import''s file came in.';
comment on column jobs.part is 'The part that is next. It moves together with what came of a part.';
comment on column jobs.place is 'Where an export goes on in its list, sealed; empty at its end.';
comment on column jobs.upload is 'Of several uploads under one key, the one that counts.';
comment on column jobs.holder is 'The process that works on it.';
comment on column jobs.held_until is 'Until then nobody else takes it up.';
comment on column jobs.worked_at is 'When it was worked on last: whoever waited longest is next.';
comment on column jobs.asked_at is 'When it was asked for.';
comment on column jobs.ended_at is 'When it came to its end.';
comment on column jobs.expires_at is 'From then on it is gone, with all that is kept of it.';
create index jobs_of_client on jobs (client, asked_at desc, job_id);
create index jobs_to_do on jobs (worked_at) where state in ('waiting', 'running');
create index jobs_expiring on jobs (expires_at);

create table job_parts (
    job_id text not null references jobs on delete cascade,
    number integer not null,
    content bytea not null,
    primary key (job_id, number)
);
comment on table job_parts is 'Ids an export found, or rows an import has not dealt with yet.';
comment on column job_parts.job_id is 'Of which job.';
comment on column job_parts.number is 'In order, from 0.';
comment on column job_parts.content is 'Sealed with the job''s key.';

create table job_rejected (
    job_id text not null references jobs on delete cascade,
    number bigint not null,
    content bytea not null,
    primary key (job_id, number)
);
comment on table job_rejected is 'Rows of imports that were refused, and why.';
comment on column job_rejected.job_id is 'Of which job.';
comment on column job_rejected.number is 'Which row, from 1.';
comment on column job_rejected.content is 'Its line and what is wrong with it; sealed with the job''s key.';
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert, update, delete on jobs, job_parts, job_rejected to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)


def downgrade() -> None:
    run_sql("drop table job_rejected, job_parts, jobs")
