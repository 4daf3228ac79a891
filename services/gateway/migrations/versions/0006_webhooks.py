"""Webhooks of machine clients, and what is to be brought to each."""

from shared.migrate import run_sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

create table webhooks (
    webhook_id text primary key,
    client_id text not null,
    subject text not null,
    organisation_id text not null,
    url text not null,
    kinds text[] not null,
    include_record boolean not null,
    state text not null check (state in ('pending', 'active', 'disabled')),
    why text,
    secrets bytea not null,
    overlap_until timestamptz,
    rotation text,
    request_digest text not null,
    cursor text,
    failing_since timestamptz,
    failures integer not null default 0,
    next_at timestamptz,
    registered_at timestamptz not null
);
comment on table webhooks is 'Addresses to which machine clients have changes brought.';
comment on column webhooks.webhook_id is 'A keyed digest of client and idempotency key.';
comment on column webhooks.client_id is 'The client whose rights hold, at every attempt anew.';
comment on column webhooks.subject is 'The person the client acts for.';
comment on column webhooks.organisation_id is 'The organisation that person acts for.';
comment on column webhooks.url is 'Where to; seen by its owner only.';
comment on column webhooks.kinds is 'Kinds of record to be told of; none: all.';
comment on column webhooks.include_record is 'Whether the reader''s view comes along.';
comment on column webhooks.state is 'pending: not proved yet. active. disabled: see why.';
comment on column webhooks.why is 'Why it is disabled: a stable code.';
comment on column webhooks.secrets is 'Signing secrets, present and previous, sealed.';
comment on column webhooks.overlap_until is 'Until when the previous secrets sign too.';
comment on column webhooks.rotation is 'Digest of the idempotency key of the last rotation.';
comment on column webhooks.request_digest is 'What was asked for when it was registered.';
comment on column webhooks.cursor is 'Up to where changes have been taken over: a sealed cursor of the feed.';
comment on column webhooks.failing_since is 'Since when its receiver has accepted nothing.';
comment on column webhooks.failures is 'Attempts that failed since then.';
comment on column webhooks.next_at is 'Not before this moment is it tried again.';
comment on column webhooks.registered_at is 'When.';
create index webhooks_by_client on webhooks (client_id);
create index webhooks_by_organisation on webhooks (organisation_id);

create table webhook_messages (
    webhook_id text not null references webhooks on delete cascade,
    message_id text not null,
    number bigint generated always as identity,
    type text not null,
    change jsonb,
    state text not null check (state in ('waiting', 'delivered', 'withdrawn')),
    attempts jsonb not null default '[]',
    queued_at timestamptz not null,
    settled_at timestamptz,
    primary key (webhook_id, message_id)
);
comment on table webhook_messages is 'What receivers are told, in order; rendered at each attempt.';
comment on column webhook_messages.webhook_id is 'To whom.';
comment on column webhook_messages.message_id is 'The webhook-id: the same however often it is sent.';
comment on column webhook_messages.number is 'The order of sending.';
comment on column webhook_messages.type is 'The type of the CloudEvent.';
comment on column webhook_messages.change is 'Which group of which record changed; null: a ping or a reset.';
comment on column webhook_messages.state is 'withdrawn: no longer releasable before it was delivered.';
comment on column webhook_messages.attempts is 'The latest attempts: when, which status, why not, how long.';
comment on column webhook_messages.queued_at is 'When it was taken over from the feed.';
comment on column webhook_messages.settled_at is 'When it was delivered or withdrawn last.';
create index webhook_messages_waiting on webhook_messages (webhook_id, number) where state = 'waiting';
create index webhook_messages_in_order on webhook_messages (webhook_id, number);
create index webhook_messages_settled on webhook_messages (settled_at) where state <> 'waiting';
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert, update, delete on webhooks, webhook_messages to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)


def downgrade() -> None:
    run_sql("drop table webhook_messages, webhooks")
