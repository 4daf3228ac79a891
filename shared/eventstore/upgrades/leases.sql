-- Work that one process does at a time, for economy: fences, not leases, keep outcomes right.

create table leases (
    name       text        primary key,
    holder     text        not null,
    held_until timestamptz not null
);
comment on table  leases            is 'Which process does which work; others stand by.';
comment on column leases.name       is 'The work, such as relay.';
comment on column leases.holder     is 'The process, by a name of its own.';
comment on column leases.held_until is 'Unless it is renewed, anyone may take it from then on.';

do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant select, insert, update on leases to %s', app);
end $$;
