-- Commands lie in the order of their age, so a summary per range of pages finds the old ones as well as an
-- index of every row did, and costs an append nothing.
drop index commands_by_age;
create index commands_by_age on commands using brin (recorded_at);
