-- Whoever may use the schema may read all of its views, however often those are made anew.
DO $$
DECLARE
    reader text;
BEGIN
    FOR reader IN
        SELECT DISTINCT quote_ident(pg_get_userbyid(acl.grantee))
        FROM pg_namespace, aclexplode(nspacl) acl
        WHERE nspname = 'reporting' AND acl.privilege_type = 'USAGE' AND acl.grantee NOT IN (0, nspowner)
    LOOP
        EXECUTE 'GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO ' || reader;
    END LOOP;
END $$;
