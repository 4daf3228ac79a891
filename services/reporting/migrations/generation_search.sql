-- How a generation is searched: words of its texts, and names under any spelling.

create table {g}.names (
    record_id text    not null,
    grp       text    not null,
    label_id  integer not null,
    name      text    not null,
    folded    text    not null,
    heard     text    not null,
    bones     text    not null,
    weight    real    not null,
    primary key (record_id, grp, folded)
);
comment on table  {g}.names           is 'The names a record goes by, one row for each that is spelled differently.';
comment on column {g}.names.record_id is 'The record.';
comment on column {g}.names.grp       is 'The group that says the name.';
comment on column {g}.names.label_id  is 'That group''s effective label.';
comment on column {g}.names.name      is 'The name as it is written.';
comment on column {g}.names.folded    is 'Its words in Latin letters, without case and accents.';
comment on column {g}.names.heard     is 'What they sound like: spellings that sound alike are the same.';
comment on column {g}.names.bones     is 'Their consonants.';
comment on column {g}.names.weight    is 'At most 1: how much the name counts against others that match as well.';

create index on {g}.names using gin (folded gin_trgm_ops, heard gin_trgm_ops)
    with (fastupdate = off); -- what was just written is found as fast as the rest
create index on {g}.names (bones);

-- Words with their endings taken off, in the language each text says it is in.
create function {g}.stems(doc jsonb) returns tsvector
language sql stable set search_path = public, pg_temp as
$search$
    select strip(
        to_tsvector('english', unaccent(coalesce(string_agg(said.text, ' ') filter (where lang ~ '^en'), '')))
        || to_tsvector('french', unaccent(coalesce(string_agg(said.text, ' ') filter (where lang ~ '^fr'), '')))
        || to_tsvector('arabic', unaccent(coalesce(string_agg(said.text, ' ') filter (where lang ~ '^ar'), ''))))
      from (select one->>'text' as text, one->>'lang' as lang
              from jsonb_path_query(doc, 'strict $.** ? (exists(@.text) && exists(@.lang))', '{}', true) one) said
$search$;
comment on function {g}.stems is 'Stems of the texts in these fields, by the configuration of their language.';

create function {g}.add_stems() returns trigger
language plpgsql security definer set search_path = {g}, public, pg_temp as
$search$ begin
    new.search := new.search || stems(new.doc);
    return new;
end $search$;
comment on function {g}.add_stems is 'Adds the stems of a row''s texts to its words.';

create trigger add_stems before insert on {g}.records for each row execute function {g}.add_stems();
create trigger add_stems before insert on {g}.portions for each row when (new.doc is not null)
    execute function {g}.add_stems();

-- A word that begins so, or has the same stem in one of the languages.
create function {g}.word(word text) returns tsquery
language sql stable set search_path = public, pg_temp as
$search$
    select (quote_literal(word) || ':*')::tsquery
        || plainto_tsquery('english', word) || plainto_tsquery('french', word) || plainto_tsquery('arabic', word)
$search$;
comment on function {g}.word is 'What to look for when a reader asks for `word`.';

-- `@@` and `%` may not see rows before the reader's rights do, so under row security they would never use an
-- index. These functions look first, with the reader's bits from his session; their hits are joined back to
-- the secured tables.
create function {g}.overridden() returns table (record_id text, grp text, version integer)
language sql stable security definer set search_path = {g}, public, pg_temp as
$search$
    select o.record_id, o.grp, o.version from overrides o, (select readable_bits() as bits) reader
     where not get_bit(reader.bits, o.label_id)::bool
$search$;
comment on function {g}.overridden is 'New labels that the session''s reader fails.';

-- Two letters changed over are one slip of the keyboard; PostgreSQL counts two.
create function {g}.slips(one text, other text) returns integer
language sql immutable set search_path = public, pg_temp as
$search$
    select case when d = 2 and length(one) = length(other)
                 and (select string_agg(letter, '' order by letter) from regexp_split_to_table(one, '') letter)
                   = (select string_agg(letter, '' order by letter) from regexp_split_to_table(other, '') letter)
                then 1 else d end
      from levenshtein(one, other) d
$search$;
comment on function {g}.slips is 'How many slips of the keyboard lie between two spellings.';

