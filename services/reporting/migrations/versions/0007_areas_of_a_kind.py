"""Records of a kind in an area are found by one index: in generations there are, and in those to come."""

from pathlib import Path
from string import Template

from shared.migrate import run_sql

revision = "0007"
down_revision = "0006"

HERE = Path(__file__).parents[1]
GENERATION = (
    "generation.sql",
    "generation_search.sql",
    "generation_past.sql",
    "generation_tallies.sql",
)
AREAS = Template("""
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
        execute format('create index if not exists records_kind_area on %I.records (kind, area, record_id)'
                       ' where area is not null', known);
        execute format('drop index if exists %I.records_area_record_id_idx', known);
    end loop;
end $$$$;
""")


def upgrade() -> None:
    generation = "\n".join((HERE / name).read_text(encoding="utf-8") for name in GENERATION)
    run_sql(AREAS.substitute(generation=generation))
