-- What columns mean that many views have, where the view itself says nothing else.
DO $$
DECLARE
    stands record;
BEGIN
    FOR stands IN
        SELECT c.relname, words.attname, words.meaning
        FROM (VALUES
            ('account', 'The account, by key.'),
            ('account_name', 'The account''s name.'),
            ('segment', 'The account''s segment today.'),
            ('owner', 'Who looks after the account today, by key.'),
            ('owner_name', 'The name of who looks after the account today.')
        ) AS words (attname, meaning)
        JOIN pg_attribute a ON a.attname = words.attname
        JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'reporting'::regnamespace
        WHERE col_description(c.oid, a.attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN reporting.%I.%I IS %L', stands.relname, stands.attname, stands.meaning);
    END LOOP;
END $$;
