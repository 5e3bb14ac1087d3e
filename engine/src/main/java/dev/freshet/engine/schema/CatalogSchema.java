package dev.freshet.engine.schema;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Schema;
import dev.freshet.compiler.bind.Declined;
import dev.freshet.compiler.emit.StoredColumn;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers the compiler's questions from the catalog of the connected database.
///
/// Names are looked up with a search path of `pg_catalog` alone, as in a canonical query. Queries
/// are described by creating a temporary table, so the caller's transaction must be one that may.
public final class CatalogSchema implements Schema {
  private static final String SOURCE =
      """
      SELECT c.relkind::text, c.relpersistence::text,
        (SELECT format('%I.%I', n.nspname, s.relname) FROM freshet.materialized_views m
         JOIN pg_class s ON s.oid = m.storage JOIN pg_namespace n ON n.oid = s.relnamespace
         WHERE m.relation = c.oid AND m.kind = 'managed'),
        CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END,
        CASE WHEN c.relkind = 'v' THEN coalesce('security_invoker=true' = ANY (c.reloptions), false) END
      FROM pg_class c WHERE c.oid = to_regclass(?)
      """;

  private static final String COLUMNS =
      """
      SELECT a.attname, a.attnotnull, a.attgenerated = 'v' FROM pg_attribute a
      WHERE a.attrelid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
      """;

  /// As `freshet.facts` watches them. A collation that takes different texts for equal could
  /// compare a key by more than its own equality.
  private static final String KEYS =
      """
      SELECT k.columns FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      CROSS JOIN LATERAL (SELECT array_agg(a.attname::text ORDER BY a.attnum) AS columns, bool_and(a.attnotnull) AS known,
          bool_or(a.attcollation <> 0) AS texts
        FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])) k
      WHERE i.indrelid = ?::regclass AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND k.known AND NOT (k.texts AND EXISTS (SELECT FROM pg_collation l WHERE NOT l.collisdeterministic))
        AND (c.relkind = 'p' OR NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = i.indrelid))
      ORDER BY i.indisprimary DESC, i.indexrelid
      """;

  private static final String FUNCTION =
      """
      SELECT p.prokind::text, p.provolatile = 'v', p.proretset
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.proname = ? AND n.nspname = coalesce(?, 'pg_catalog')
      """;

  private static final String MUTABLE =
      """
      SELECT p.proname, p.provolatile = 'v' FROM freshet.code_of(?::regclass, true) c JOIN pg_proc p ON p.oid = c.objid
      WHERE c.classid = 'pg_proc'::regclass AND p.provolatile <> 'i' AND p.prokind <> 'a'
      ORDER BY p.provolatile DESC, p.proname LIMIT 1
      """;

  private static final String OPERATORS =
      """
      SELECT a.attname,
        (SELECT format('OPERATOR(%I.%s)', n.nspname, o.oprname) FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
         WHERE o.oid =
          (SELECT w.amopopr FROM pg_opclass k JOIN pg_am m ON m.oid = k.opcmethod AND m.amname = 'btree'
           JOIN pg_amop w ON w.amopfamily = k.opcfamily AND w.amoplefttype = k.opcintype AND w.amoprighttype = k.opcintype AND w.amopstrategy = 3
           WHERE k.opcdefault AND k.opcintype = b.base LIMIT 1)),
        EXISTS (SELECT FROM pg_opclass k JOIN pg_am m ON m.oid = k.opcmethod AND m.amname = 'hash'
          WHERE k.opcdefault AND k.opcintype = b.base),
        -- with a fixed number of digits or characters equal values look the same, and so do arrays of such
        coalesce((SELECT l.collisdeterministic FROM pg_collation l WHERE l.oid = a.attcollation), true)
          AND (a.atttypmod >= 0 AND a.atttypid IN ('numeric'::regtype, 'bpchar'::regtype)
            OR a.atttypid IN ('int2[]'::regtype, 'int4[]'::regtype, 'int8[]'::regtype, 'uuid[]'::regtype, 'date[]'::regtype,
              'text[]'::regtype, 'varchar[]'::regtype)),
        CASE WHEN a.attcollation <> t.typcollation THEN (SELECT format('COLLATE %I.%I', n.nspname, l.collname)
          FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) ELSE '' END
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_type d ON d.oid = t.typbasetype AND t.typtype = 'd'
      CROSS JOIN LATERAL (SELECT CASE
          WHEN coalesce(d.oid, t.oid) = 'varchar'::regtype THEN 'text'::regtype::oid
          WHEN coalesce(d.typtype, t.typtype) = 'e' THEN 'anyenum'::regtype::oid
          ELSE coalesce(d.oid, t.oid) END AS base) b
      WHERE a.attrelid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped
      """;

  private final Session session;
  private final Map<String, List<ColumnType>> described = new HashMap<>();
  private final Map<QualifiedName, FunctionTraits> functions = new HashMap<>();

  public CatalogSchema(Session session) {
    this.session = session;
  }

