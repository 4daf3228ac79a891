"""The read database: tables that outlive a generation, and the functions that make and drop one.

Whoever makes the database makes its roles: the owner is called `..._owner`, the others the same with
`_projector` and `_reader`. Row security is forced: the reader sees the labels his session names, and no row
when it names none.
"""

from pathlib import Path
from string import Template

from shared.migrate import run_sql

revision = "0001"
down_revision = None

HERE = Path(__file__).parents[1]
BITS = "get_bit((select readable_bits()), label_id)::bool"

# Security definer: the projector may make and drop generations and nothing else that is the owner's.
FUNCTIONS = Template("""
create function secure_generation(schema text) returns void language plpgsql as $$body$$
declare
    name text;
    owner text := quote_ident(current_user);
    projector text := quote_ident(regexp_replace(current_user, '_owner$$', '_projector'));
    reader text := quote_ident(regexp_replace(current_user, '_owner$$', '_reader'));
begin
    execute format('grant usage on schema %I to %s, %s', schema, projector, reader);
    execute format('grant select, insert, update, delete on all tables in schema %I to %s',
                   schema, projector);
    execute format('grant select on all tables in schema %I to %s', schema, reader);
    execute format('revoke all on all functions in schema %I from public', schema);
    execute format('grant execute on all functions in schema %I to %s', schema, reader);
    execute format('grant usage on schema %I to %s', schema || '_past', reader);
    execute format('grant select on all tables in schema %I to %s', schema || '_past', reader);
    execute format('revoke all on all functions in schema %I from public', schema || '_past');
    execute format('grant execute on all functions in schema %I to %s', schema || '_past', reader);
    foreach name in array array['records', 'portions', 'versions', 'edges', 'names',
                               'records_past', 'portions_past', 'edges_past'] loop
        execute format('alter table %I.%I enable row level security', schema, name);
        execute format('alter table %I.%I force row level security', schema, name);
        execute format('create policy write on %I.%I to %s using (true)', schema, name, projector);
        execute format('create policy search on %I.%I for select to %s using (true)', schema, name, owner);
        execute format('create policy read on %I.%I for select to %s using ($bits)', schema, name, reader);
    end loop;
end $$body$$;

create function create_generation(number integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$body$$
begin
    execute replace($$ddl$$ $generation $$ddl$$, '{g}', 'g' || number);
    perform secure_generation('g' || number);
end $$body$$;
comment on function create_generation is 'An empty generation, secured.';

create function drop_generation(number integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$body$$
begin
    if number = (select active from generations) then
        raise exception 'generation % is being served', number;
    end if;
    execute format('drop schema if exists %I cascade', 'g' || number || '_past');
    execute format('drop schema if exists %I cascade', 'g' || number);
    delete from checkpoints where projection = 'records-g' || number;
end $$body$$;
comment on function drop_generation is 'Removes a generation that is not served.';
""")
GRANTS = Template("""
do $$$$
declare
    projector text := quote_ident(regexp_replace(current_user, '_owner$$', '_projector'));
    reader text := quote_ident(regexp_replace(current_user, '_owner$$', '_reader'));
begin
    execute format('grant usage on schema public to %s, %s', projector, reader);
    execute format('grant select on installation, generations, label_ids, checkpoints, overrides, changes, '
                   'change_floors to %s, %s', projector, reader);
    execute format('grant insert on label_ids to %s', projector);
    execute format('grant update on generations to %s', projector);
    execute format('grant insert, update, delete on checkpoints, overrides, changes, change_floors to %s',
                   projector);
    execute format('create policy write on changes to %s using (true)', projector);
    execute format('create policy read on changes for select to %s using ($bits or $previous)', reader);
    revoke all on function secure_generation, create_generation, drop_generation from public;
    execute format('grant execute on function create_generation, drop_generation to %s', projector);
end $$$$;
select create_generation(1);
insert into generations values (true, 1);
""")


# What makes up a generation, in this order.
GENERATION = ("generation.sql", "generation_search.sql", "generation_past.sql")


def upgrade() -> None:
    run_sql((HERE / "read_database.sql").read_text(encoding="utf-8"))
    generation = "\n".join((HERE / name).read_text(encoding="utf-8") for name in GENERATION)
    run_sql(FUNCTIONS.substitute(bits=BITS, generation=generation))
    previous = BITS.replace("label_id", "previous_label_id")
    run_sql(GRANTS.substitute(bits=BITS, previous=previous))
