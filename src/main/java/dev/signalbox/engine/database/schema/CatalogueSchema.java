package dev.signalbox.engine.database.schema;

import dev.signalbox.engine.postgres.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jdbi.v3.core.Handle;

/// Reads a schema from the catalogue as the statements that create it again. Both servers are read
/// by the same queries, so two equal schemas give two equal lists.
///
/// PostgreSQL itself writes the definitions (`pg_get_indexdef` and its like) with an empty
/// `search_path`, so every name in them is qualified.
final class CatalogueSchema {
  private static final String NOT_EXTENSION =
      " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '%s'::regclass AND d.objid = %s.oid"
          + " AND d.deptype = 'e')";

  private static final String RELATION =
      " "
          + Schemas.of("n")
          + " AND NOT (n.nspname = 'public' AND c.relname = 'schema_version') AND NOT"
          + " (n.nspname = 'public' AND c.relname = 'schema_version_log')"
          + NOT_EXTENSION.formatted("pg_class", "c");

  /// Stage by stage: the statements of one stage need only earlier stages or each other.
  private static final SequencedMap<String, String> FIRST = first();

  private static final SequencedMap<String, String> LATER = later();

  private static final String SCHEMAS =
      "SELECT format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) FROM pg_namespace n WHERE "
          + Schemas.of("n")
          + " ORDER BY 1";

  private CatalogueSchema() {}

  /// Statements in an order in which they can be tried; those of one stage may depend on each
  /// other.
  static SchemaScript read(Handle h, List<String> schemas) {
    h.execute("SET search_path = ''");
    SchemaScript script =
        new SchemaScript(
            h.createQuery(SCHEMAS).bind("schemas", schemas).mapTo(String.class).list(),
            stages(h, FIRST, schemas),
            stages(h, LATER, schemas));
    h.execute("RESET search_path");
    return script;
  }

  private static List<List<String>> stages(
      Handle h, SequencedMap<String, String> queries, List<String> schemas) {
    List<List<String>> stages = new ArrayList<>();
    for (var stage : queries.sequencedEntrySet()) {
      List<String> found =
          h.createQuery(stage.getValue()).bind("schemas", schemas).mapTo(String.class).list();
      if (stage.getKey().equals("keys")) {
        // A view may select columns that only the primary key lets it group by.
        List<String> joined = new ArrayList<>(stages.removeLast());
        joined.addAll(found);
        stages.add(joined);
      } else {
        stages.add(found);
      }
    }
    return stages;
  }

