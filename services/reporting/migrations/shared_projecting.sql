-- What replicas that project tell one another, and what operators tell them. Outlives a generation.

create table leases (
    name       text        primary key,
    holder     text        not null,
    held_until timestamptz not null
);
comment on table  leases            is 'Which process does which work; others stand by.';
comment on column leases.name       is 'The work: a projection and its source, or rebuild.';
comment on column leases.holder     is 'The process, by a name of its own.';
comment on column leases.held_until is 'Unless it is renewed, anyone may take it from then on.';

create table parked (
    projection text        not null,
    source     text        not null,
    position   bigint      not null,
    event_type text        not null,
    reason     text        not null,
    at         timestamptz not null default now(),
    primary key (projection, source)
);
comment on table  parked            is 'Projections that stand before an event; removing the row lets them try again.';
comment on column parked.projection is 'Its name, the generation''s number included.';
comment on column parked.source     is 'The service whose events it reads.';
comment on column parked.position   is 'The event before which it stands.';
comment on column parked.event_type is 'The event''s type; empty when the stream does not hold the event.';
comment on column parked.reason     is 'The kind of error, never content.';
comment on column parked.at         is 'Since when (UTC).';

create table skipped_events (
    projection text        not null,
    source     text        not null,
    position   bigint      not null,
    event_type text        not null,
    reason     text        not null,
    by_whom    text        not null,
    at         timestamptz not null default now(),
    lifted_at  timestamptz,
    primary key (projection, source, position)
);
comment on table  skipped_events            is 'Events a person had a projection pass over; rebuilds pass over them too.';
comment on column skipped_events.projection is 'Records or overrides, without the generation''s number.';
comment on column skipped_events.source     is 'The service that decided the event.';
comment on column skipped_events.position   is 'The event''s position there; never used again for another.';
comment on column skipped_events.event_type is 'The event''s type.';
comment on column skipped_events.reason     is 'Why, in that person''s words.';
comment on column skipped_events.by_whom    is 'The login of that person on the machine.';
comment on column skipped_events.at         is 'When (UTC).';
comment on column skipped_events.lifted_at  is 'When a rebuild took the event in after all (UTC); null while it is passed over.';

create table rebuilds (
    generation integer     not null,
    source     text        not null,
    recipe     text        not null,
    builder    text        not null,
    position   bigint      not null,
    target     bigint      not null,
    started_at timestamptz not null default now(),
    moved_at   timestamptz not null default now(),
    primary key (generation, source)
);
comment on table  rebuilds            is 'The generation being built and how far it has come; gone once it is served or dropped.';
comment on column rebuilds.generation is 'The generation.';
comment on column rebuilds.source     is 'The service whose events are being read.';
comment on column rebuilds.recipe     is 'With what code and options; a half made otherwise is not gone on with.';
comment on column rebuilds.builder    is 'The process that builds, as it calls itself in leases.';
comment on column rebuilds.position   is 'The last event taken in.';
comment on column rebuilds.target     is 'Where it is to end, as far as is known.';
comment on column rebuilds.started_at is 'When the generation was begun (UTC).';
comment on column rebuilds.moved_at   is 'When an event was last taken in (UTC).';

do $$
declare
    projector text := quote_ident(regexp_replace(current_user, '_owner$', '_projector'));
    reader text := quote_ident(regexp_replace(current_user, '_owner$', '_reader'));
begin
    execute format('grant select, insert, update on leases to %s', projector);
    execute format('grant select, insert, update, delete on parked, rebuilds to %s', projector);
    execute format('grant select, insert, update on skipped_events to %s', projector);
    execute format('grant select on leases, parked, skipped_events, rebuilds to %s', reader);
end $$;
