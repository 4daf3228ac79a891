"""Lists of the past are read along indexes: in generations there are, and in those to come."""

from pathlib import Path
from string import Template

from shared.migrate import run_sql

revision = "0005"
down_revision = "0004"

HERE = Path(__file__).parents[1]
GENERATION = ("generation.sql", "generation_search.sql", "generation_past.sql")
PAST = Template("""
create or replace function create_generation(number integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$body$$
begin
    execute replace($$ddl$$ $generation $$ddl$$, '{g}', 'g' || number);
    perform secure_generation('g' || number);
end $$body$$;
do $$$$
declare
    known text;
begin
    for known in select nspname from pg_namespace where nspname ~ '^g[0-9]+$$' loop
        execute replace($$ddl$$
            create index if not exists records_past_recorded on {g}.records_past (recorded_at, record_id);
            create index if not exists records_past_updated on {g}.records_past (updated_at, record_id);
            $view
        $$ddl$$, '{g}', known);
    end loop;
end $$$$;
""")


def upgrade() -> None:
    generation = "\n".join((HERE / name).read_text(encoding="utf-8") for name in GENERATION)
    run_sql(PAST.substitute(generation=generation, view=_view(generation)))


def _view(generation: str) -> str:
    """How records of the past are seen, for generations that were made before."""
    begins = "create view {g}_past.records "
    view = generation[generation.index(begins) :].partition(";\n")[0]
    return view.replace("create view", "create or replace view", 1) + ";"