select show_limit(); -- loads the extension: only then are its settings known and may be set
create function {g}.naming(asked text, sounding text, consonants text, in_arabic boolean, lowest real)
returns table (record_id text, grp text, label_id integer, name text, score real)
language sql stable security definer rows 5 set search_path = {g}, public, pg_temp
set pg_trgm.similarity_threshold = 0.3 set pg_trgm.word_similarity_threshold = 0.7 as
$search$
    with reader as materialized (select readable_bits() as bits),
    hidden as materialized (select * from overridden()),
    -- Each by its own index: joined by `or`, every row would be compared.
    near as materialized (
        select * from names where folded % asked union
        select * from names where folded like asked || '%' and asked <> '' union
        select * from names where folded like '% ' || asked || '%' and asked <> '' union
        select * from names where heard % sounding union
        select * from names where asked <% folded union
        select * from names where sounding <% heard union
        select * from names where bones = consonants and length(consonants) > 1
    ),
    readable as (
        select n.*, replace(asked, ' ', '') as this, replace(n.folded, ' ', '') as that,
               replace(sounding, ' ', '') as this_heard, replace(n.heard, ' ', '') as that_heard
          from near n, reader where get_bit(reader.bits, n.label_id)::bool
    ),
    compared as (
        select *, 1.0 - levenshtein(this, that)::real / greatest(length(this), length(that)) as by_letter,
               1.0 - levenshtein(this_heard, that_heard)::real
                   / greatest(length(this_heard), length(that_heard), 1) as by_sound
          from readable
    ),
    scored as (
        select *, case
            when this = that then 1.0
            when starts_with(that, this) then 0.9 + 0.09 * length(this) / length(that)
            when folded like '% ' || asked || '%' then 0.85 + 0.04 * length(this) / length(that)
            else 0.9 * greatest(
                case when by_letter > 0.5 then 1.0 - slips(this, that)::real / greatest(length(this), length(that))
                     else 0 end,
                0.4 * by_letter + 0.58 * by_sound,
                case when length(asked) > 3 then 0.95 * word_similarity(asked, folded) else 0 end,
                case when length(sounding) > 4 then 0.9 * word_similarity(sounding, heard) else 0 end,
                case when bones = consonants and (in_arabic or name ~ '[\u0600-\u06ff]') then 0.9 else 0 end)
            end as closeness
          from compared
    )
    select s.record_id, s.grp, s.label_id, s.name, (s.closeness * s.weight)::real
      from scored s join records r using (record_id)
     where s.closeness >= lowest
       and not exists (select from hidden h where h.record_id = s.record_id
                          and h.grp in ('base', s.grp) and h.version > r.source_version)
$search$;
comment on function {g}.naming is 'Names near to this one, in groups the session''s reader reads, with how near: at most 1.';

create function {g}.matching(words tsquery, asked text, sounding text, consonants text, in_arabic boolean, lowest real)
returns setof text
language sql stable security definer set search_path = {g}, public, pg_temp as
$search$
    with recursive reader as materialized (select readable_bits() as bits),
    hidden as materialized (select * from overridden()),
    told as (
        select r.record_id, 'base' as grp from records r, reader
         where r.search @@ words and get_bit(reader.bits, r.label_id)::bool
         union
        select p.record_id, p.grp from portions p, reader
         where p.search @@ words and get_bit(reader.bits, p.label_id)::bool
         union
        select n.record_id, n.grp from naming(asked, sounding, consonants, in_arabic, lowest) n
    ),
    found as (
        select t.record_id from told t join records r using (record_id)
         where not exists (select from hidden h where h.record_id = t.record_id
                              and h.grp in ('base', t.grp) and h.version > r.source_version)
         union
        select r.record_id from found f, reader, edges e join records r on r.record_id = e.to_id
         where e.from_id = f.record_id and e.kind = 'merged_into'
           and get_bit(reader.bits, e.label_id)::bool and get_bit(reader.bits, r.label_id)::bool
           and not exists (select from hidden h where h.record_id = r.record_id
                              and h.grp = 'base' and h.version > r.source_version)
    )
    select f.record_id from found f
     union
    select e.from_id from reader, found f join records o using (record_id) join edges e on e.to_id = o.record_id
     where o.kind in ('organisation', 'person') and e.kind <> 'merged_into'
       and get_bit(reader.bits, e.label_id)::bool
$search$;
comment on function {g}.matching is 'Records that match by words or by name in groups the session''s reader reads; those they were merged into; those that refer to such a person or organisation.';
