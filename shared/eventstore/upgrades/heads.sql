-- Signed heads: where the chain stood, for whoever keeps them as a witness. Written by the service itself.

create table heads (
    epoch     integer     not null,
    position  bigint      not null,
    signed_at timestamptz not null,
    body      text        not null,
    signature bytea       not null,
    primary key (epoch, position)
);
create index heads_by_time on heads (signed_at);
comment on table  heads           is 'Where the chain stood, signed: about one a minute, or one for a thousand events.';
comment on column heads.epoch     is 'Epoch of the event that was last then.';
comment on column heads.position  is 'Its position.';
comment on column heads.signed_at is 'When it was signed (UTC).';
comment on column heads.body      is 'What was signed: canonical JSON, the hash included.';
comment on column heads.signature is 'Ed25519, by the service''s key for heads.';

do $$
declare app text := quote_ident(current_database() || '_app');
begin
    execute format('grant select, insert on heads to %s', app);
end $$;
