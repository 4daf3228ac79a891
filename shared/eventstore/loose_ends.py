"""What the tables around the events must agree to; asked by verify, answered by the database."""

# Each row: invariant, position (0 when there is none), what is wrong in words; the first few of each.
LOOSE_ENDS = """
(select 'I3' as invariant, 0::bigint as position,
        'stream ' || coalesce(s.stream_id, e.stream_id) || ' says version ' || coalesce(s.version, 0)
        || ', its events ' || coalesce(e.version, 0) as what
   from streams s
   full join (select stream_id, max(version) as version from events group by stream_id) e
        using (stream_id)
  where s.version is distinct from e.version
  limit 3)
union all
(select 'I5', c.position, 'a command says it ended here, but no event of ' || c.record_id || ' did'
   from commands c
   left join events e on e.position = c.position and e.epoch = c.epoch
        and e.stream_id = c.record_id and e.version = c.version
  where c.outcome <> 'unchanged' and e.position is null
  order by c.position
  limit 1)
"""
