-- The one way in. Made with the schema, and put in place of the one before by later revisions.
--
-- Appends one batch. Appends (a_*) and their events (e_*, each naming its append by number, in order)
-- arrive as arrays. At most one append per stream. An append whose expected version is not the stream's,
-- or whose command was applied before, is left out and said so; its neighbours stand. One command with one
-- event, which is what a quiet service writes, goes by the plain statements for one row.
--
-- Nearly every batch stands as a whole, so that is assumed, and the keys of streams and commands refuse what
-- does not: only then it is looked which appends are left out. Those two are written first, so that a refused
-- batch leaves few and narrow dead rows.
create or replace function append_batch(
    a_stream text[], a_expected integer[], a_events integer[],
    a_command bytea[], a_digest bytea[], a_record text[], a_outcome text[], a_recorded timestamptz[],
    e_append integer[], e_id uuid[], e_type text[], e_data bytea[], e_meta bytea[],
    e_occurred timestamptz[], e_digest bytea[]
) returns table (number integer, verdict text, epoch integer, "position" bigint, version integer, recorded_at timestamptz)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    head_position bigint;  head_epoch integer;  head_hash bytea;  head_recorded timestamptz;
    present timestamptz := clock_timestamp();
    known boolean;  reached integer;  updated integer;
    i integer;  the_append integer;  digest bytea;
    epoch_bytes bytea;  moment timestamptz;  moment_bytes bytea;  before bytea;
    last_position bigint;  last_hash bytea;  last_recorded timestamptz;
    all_stand boolean := 0 < all (a_events);
    verdicts text[];  at_position bigint[];  at_version integer[];  at_recorded timestamptz[];
    p_position bigint[];  p_version integer[];  p_recorded timestamptz[];  p_prev bytea[];  p_hash bytea[];
