-- What could let one shop see or touch another shop's rows. Each block finds holes of one kind: subject, detail.
-- A block that names %(role)s runs once for each login role. Read and run by rls_audit.py, block by block.

-- check role_too_strong: a login role that row-level security does not bind, or that can make itself such a one
SELECT rolname, concat_ws(' ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolbypassrls THEN 'bypassrls' END,
                          CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolreplication THEN 'replication' END)
FROM pg_roles
WHERE rolname = %(role)s AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication);

-- check role_in_others_rights: a login role that may act as another role (an owner, or one of PostgreSQL's own)
SELECT other.rolname, 'the login role is a member of it'
FROM pg_roles other
WHERE other.rolname <> %(role)s AND pg_has_role(%(role)s, other.oid, 'MEMBER') AND NOT (
    SELECT rolsuper FROM pg_roles WHERE rolname = %(role)s);

-- check role_owns: a login role that owns a table, a view, a function or a schema (an owner may drop its policies)
SELECT c.oid::regclass::text, 'owned by the login role'
FROM pg_class c
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relowner = %(role)s::regrole
UNION ALL
SELECT p.oid::regprocedure::text, 'owned by the login role' FROM pg_proc p WHERE p.proowner = %(role)s::regrole
UNION ALL
SELECT n.nspname, 'owned by the login role' FROM pg_namespace n WHERE n.nspowner = %(role)s::regrole
    AND NOT starts_with(n.nspname, 'pg_');

-- check table_without_walls: a table with tenant_id that does not enable and force row-level security with a policy
SELECT c.oid::regclass::text, concat_ws(' ', CASE WHEN NOT c.relrowsecurity THEN 'not enabled' END,
    CASE WHEN NOT c.relforcerowsecurity THEN 'not forced' END,
    CASE WHEN NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) THEN 'no policy' END)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
JOIN pg_namespace n ON n.oid = c.relnamespace AND NOT starts_with(n.nspname, 'pg_')
WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity
    AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid));

-- check policy_ignores_tenant: a policy that lets rows through (or in) without comparing tenant_id to what is bound
SELECT p.polrelid::regclass::text, p.polname::text
FROM pg_policy p
WHERE p.polpermissive AND EXISTS (
    SELECT 1
    FROM (VALUES (pg_get_expr(p.polqual, p.polrelid), p.polcmd <> 'a'),
                 (pg_get_expr(p.polwithcheck, p.polrelid), p.polcmd IN ('a', 'w', '*') AND p.polwithcheck IS NOT NULL
                  OR p.polcmd = 'a')) AS expression (words, applies)
    WHERE applies AND NOT coalesce(words ~ '\mtenant_id = ANY' AND words ~ 'nanori\.tenants' AND words !~ '\mOR\M', false));

-- check table_without_tenant: a table without tenant_id that a login role can read, wholly or by column
SELECT c.oid::regclass::text, 'readable, and nothing tells whose rows these are'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND NOT starts_with(n.nspname, 'pg_') AND n.nspname <> 'information_schema'
WHERE c.relkind IN ('r', 'p', 'f') AND has_any_column_privilege(%(role)s, c.oid, 'SELECT')
    AND NOT EXISTS (SELECT 1 FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped);

-- check tenant_may_be_empty: a tenant_id that may be null (such a row belongs to nobody, and to no policy)
SELECT c.oid::regclass::text, 'tenant_id may be null'
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND NOT a.attnotnull;

-- check policies_add_up: several permissive policies that apply to one command (they are OR-ed)
SELECT a.polrelid::regclass::text, string_agg(DISTINCT a.polname::text, ', ')
FROM pg_policy a
JOIN pg_policy b ON b.polrelid = a.polrelid AND b.oid <> a.oid AND b.polpermissive
    AND (a.polcmd = b.polcmd OR '*' IN (a.polcmd, b.polcmd))
WHERE a.polpermissive
GROUP BY a.polrelid;

-- check view_with_owners_eyes: a view that a login role can read and that looks with its owner's rights
SELECT c.oid::regclass::text, 'without security_invoker'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND NOT starts_with(n.nspname, 'pg_') AND n.nspname <> 'information_schema'
WHERE c.relkind = 'v' AND has_any_column_privilege(%(role)s, c.oid, 'SELECT')
    AND NOT coalesce(c.reloptions && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false);

-- check materialised_view: a materialised view that a login role can read (row-level security never applies)
SELECT c.oid::regclass::text, 'row-level security never applies'
FROM pg_class c
WHERE c.relkind = 'm' AND has_any_column_privilege(%(role)s, c.oid, 'SELECT');

-- check function_with_owners_rights: a SECURITY DEFINER function that a login role may run, unpinned or too strong
SELECT p.oid::regprocedure::text, concat_ws(' ', CASE WHEN r.rolsuper OR r.rolbypassrls THEN 'owner bypasses' END,
    CASE WHEN NOT coalesce(array_to_string(p.proconfig, ',') ~ 'search_path=', false) THEN 'search_path not pinned' END)
FROM pg_proc p
JOIN pg_roles r ON r.oid = p.proowner
JOIN pg_namespace n ON n.oid = p.pronamespace AND NOT starts_with(n.nspname, 'pg_') AND n.nspname <> 'information_schema'
WHERE p.prosecdef AND has_function_privilege(%(role)s, p.oid, 'EXECUTE')
    AND (r.rolsuper OR r.rolbypassrls OR NOT coalesce(array_to_string(p.proconfig, ',') ~ 'search_path=', false));

-- check unique_across_tenants: a unique index without tenant_id (a duplicate error tells that another shop has it)
SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p')
JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped
WHERE (i.indisunique OR i.indisexclusion) AND NOT (t.attnum = ANY (i.indkey))
    AND NOT (i.indisprimary AND i.indnkeyatts = 1 AND EXISTS (
        SELECT 1 FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attnum = ANY (i.indkey) AND k.atttypid = 'uuid'::regtype));

-- check key_across_tenants: a foreign key between tenants' tables that does not carry tenant_id on both sides
SELECT f.conname::text, format('%%s to %%s', f.conrelid::regclass, f.confrelid::regclass)
FROM pg_constraint f
JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attname = 'tenant_id' AND NOT a.attisdropped
JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attname = 'tenant_id' AND NOT b.attisdropped
WHERE f.contype = 'f' AND f.conparentid = 0 AND NOT coalesce(
    f.confkey[array_position(f.conkey, a.attnum)] = b.attnum, false);

-- check right_past_policies: rights on a table that no policy limits
SELECT c.oid::regclass::text, p.priv
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND NOT starts_with(n.nspname, 'pg_') AND n.nspname <> 'information_schema'
CROSS JOIN (VALUES ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) p (priv)
WHERE c.relkind IN ('r', 'p') AND has_table_privilege(%(role)s, c.oid, p.priv);

-- check may_create: a schema in which a login role may create objects that others then trip over
SELECT n.nspname::text, 'may create objects here'
FROM pg_namespace n
WHERE NOT starts_with(n.nspname, 'pg_') AND n.nspname <> 'information_schema'
    AND has_schema_privilege(%(role)s, n.oid, 'CREATE');
