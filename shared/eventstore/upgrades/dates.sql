-- Finding which records have dates to come, without reading every event.

create index events_of_dates on events (position)
    where type in ('record.scheduled.v1', 'record.release_scheduled.v1',
                   'record.declassified.v1', 'record.expired.v1');
