-- How many units of work were saved, counted within each of them; see data/promise.py.
create table saved_unit (number bigint not null);

insert into saved_unit values (0);
