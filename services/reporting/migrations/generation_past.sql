-- What a generation keeps of the past, and the schema in which all of it looks as it did then.

create table {g}.records_past (like {g}.records including comments, known_until timestamptz not null,
                               primary key (record_id, updated_at));
comment on table  {g}.records_past             is 'Base groups as they were, from updated_at until known_until.';
comment on column {g}.records_past.known_until is 'When the next version of the base group was recorded (UTC); from then on this one no longer held.';

create table {g}.portions_past (like {g}.portions including comments, known_until timestamptz not null,
                                primary key (record_id, grp, updated_at));
comment on table  {g}.portions_past             is 'Other groups as they were, from updated_at until known_until.';
comment on column {g}.portions_past.label_id    is 'The group''s own label then; the base''s label then stands in records_past.';
comment on column {g}.portions_past.known_until is 'When the next version of the group was recorded (UTC).';

create table {g}.edges_past (like {g}.edges including comments, known_until timestamptz not null,
                             primary key (from_id, to_id, kind, grp, known_from));
comment on table  {g}.edges_past             is 'Who referred to whom, from known_from until known_until.';
comment on column {g}.edges_past.label_id    is 'The group''s own label then.';
comment on column {g}.edges_past.known_until is 'When the group that said so changed (UTC).';

create index records_past_recorded on {g}.records_past (recorded_at, record_id);
create index records_past_updated on {g}.records_past (updated_at, record_id);
create index on {g}.edges_past (to_id);
create index edges_past_extracts on {g}.edges_past (to_id) where kind = 'extract';

create trigger add_stems before insert on {g}.records_past for each row execute function {g}.add_stems();
create trigger add_stems before insert on {g}.portions_past for each row when (new.doc is not null)
    execute function {g}.add_stems();

-- The same names as now: a session whose search path begins here reads as of `parley.as_of`. What held then is
-- shown to who could read it then and can read it now: rights, labels and erasures are always today's.
create schema {g}_past;
comment on schema {g}_past is 'The generation as of the moment the session names.';

-- The conditions stand outside of the union, so that each half is read along its index, in the order a list asks
-- for, from the moment backwards. Today's label is asked row by row: a join would have to be made whole and sorted.
create view {g}_past.records with (security_invoker = true) as
    select known.* from (
        select r.*, 'infinity'::timestamptz as known_until, r.label_id as label_now from {g}.records r
         union all
        select p.*, (select n.label_id from {g}.records n where n.record_id = p.record_id) from {g}.records_past p
    ) known
     where known.recorded_at <= as_of() and known.updated_at <= as_of() and known.known_until > as_of()
       and get_bit((select readable_bits()), known.label_now)::bool;
comment on view {g}_past.records is 'Base groups as they were then.';

create view {g}_past.portions with (security_invoker = true) as
    select q.*, 'infinity'::timestamptz as known_until, q.label_id as label_now, q.own_label_id as own_label_now
      from {g}.portions q where q.updated_at <= as_of()
     union all
    select p.*, n.label_id, n.own_label_id
      from {g}.portions_past p join {g}.portions n on n.record_id = p.record_id and n.grp = p.grp
     where p.updated_at <= as_of() and p.known_until > as_of()
       and get_bit((select readable_bits()), n.label_id)::bool;
comment on view {g}_past.portions is 'Other groups as they were then.';

create view {g}_past.edges with (security_invoker = true) as
    select e.*, 'infinity'::timestamptz as known_until from {g}.edges e where e.known_from <= as_of()
     union all
    select p.* from {g}.edges_past p
     where p.known_from <= as_of() and p.known_until > as_of()
       and exists (select from {g}.records n where n.record_id = p.from_id
                      and get_bit((select readable_bits()), n.label_id)::bool)
       and (p.grp = 'base'
            or exists (select from {g}.portions n where n.record_id = p.from_id and n.grp = p.grp
                          and get_bit((select readable_bits()), n.label_id)::bool));
comment on view {g}_past.edges is 'Who referred to whom then.';

create view {g}_past.versions with (security_invoker = true) as
    select * from {g}.versions where recorded_at <= as_of();
comment on view {g}_past.versions is 'History up to then.';

-- Searching the past: by words, among what the session reads. Names under other spellings are today's.
create function {g}_past.matching(words tsquery, asked text, sounding text, consonants text, in_arabic boolean, lowest real)
returns setof text
language sql stable set search_path = {g}_past, {g}, public, pg_temp as
$past$
    with told as (
        select r.record_id, 'base' as grp, r.source_version from records r where r.search @@ words
         union all
        select p.record_id, p.grp, r.source_version from portions p join records r using (record_id)
         where p.search @@ words
    ),
    found as (
        select t.record_id from told t
         where not exists (select from overrides o where o.record_id = t.record_id
                              and o.grp in ('base', t.grp) and o.version > t.source_version
                              and not get_bit((select readable_bits()), o.label_id)::bool)
    )
    select f.record_id from found f
     union
    select e.from_id from found f join records o using (record_id) join edges e on e.to_id = o.record_id
     where o.kind in ('organisation', 'person')
$past$;
comment on function {g}_past.matching is 'Records that matched by words then, and those that referred to such a person or organisation.';

create function {g}_past.naming(asked text, sounding text, consonants text, in_arabic boolean, lowest real)
returns table (record_id text, grp text, label_id integer, name text, score real)
language sql stable as
$past$ select null::text, null::text, null::integer, null::text, null::real where false $past$;
comment on function {g}_past.naming is 'No name is nearer than another: what is found in the past comes latest first.';
