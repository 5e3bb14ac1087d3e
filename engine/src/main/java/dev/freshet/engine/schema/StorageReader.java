package dev.freshet.engine.schema;

import dev.freshet.compiler.emit.KeyColumn;
import dev.freshet.compiler.emit.StoredColumn;
import dev.freshet.engine.catalog.Session;
import java.util.Arrays;
import java.util.List;

/// Reads what the generated functions of a view depend on: its columns and its unique indexes.
public final class StorageReader {
  private static final String COLUMNS =
      """
      SELECT a.attname, format_type(a.atttypid, a.atttypmod),
        -- btree's support function 4 tells the types whose equal values are identical
        (coalesce(b.typnamespace, t.typnamespace) = 'pg_catalog'::regnamespace OR t.typtype = 'e')
          AND coalesce(b.typname, t.typname) <> 'bpchar'
          AND coalesce((SELECT l.collisdeterministic FROM pg_collation l WHERE l.oid = a.attcollation), true)
          AND EXISTS (
            SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod AND m.amname = 'btree'
            JOIN pg_amproc p ON p.amprocfamily = o.opcfamily AND p.amproclefttype = o.opcintype
              AND p.amprocrighttype = o.opcintype AND p.amprocnum = 4
            WHERE o.opcdefault AND o.opcintype = compared.type),
        EXISTS (
          SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod AND m.amname IN ('btree', 'hash')
          WHERE o.opcdefault AND o.opcintype = compared.type)
          AND (t.typelem = 0 OR t.typlen <> -1 OR EXISTS (
            SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod AND m.amname IN ('btree', 'hash')
            WHERE o.opcdefault AND o.opcintype IN (t.typelem, CASE t.typelem WHEN 'varchar'::regtype THEN 'text'::regtype END)))
      FROM pg_attribute a
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_type b ON b.oid = t.typbasetype AND t.typtype = 'd'
      CROSS JOIN LATERAL (SELECT CASE
          WHEN coalesce(b.oid, t.oid) = 'varchar'::regtype THEN 'text'::regtype
          WHEN coalesce(b.typtype, t.typtype) = 'e' THEN 'anyenum'::regtype
          WHEN coalesce(b.typtype, t.typtype) = 'r' THEN 'anyrange'::regtype
          WHEN coalesce(b.typtype, t.typtype) = 'm' THEN 'anymultirange'::regtype
          WHEN coalesce(b.typcategory, t.typcategory) = 'A' THEN 'anyarray'::regtype
          ELSE coalesce(b.oid, t.oid) END AS type) compared
      WHERE a.attrelid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum
      """;

  /// The smallest unique index without expressions or condition, by its own equality.
  private static final String KEY =
      """
      SELECT array_agg(a.attname::text ORDER BY k.place),
        array_agg(format('OPERATOR(%I.%s)', n.nspname, p.oprname) ORDER BY k.place)
      FROM pg_index i
      CROSS JOIN LATERAL unnest(i.indkey, i.indclass, i.indcollation) WITH ORDINALITY k (attnum, class, coll, place)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      JOIN pg_opclass o ON o.oid = k.class
      JOIN pg_amop w ON w.amopfamily = o.opcfamily AND w.amoplefttype = o.opcintype
        AND w.amoprighttype = o.opcintype AND w.amopstrategy = 3
      JOIN pg_operator p ON p.oid = w.amopopr
      JOIN pg_namespace n ON n.oid = p.oprnamespace
      WHERE i.indrelid = ?::regclass AND i.indisunique AND i.indisvalid AND i.indimmediate
        AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
      GROUP BY i.indexrelid, i.indnkeyatts
      HAVING count(*) = i.indnkeyatts AND bool_and(k.coll IN (0, a.attcollation))
      ORDER BY i.indnkeyatts, i.indexrelid
      LIMIT 1
      """;

  private StorageReader() {}

  /// The columns of a relation, in order; types are qualified unless PostgreSQL's own.
  ///
  /// The search path must be `pg_catalog` alone.
  public static List<StoredColumn> columns(Session session, String relation) {
    return session.list(
        COLUMNS,
        row ->
            new StoredColumn(
                row.getString(1), row.getString(2), row.getBoolean(3), row.getBoolean(4)),
        relation);
  }

  /// The columns that tell rows apart; empty without a usable unique index.
  public static List<KeyColumn> key(Session session, String storage) {
    return session
        .first(
            KEY,
            row -> {
              List<String> names = Arrays.asList((String[]) row.getArray(1).getArray());
              List<String> equals = Arrays.asList((String[]) row.getArray(2).getArray());
              return java.util.stream.IntStream.range(0, names.size())
                  .mapToObj(i -> new KeyColumn(names.get(i), equals.get(i)))
                  .toList();
            },
            storage)
        .orElse(List.of());
  }

  /// True if at most one index of the storage is unique, or excludes rows.
  public static boolean keyAlone(Session session, String storage) {
    return session.one(
        """
        SELECT count(*) <= 1 FROM pg_index i
        WHERE i.indrelid = ?::regclass AND (i.indisunique OR i.indisexclusion)
        """,
        row -> row.getBoolean(1),
        storage);
  }
}