begin
    -- The row is what keeps writers apart; waiting for a row takes several rounds, so the queue is here.
    perform pg_advisory_xact_lock('append_lock'::regclass::oid::integer, 0);
    perform 1 from append_lock for update;
    select o.epoch, greatest(e.position, o.begins_after), coalesce(e.hash, decode(repeat('00', 32), 'hex')),
           coalesce(e.recorded_at, '-infinity')
      into head_epoch, head_position, head_hash, head_recorded
      from (select epoch, begins_after from epochs order by epoch desc limit 1) o
      left join (select position, hash, recorded_at from events order by position desc limit 1) e on true;
    epoch_bytes := int4send(head_epoch);

    if cardinality(a_stream) = 1 and cardinality(e_append) = 1 then
        select exists (select from commands c where c.command_id = a_command[1]),
               coalesce((select s.version from streams s where s.stream_id = a_stream[1]), 0)
          into known, reached;
        number := 1;
        verdict := case when known then 'applied' when reached <> a_expected[1] then 'conflict' else 'appended' end;
        epoch := head_epoch;  position := head_position;  version := a_expected[1];  recorded_at := present;
        if verdict = 'appended' then
            position := head_position + 1;
            version := reached + 1;
            recorded_at := greatest(head_recorded, coalesce(a_recorded[1], present));
            insert into events values (
                append_batch.position, head_epoch, e_id[1], a_stream[1], append_batch.version, e_type[1],
                e_data[1], e_meta[1], e_occurred[1], append_batch.recorded_at, e_digest[1], head_hash,
                sha256(head_hash || epoch_bytes || int8send(append_batch.position)
                    || int8send((extract(epoch from append_batch.recorded_at) * 1000000)::bigint) || e_digest[1]));
            if reached = 0 then
                insert into streams values (a_stream[1], append_batch.version);
            else
                update streams s set version = append_batch.version where s.stream_id = a_stream[1];
            end if;
            if a_command[1] is not null then
                insert into commands values (
                    a_command[1], a_digest[1], a_record[1], a_outcome[1], head_epoch,
                    append_batch.position, append_batch.version, append_batch.recorded_at);
            end if;
        end if;
        return next;
        return;
    end if;

    loop
        begin
            if all_stand then
                verdicts := array_fill('appended'::text, array[cardinality(a_stream)]);
            else
                select array_agg(case when exists (select from commands c where c.command_id = a.command)
                                      then 'applied'
                                      when coalesce((select s.version from streams s where s.stream_id = a.stream), 0)
                                           <> a.expected then 'conflict'
                                      else 'appended' end order by a.number)
                  into verdicts
                  from unnest(a_stream, a_expected, a_command) with ordinality a(stream, expected, command, number);
            end if;

            i := 0;  last_position := head_position;  last_hash := head_hash;  last_recorded := head_recorded;
            moment_bytes := null;
            at_position := array_fill(head_position, array[cardinality(a_stream)]);
            at_recorded := array_fill(present, array[cardinality(a_stream)]);
            at_version := a_expected;
            p_position := '{}';  p_version := '{}';  p_recorded := '{}';  p_prev := '{}';  p_hash := '{}';
            -- Nothing in the loop but the chain: what it fills lies beside the arrays that came, null where left out.
            foreach digest in array e_digest loop
                i := i + 1;
                the_append := e_append[i];
                if verdicts[the_append] <> 'appended' then
                    p_position := p_position || null::bigint;        p_version := p_version || null::integer;
                    p_recorded := p_recorded || null::timestamptz;   p_prev := p_prev || null::bytea;
                    p_hash := p_hash || null::bytea;
                    continue;
                end if;
                moment := greatest(last_recorded, coalesce(a_recorded[the_append], present));
                if moment_bytes is null or moment <> last_recorded then
                    moment_bytes := int8send((extract(epoch from moment) * 1000000)::bigint);
                    last_recorded := moment;
                end if;
                last_position := last_position + 1;
                before := last_hash;
                last_hash := sha256(before || epoch_bytes || int8send(last_position) || moment_bytes || digest);
                at_version[the_append] := at_version[the_append] + 1;
                at_position[the_append] := last_position;
                at_recorded[the_append] := moment;
                p_position := p_position || last_position;  p_version := p_version || at_version[the_append];
                p_recorded := p_recorded || moment;         p_prev := p_prev || before;
                p_hash := p_hash || last_hash;
            end loop;

            -- Not one upsert: nobody else is here, so what was expected is what is there, and an insert is cheaper.
            insert into streams (stream_id, version)
            select a.stream, a.version
              from unnest(a_stream, a_expected, a_events, at_version, verdicts) a(stream, expected, events, version, verdict)
             where a.verdict = 'appended' and a.events > 0 and a.expected = 0;

            if 0 < any (a_expected) then
                update streams s set version = a.version
                  from unnest(a_stream, a_expected, a_events, at_version, verdicts) a(stream, expected, events, version, verdict)
                 where a.verdict = 'appended' and a.events > 0 and a.expected > 0
                   and s.stream_id = a.stream and s.version = a.expected;
                get diagnostics updated = row_count;
                if all_stand and updated <> cardinality(array_remove(a_expected, 0)) then
                    raise unique_violation using message = 'a stream has moved on';
                end if;
            end if;

            insert into commands (command_id, request_digest, record_id, outcome, epoch, position, version, recorded_at)
            select a.command, a.digest, a.record, a.outcome, head_epoch, a.position, a.version, a.recorded
              from unnest(a_command, a_digest, a_record, a_outcome, at_position, at_version, at_recorded, verdicts)
                   a(command, digest, record, outcome, position, version, recorded, verdict)
             where a.verdict = 'appended' and a.command is not null;
            exit;
        exception when unique_violation then
            if not all_stand then
                raise;
            end if;
            all_stand := false;
        end;
    end loop;

    insert into events (position, epoch, event_id, stream_id, version, type, data, meta,
                        occurred_at, recorded_at, payload_digest, prev_hash, hash)
    select e.position, head_epoch, e.id, a_stream[e.append], e.version, e.type, e.data, e.meta,
           e.occurred, e.recorded, e.digest, e.prev, e.hash
      from unnest(p_position, e_append, e_id, p_version, e_type, e_data, e_meta, e_occurred,
                  p_recorded, e_digest, p_prev, p_hash)
           as e(position, append, id, version, type, data, meta, occurred, recorded, digest, prev, hash)
     where e.position is not null;

    return query
    select a.number::integer, a.verdict, head_epoch, a.position, a.version, a.recorded
      from unnest(verdicts, at_position, at_version, at_recorded) with ordinality
           a(verdict, position, version, recorded, number);
end $$;
comment on function append_batch is 'The only way in. One batch, one transaction, one round trip; waits its turn on append_lock.';
revoke all on function append_batch from public;
