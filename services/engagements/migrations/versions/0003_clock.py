"""What the clock of commitments watches, how far it has read, and which process does it."""

from shared.migrate import run_sql

revision = "0003"
down_revision = "0002"

TABLES = """
create table clock_commitments (
    id     text        primary key,
    owner  text        not null,
    due_at timestamptz,
    since  integer     not null,
    open   boolean     not null,
    raised boolean     not null
);
comment on table  clock_commitments        is 'When each commitment is due; a copy of what its events say.';
comment on column clock_commitments.id     is 'The commitment, spelled out.';
comment on column clock_commitments.owner  is 'The organisation whose record it is.';
comment on column clock_commitments.due_at is 'The last moment (UTC); null: nobody said when.';
comment on column clock_commitments.since  is 'Version of the event that set due_at.';
comment on column clock_commitments.open   is 'Neither kept nor broken nor withdrawn.';
comment on column clock_commitments.raised is 'It fell overdue since due_at was set.';
create index clock_commitments_due on clock_commitments (due_at) where open and not raised;

create table clock_checkpoint (
    only_one boolean primary key default true check (only_one),
    position bigint  not null
);
comment on table  clock_checkpoint          is 'How far the clock has read the events.';
comment on column clock_checkpoint.only_one is 'There is one row.';
comment on column clock_checkpoint.position is 'Position of the last event taken.';
insert into clock_checkpoint (position) values (0);

create table clock_lease (
    only_one   boolean     primary key default true check (only_one),
    holder     text        not null,
    held_until timestamptz not null
);
comment on table  clock_lease            is 'Which process raises what is due; others stand by.';
comment on column clock_lease.only_one   is 'There is one row.';
comment on column clock_lease.holder     is 'The process, by a name of its own.';
comment on column clock_lease.held_until is 'Unless it is renewed, anyone may take it from then on.';
insert into clock_lease (holder, held_until) values ('', '-infinity');

do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant select, insert, update on clock_commitments to %s', app);
    execute format('grant select, update on clock_checkpoint, clock_lease to %s', app);
end $$;
"""


def upgrade() -> None:
    run_sql(TABLES)