  @Override
  public Source relation(QualifiedName name) {
    return session.withCatalogPath(() -> {
      Optional<Source> source =
          session.first(
              SOURCE,
              row ->
                  source(
                      name, row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
              name.sql());
      return source.orElseGet(() -> new Source.Uncaptured("relation " + name + " is unknown"));
    });
  }

  private Source source(
      QualifiedName name,
      String kind,
      String persistence,
      @Nullable String storage,
      @Nullable String query) {
    if (storage != null && has(storage, "freshet$shard")) {
      return new Source.Uncaptured(
          "materialized view " + name + " has shards, whose changes are not those of its rows");
    }
    if (storage != null) {
      return new Source.Table(
          QualifiedName.parse(storage),
          columns(name),
          Optional.of("freshet$shown").filter(column -> has(storage, column)),
          keys(storage));
    }
    if (query != null) {
      List<String> columns = columns(name).stream().map(TableColumn::name).toList();
      return new Source.View(query.replaceFirst(";\\s*$", ""), columns);
    }
    if (persistence.equals("t")) {
      return new Source.Uncaptured("table " + name + " is temporary");
    }
    return switch (kind) {
      case "r", "p" -> new Source.Table(name, columns(name), Optional.empty(), keys(name.sql()));
      case "f" -> new Source.Uncaptured("foreign table " + name + " tells nobody what changes");
      case "m" ->
          new Source.Uncaptured("native materialized view " + name + " tells nobody what changes");
      default -> new Source.Uncaptured("relation " + name + " is no table");
    };
  }

  private boolean has(String storage, String column) {
    return session.one(
        "SELECT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = ?::regclass AND a.attname = ?)",
        row -> row.getBoolean(1),
        storage,
        column);
  }

  private List<Set<String>> keys(String relation) {
    return session.list(
        KEYS, row -> Set.copyOf(Arrays.asList((String[]) row.getArray(1).getArray())), relation);
  }

  private List<TableColumn> columns(QualifiedName name) {
    return session.list(
        COLUMNS, row -> new TableColumn(row.getString(1), row.getBoolean(2)), name.sql());
  }

  @Override
  public FunctionTraits function(QualifiedName name) {
    return functions.computeIfAbsent(name, this::readFunction);
  }

  private FunctionTraits readFunction(QualifiedName name) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    session.list(
        FUNCTION,
        row -> {
          addKind(traits, row.getString(1));
          traits.addAll(row.getBoolean(2) ? Set.of(Trait.VOLATILE) : Set.of());
          traits.addAll(row.getBoolean(3) ? Set.of(Trait.SET_RETURNING) : Set.of());
          return true;
        },
        name.name(),
        name.schema());
    return new FunctionTraits(traits);
  }

  private static void addKind(Set<Trait> traits, String kind) {
    switch (kind) {
      case "a" -> traits.add(Trait.AGGREGATE);
      case "w" -> traits.add(Trait.WINDOW);
      default -> {}
    }
  }

  /// @throws Declined if the server does not understand the query
  @Override
  public Optional<MutableFunction> mutableFunction(String query) {
    try {
      return readMutableFunction(query);
    } catch (FreshetException e) {
      throw notUnderstood(e);
    }
  }

  private Optional<MutableFunction> readMutableFunction(String query) {
    return session.inSavepoint(() ->
        session.withCatalogPath(() -> {
          session.execute("CREATE TEMPORARY VIEW freshet_code AS " + query);
          List<MutableFunction> found =
              session.list(
                  MUTABLE,
                  row -> new MutableFunction(row.getString(1), row.getBoolean(2)),
                  "pg_temp.freshet_code");
          session.execute("DROP VIEW pg_temp.freshet_code");
          return found.stream().findFirst();
        }));
  }

  private static Declined notUnderstood(FreshetException e) {
    return new Declined("the server says of a part of it: " + e.problem().message());
  }

  /// @throws Declined if the server does not understand the query: the view is then computed as a
  ///   whole, by its own text
  @Override
  public List<ColumnType> describe(String query) {
    List<ColumnType> known = described.get(query);
    if (known != null) {
      return known;
    }
    try {
      List<ColumnType> types = readTypes(query);
      described.put(query, types);
      return types;
    } catch (FreshetException e) {
      throw notUnderstood(e);
    }
  }

  private List<ColumnType> readTypes(String query) {
    return session.inSavepoint(() -> {
      String table = "freshet_describe_" + described.size();
      return session.withCatalogPath(() -> {
        session.execute(
            "CREATE TEMPORARY TABLE " + table + " AS SELECT * FROM (" + query + ") q WITH NO DATA");
        Map<String, String[]> operators =
            session
                .list(
                    OPERATORS,
                    row ->
                        new String[] {
                          row.getString(1),
                          row.getString(2),
                          row.getString(3),
                          row.getString(4),
                          row.getString(5)
                        },
                    "pg_temp." + table)
                .stream()
                .collect(Collectors.toMap(o -> o[0], o -> Arrays.copyOf(o, 5)));
        List<ColumnType> types =
            StorageReader.columns(session, "pg_temp." + table).stream()
                .map(column -> type(column, operators.getOrDefault(column.name(), new String[5])))
                .toList();
        session.execute("DROP TABLE pg_temp." + table);
        return types;
      });
    });
  }

  private static ColumnType type(StoredColumn column, @Nullable String[] operators) {
    String own = operators[1];
    String equals = column.hasEquality() ? own == null ? "OPERATOR(pg_catalog.=)" : own : "";
    return new ColumnType(
        column.name(),
        column.type(),
        operators[4] == null ? "" : operators[4],
        equals,
        column.equalMeansSame() || "t".equals(operators[3]),
        column.hasEquality() && "t".equals(operators[2]));
  }
}
