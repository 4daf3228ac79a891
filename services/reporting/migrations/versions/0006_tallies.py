"""Records are counted by kind and label: in generations there are, and in those to come."""

from pathlib import Path
from string import Template

from shared.migrate import run_sql

revision = "0006"
down_revision = "0005"

HERE = Path(__file__).parents[1]
TALLIES = "generation_tallies.sql"
GENERATION = ("generation.sql", "generation_search.sql", "generation_past.sql", TALLIES)
COUNTED = Template("""
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
        execute replace($$ddl$$ $tallies $$ddl$$, '{g}', known);
        execute format('revoke all on function %I.tally from public', known);
    end loop;
end $$$$;
""")


def upgrade() -> None:
    told = {name: (HERE / name).read_text(encoding="utf-8") for name in GENERATION}
    run_sql(COUNTED.substitute(generation="\n".join(told.values()), tallies=told[TALLIES]))
