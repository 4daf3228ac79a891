-- Finding what was removed, and what goes with it, without reading every event.

create index events_of_removal on events (type, position)
    where type in ('record.removed.v1', 'person.merged.v1', 'person.unmerged.v1',
                   'engagement.participant_linked.v1');
