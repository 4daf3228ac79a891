"""Extracts are found from their own end, too: in generations there are, and in those to come."""

from pathlib import Path
from string import Template

from shared.migrate import run_sql

revision = "0004"
down_revision = "0003"

HERE = Path(__file__).parents[1]
GENERATION = ("generation.sql", "generation_search.sql", "generation_past.sql")
INDEXES = Template("""
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
        execute format('create index if not exists edges_extracts on %I.edges (to_id)'
                       ' where kind = ''extract''', known);
        execute format('create index if not exists edges_past_extracts on %I.edges_past (to_id)'
                       ' where kind = ''extract''', known);
    end loop;
end $$$$;
""")


def upgrade() -> None:
    generation = "\n".join((HERE / name).read_text(encoding="utf-8") for name in GENERATION)
    run_sql(INDEXES.substitute(generation=generation))
