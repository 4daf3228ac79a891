-- Commands are remembered for 72 hours, at least: then a request under the same key is a new one.
--
-- recorded_at is the scenario's clock in an exercise, and the position of a command that changed nothing is
-- older than it; so both must say that it is old: a head signed long enough ago, and its own time.
create function forget_commands(most integer) returns integer
language sql security definer set search_path = public, pg_temp as $$
    with bound as (select now() - interval '72 hours' as moment),
    reached as (
        select h.position from heads h, bound b
         where h.signed_at <= b.moment order by h.signed_at desc limit 1
    ),
    old as (
        select c.command_id from commands c, bound b, reached r
         where c.recorded_at <= b.moment and c.position <= r.position limit most
    ),
    gone as (delete from commands c using old where c.command_id = old.command_id returning 1)
    select count(*)::integer from gone
$$;
comment on function forget_commands is 'Deletes up to so many commands older than 72 hours, and says how many.';

revoke all on function forget_commands from public;
do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant execute on function forget_commands to %s', app);
end $$;
