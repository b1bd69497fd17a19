-- depends: 0006.unsubscriptions

-- When people want their e-mails, as far as it isn't at once. Times are those of the person's own zone; the quiet
-- hours begin on these days (0 is Monday) and end on the next one where `quiet_to` isn't later than `quiet_from`.
CREATE TABLE mail_schedule (
    user_id    uuid PRIMARY KEY,
    quiet_from time,
    quiet_to   time,
    quiet_days integer[],
    CONSTRAINT mail_schedule_quiet CHECK (num_nulls(quiet_from, quiet_to, quiet_days) IN (0, 3))
);
