"""Views of the pages that people keep: named addresses."""

from shared.migrate import run_sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
set local lock_timeout = '5s';

create table saved_views (
    view_id text primary key,
    account_id text not null references accounts,
    organisation_id text not null,
    name text not null,
    address text not null,
    audience text not null check (audience in ('me', 'organisation')),
    saved_at timestamptz not null
);
comment on table saved_views is 'Lists, maps and timelines kept under a name; read by their audience only.';
comment on column saved_views.view_id is 'Random.';
comment on column saved_views.account_id is 'Who saved it, and alone may change it.';
comment on column saved_views.organisation_id is 'The organisation that person acted for.';
comment on column saved_views.name is 'What it is called; labelled for the owner organisation only.';
comment on column saved_views.address is 'Path and query of a page; times may be relative.';
comment on column saved_views.audience is 'me: the account. organisation: everyone who acts for it.';
comment on column saved_views.saved_at is 'When it was saved.';
create index saved_views_by_account on saved_views (account_id);
create index saved_views_by_organisation on saved_views (organisation_id) where audience = 'organisation';

create table home_views (
    account_id text primary key references accounts,
    view_id text not null references saved_views on delete cascade
);
comment on table home_views is 'The view a person begins with, where it is not Today.';
comment on column home_views.account_id is 'Whose first page it is.';
comment on column home_views.view_id is 'The view.';
create index home_views_by_view on home_views (view_id);
"""

GRANTS = """
do $$
declare app text := current_database() || '_app';
begin
    execute format('grant select, insert, update, delete on saved_views, home_views to %I', app);
end
$$;
"""


def upgrade() -> None:
    run_sql(TABLES + GRANTS)


def downgrade() -> None:
    run_sql("drop table home_views, saved_views")