  /// Before the rows are copied: what they are stored in, and the keys by which changes find them.
  private static SequencedMap<String, String> first() {
    SequencedMap<String, String> q = new java.util.LinkedHashMap<>();
    q.put(
        "extensions",
        """
        SELECT format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I', extname, n.nspname)
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE extname <> 'plpgsql' AND :schemas::text[] IS NOT NULL ORDER BY 1
        """);
    q.put(
        "types and sequences",
        """
        SELECT s FROM (
          SELECT format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
              (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum
               WHERE enumtypid = t.oid)) AS s, n.nspname, t.oid
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
          WHERE t.typtype = 'e'
        """
            + NOT_EXTENSION.formatted("pg_type", "t")
            + """
              UNION ALL
              SELECT format('CREATE DOMAIN %I.%I AS %s%s%s%s%s', n.nspname, t.typname,
                  format_type(t.typbasetype, t.typtypmod),
                  CASE WHEN t.typcollation <> bt.typcollation THEN
                    (SELECT format(' COLLATE %I.%I', cn.nspname, co.collname) FROM pg_collation co
                     JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = t.typcollation)
                  ELSE '' END,
                  coalesce(' DEFAULT ' || t.typdefault, ''), CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END,
                  coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)), ''
                      ORDER BY conname) FROM pg_constraint WHERE contypid = t.oid AND contype = 'c'), '')), n.nspname, t.oid
              FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type bt ON bt.oid = t.typbasetype
              WHERE t.typtype = 'd'
            """
            + NOT_EXTENSION.formatted("pg_type", "t")
            + """
              UNION ALL
              SELECT format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
                  (SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
                   FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)), n.nspname, t.oid
              FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
              WHERE t.typtype = 'c'
            """
            + NOT_EXTENSION.formatted("pg_type", "t")
            + """
              UNION ALL
              SELECT format('CREATE SEQUENCE %I.%I AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
                  n.nspname, c.relname, format_type(q.seqtypid, NULL), q.seqincrement, q.seqmin, q.seqmax,
                  q.seqstart, q.seqcache, CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END), n.nspname, c.oid
              FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                AND d.deptype = 'i')
            """
            + NOT_EXTENSION.formatted("pg_class", "c")
            + """
            ) x WHERE
            """
            + Schemas.named("x.nspname")
            + " ORDER BY s COLLATE \"C\"");
    q.put(
        "functions, tables and views",
        """
        SELECT s FROM (
          SELECT 1 AS o, rtrim(pg_get_functiondef(p.oid), E'\\n') AS s, n.nspname
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE p.prokind IN ('f', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        """
            + NOT_EXTENSION.formatted("pg_proc", "p")
            + """
              UNION ALL
              SELECT 2, format('CREATE TABLE %I.%I (%s)%s%s', n.nspname, c.relname,
                coalesce((SELECT string_agg(format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                  CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN
                    (SELECT format(' COLLATE %I.%I', cn.nspname, co.collname) FROM pg_collation co
                     JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) ELSE '' END,
                  CASE WHEN a.attidentity <> '' AND NOT c.relispartition THEN
                    (SELECT format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s)',
                       CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, sn.nspname, sc.relname,
                       q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache,
                       CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END)
                     FROM pg_depend dp JOIN pg_class sc ON sc.oid = dp.objid AND sc.relkind = 'S'
                       JOIN pg_namespace sn ON sn.oid = sc.relnamespace JOIN pg_sequence q ON q.seqrelid = sc.oid
                     WHERE dp.classid = 'pg_class'::regclass AND dp.refclassid = 'pg_class'::regclass AND dp.refobjid = c.oid
                       AND dp.refobjsubid = a.attnum AND dp.deptype = 'i')
                  WHEN a.attidentity <> '' THEN ''
                  WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(ad.adbin, ad.adrelid))
                  WHEN a.attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s) VIRTUAL', pg_get_expr(ad.adbin, ad.adrelid))
                  ELSE coalesce(' DEFAULT ' || pg_get_expr(ad.adbin, ad.adrelid), '') END,
                  CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END), ', ' ORDER BY a.attnum)
                 FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                   LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), ''),
                coalesce(' PARTITION BY ' || pg_get_partkeydef(c.oid), ''),
                coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '')), n.nspname
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('r', 'p') AND NOT (n.nspname = 'public' AND c.relname IN ('schema_version', 'schema_version_log'))
            """
            + NOT_EXTENSION.formatted("pg_class", "c")
            + """
              UNION ALL
              SELECT 3, format('CREATE VIEW %I.%I%s AS %s', n.nspname, c.relname,
                coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''),
                rtrim(pg_get_viewdef(c.oid), ';')), n.nspname
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind = 'v'
            """
            + NOT_EXTENSION.formatted("pg_class", "c")
            + """
            ) x WHERE
            """
            + Schemas.named("x.nspname")
            + " ORDER BY o, s COLLATE \"C\"");
    // A partitioned table's key adopts the keys of the partitions that it has.
    q.put(
        "keys",
        """
        SELECT s FROM (
          SELECT CASE c.relkind WHEN 'p' THEN 100 - d.depth ELSE 1 END AS o,
            format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname,
              pg_get_constraintdef(k.oid)) AS s
          FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL (SELECT count(*) AS depth FROM pg_partition_ancestors(c.oid)) d
          WHERE (k.contype = 'p' OR EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = k.conindid AND i.indisreplident)
            AND k.contype = 'u') AND
        """
            + RELATION
            + """
              UNION ALL
              SELECT 2, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE i.indisreplident AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) AND
            """
            + RELATION
            + """
              UNION ALL
              SELECT 3, format('ALTER TABLE %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname,
                c.relname, pg_get_expr(c.relpartbound, c.oid))
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_inherits t ON t.inhrelid = c.oid
                JOIN pg_class p ON p.oid = t.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
              WHERE c.relispartition AND c.relkind IN ('r', 'p') AND
            """
            + RELATION
            + ") x ORDER BY o, s COLLATE \"C\"");
    q.put(
        "sequence owners",
        """
        SELECT format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, t.relname, a.attname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a'
            AND d.refclassid = 'pg_class'::regclass
          JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
          JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE c.relkind = 'S' AND
        """
            + Schemas.of("n")
            + " ORDER BY 1");
    q.put(
        "replica identity",
        """
        SELECT format('ALTER TABLE %I.%I REPLICA IDENTITY %s', n.nspname, c.relname,
          CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
            ELSE (SELECT format('USING INDEX %I', ic.relname) FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
                  WHERE i.indrelid = c.oid AND i.indisreplident) END)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.relreplident <> 'd' AND
        """
            + RELATION
            + " ORDER BY 1");
    q.put("comments, owners and grants", Ownership.QUERY);
    return q;
  }

