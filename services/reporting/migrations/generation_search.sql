-- How a generation is searched.

-- `@@` may not see rows before the reader's rights do, so under row security it would never use an index.
-- This function looks first, with the reader's bits from his session; its hits are joined back to
-- the secured table.
create function {g}.matching(words tsquery) returns setof text
language sql stable security definer set search_path = {g}, public, pg_temp as
$search$
    with reader as materialized (select readable_bits() as bits),
    hidden as materialized (
        select o.record_id, o.grp, o.version from overrides o, reader
         where not get_bit(reader.bits, o.label_id)::bool
    )
    select r.record_id from records r, reader
     where r.search @@ words and get_bit(reader.bits, r.label_id)::bool
     union
    select p.record_id from reader, portions p join records r using (record_id)
     where p.search @@ words and get_bit(reader.bits, p.label_id)::bool
       and not exists (select from hidden h where h.record_id = p.record_id
                          and h.grp in ('base', p.grp) and h.version > r.source_version)
     union
    select e.from_id from reader, edges e join records o on o.record_id = e.to_id
     where o.search @@ words and o.kind = 'organisation'
       and get_bit(reader.bits, o.label_id)::bool and get_bit(reader.bits, e.label_id)::bool
       and not exists (select from hidden h where h.record_id = o.record_id
                          and h.grp = 'base' and h.version > o.source_version)
$search$;
comment on function {g}.matching is 'Records whose words, in groups the session''s reader reads, match.';
