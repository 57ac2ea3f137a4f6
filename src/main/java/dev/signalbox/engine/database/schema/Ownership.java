package dev.signalbox.engine.database.schema;

import dev.signalbox.engine.postgres.Schemas;

/// The query for comments, owners and grants, as statements.
final class Ownership {
  static final String QUERY =
      """
      WITH service AS (SELECT n.oid, nspname, nspowner, nspacl FROM pg_namespace n WHERE
      """
          + Schemas.of("n")
          + """
          ),
          -- signature is the object as the statements name it
          object AS (
            SELECT 'pg_namespace'::regclass AS class, s.oid, 'SCHEMA' AS kind, format('%I', s.nspname) AS signature,
              s.nspowner AS owner, s.nspacl AS acl FROM service s
            UNION ALL
            SELECT 'pg_class'::regclass, c.oid,
              CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
              format('%I.%I', s.nspname, c.relname), c.relowner, c.relacl
            FROM pg_class c JOIN service s ON s.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'S')
              AND NOT (s.nspname = 'public' AND c.relname IN ('schema_version', 'schema_version_log'))
            UNION ALL
            SELECT 'pg_proc'::regclass, p.oid, CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
              format('%I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), p.proowner, p.proacl
            FROM pg_proc p JOIN service s ON s.oid = p.pronamespace WHERE p.prokind IN ('f', 'p')
            UNION ALL
            SELECT 'pg_type'::regclass, t.oid, CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,
              format('%I.%I', s.nspname, t.typname), t.typowner, t.typacl
            FROM pg_type t JOIN service s ON s.oid = t.typnamespace
            WHERE t.typtype IN ('e', 'd') OR (t.typtype = 'c'
              AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
          ),
          mine AS (
            SELECT o.* FROM object o WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class
              AND d.objid = o.oid AND d.deptype = 'e')
          ),
          granted AS (
            SELECT m.kind, m.signature, m.owner, '' AS columns, a.grantee, a.privilege_type, a.is_grantable
            FROM mine m CROSS JOIN LATERAL aclexplode(m.acl) a
            UNION ALL
            SELECT 'TABLE', m.signature, m.owner, format('(%I)', b.attname), a.grantee, a.privilege_type, a.is_grantable
            FROM mine m JOIN pg_attribute b ON m.class = 'pg_class'::regclass AND b.attrelid = m.oid
              CROSS JOIN LATERAL aclexplode(b.attacl) a
          )
          SELECT s FROM (
            SELECT 1 AS o, format('ALTER %s %s OWNER TO %I', kind, signature, pg_get_userbyid(owner)) AS s FROM mine
            WHERE NOT (class = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_depend d
              WHERE d.classid = 'pg_class'::regclass AND d.objid = oid AND d.refclassid = 'pg_class'::regclass
                AND d.deptype IN ('a', 'i')))
              AND signature <> 'public'
            UNION ALL
            SELECT 2, format('REVOKE ALL ON %s %s FROM PUBLIC', replace(kind, 'VIEW', 'TABLE'), signature) FROM mine
            WHERE acl IS NOT NULL AND signature <> 'public'
            UNION ALL
            SELECT 3, format('GRANT %s%s ON %s %s TO %s%s', privilege_type, columns, replace(kind, 'VIEW', 'TABLE'),
              signature, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
              CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM granted WHERE grantee <> owner AND NOT (signature = 'public' AND grantee = 0)
              AND NOT (signature = 'public' AND pg_get_userbyid(owner) = pg_get_userbyid(grantee))
            UNION ALL
            SELECT 3, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s GRANT %s ON %s TO %s%s', pg_get_userbyid(d.defaclrole),
              CASE d.defaclnamespace WHEN 0 THEN '' ELSE format(' IN SCHEMA %I', s.nspname) END, a.privilege_type,
              CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
              CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
              CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_default_acl d LEFT JOIN service s ON s.oid = d.defaclnamespace CROSS JOIN LATERAL aclexplode(d.defaclacl) a
            WHERE a.grantee <> d.defaclrole AND d.defaclobjtype IN ('r', 'S', 'f', 'T', 'n')
              AND (d.defaclnamespace = 0 OR s.oid IS NOT NULL)
            UNION ALL
            SELECT 4, format('COMMENT ON %s %s IS %L', kind, signature, d.description)
            FROM mine m JOIN pg_description d ON d.classoid = m.class AND d.objoid = m.oid AND d.objsubid = 0
            WHERE signature <> 'public'
            UNION ALL
            SELECT 4, format('COMMENT ON COLUMN %s.%I IS %L', signature, a.attname, d.description)
            FROM mine m JOIN pg_description d ON d.classoid = m.class AND d.objoid = m.oid
              JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum = d.objsubid
            WHERE m.class = 'pg_class'::regclass AND d.objsubid > 0
          ) x ORDER BY o, s COLLATE "C"
          """;

  private Ownership() {}
}