  /// When the rows are there.
  private static SequencedMap<String, String> later() {
    SequencedMap<String, String> q = new java.util.LinkedHashMap<>();
    q.put(
        "other constraints",
        """
        SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname,
          pg_get_constraintdef(k.oid))
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          CROSS JOIN LATERAL (SELECT count(*) AS depth FROM pg_partition_ancestors(c.oid)) d
        WHERE k.contype IN ('u', 'x', 'c') AND (k.contype <> 'c' OR k.conislocal)
          AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = k.conindid AND i.indisreplident) AND
        """
            + RELATION
            + " ORDER BY CASE k.contype WHEN 'c' THEN d.depth ELSE 100 - d.depth END, 1");
    q.put(
        "indexes",
        """
        SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE i.indisvalid AND NOT i.indisreplident
          AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AND
        """
            + RELATION
            + " ORDER BY c.relkind DESC, 1");
    q.put(
        "indexes of partitions",
        """
        SELECT format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname, x.relname)
        FROM pg_inherits t JOIN pg_index i ON i.indexrelid = t.inhrelid JOIN pg_class x ON x.oid = t.inhrelid
          JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_class p ON p.oid = t.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
        WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AND
        """
            + RELATION
            + " ORDER BY 1");
    q.put(
        "foreign keys",
        """
        SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname,
          pg_get_constraintdef(k.oid))
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE k.contype = 'f' AND k.conparentid = 0 AND
        """
            + RELATION
            + " ORDER BY 1");
    q.put(
        "triggers",
        """
        SELECT pg_get_triggerdef(t.oid) || CASE t.tgenabled
          WHEN 'O' THEN ''
          ELSE format('; ALTER TABLE %I.%I %s TRIGGER %I', n.nspname, c.relname,
            CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, t.tgname) END
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgname <> 'signalbox_fence' AND
        """
            + RELATION
            + " ORDER BY 1");
    q.put(
        "row security",
        """
        SELECT s FROM (
          SELECT 1 AS o, format('ALTER TABLE %I.%I %s ROW LEVEL SECURITY', n.nspname, c.relname, v.what) AS s
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL (VALUES ('ENABLE', c.relrowsecurity), ('FORCE', c.relforcerowsecurity)) v (what, wanted)
          WHERE v.wanted AND c.relkind IN ('r', 'p') AND
        """
            + RELATION
            + """
              UNION ALL
              SELECT 2, format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s%s%s', p.polname, n.nspname, c.relname,
                CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                  WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                (SELECT string_agg(CASE r.role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r.role)) END,
                  ', ' ORDER BY pg_get_userbyid(r.role)) FROM unnest(p.polroles) r (role)),
                coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
                coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))
              FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE
            """
            + RELATION
            + ") x ORDER BY o, s COLLATE \"C\"");
    q.put(
        "column settings",
        """
        SELECT s FROM (
          SELECT format('ALTER TABLE %I.%I ALTER COLUMN %I SET %s', n.nspname, c.relname, a.attname, v.what) AS s
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_type t ON t.oid = a.atttypid
            CROSS JOIN LATERAL (VALUES
              (CASE WHEN a.attstattarget >= 0 THEN 'STATISTICS ' || a.attstattarget END),
              (CASE WHEN a.attstorage <> t.typstorage THEN 'STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN'
                WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
              (CASE a.attcompression WHEN 'p' THEN 'COMPRESSION pglz' WHEN 'l' THEN 'COMPRESSION lz4' END),
              ('(' || array_to_string(a.attoptions, ', ') || ')')) v (what)
          WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND v.what IS NOT NULL AND
        """
            + RELATION
            + """
              UNION ALL
              SELECT format('ALTER TABLE %I.%I SET (%s)', n.nspname, c.relname,
                (SELECT string_agg('toast.' || o, ', ') FROM unnest(x.reloptions) o))
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class x ON x.oid = c.reltoastrelid
              WHERE c.relkind = 'r' AND x.reloptions IS NOT NULL AND
            """
            + RELATION
            + ") x ORDER BY s COLLATE \"C\"");
    return q;
  }
}
