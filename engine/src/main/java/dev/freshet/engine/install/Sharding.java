package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.emit.ComputedOnRead;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.explain.Remedy;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Statement;
import dev.freshet.engine.catalog.Session;
import java.util.Map;
import java.util.Optional;

/// Spreads the groups of a view over shards, or says why that is not possible.
///
/// What is computed from aggregates is then computed when the view is read. So it must not depend
/// on the settings of the reader, nor run functions of the view's owner with the reader's rights.
/// The server tells both of an index on the same expression.
final class Sharding {
  private static final String GROUPS = "g"; // as the expressions call it
  private static final String STORAGE = "freshet_shards";

  private static final String NULLS =
      "a column that it groups by may be NULL, for which shards need PostgreSQL 15";

  private final Session session;
  private final DeclaredView declared;

  private Sharding(Session session, DeclaredView declared) {
    this.session = session;
    this.declared = declared;
  }

  /// The script with the declared number of shards. Within a transaction that is rolled back.
  static IncrementScript spread(Session session, DeclaredView declared, IncrementScript script) {
    return declared.options().shards() == 1
        ? script
        : new Sharding(session, declared).spread(script);
  }

  private IncrementScript spread(IncrementScript script) {
    require(script.notShardable());
    require(Increments.nullableKeys(session, script).map(_ -> NULLS));
    IncrementScript spread = script.spread(declared.options().shards());
    ComputedOnRead computed = spread.computedOnRead().orElseThrow();
    require(
        RolledBack.inSavepoint(
            session,
            () ->
                session.withCatalogPath(
                    () -> reads(computed).or(() -> indexes(spread, computed)))));
    return spread;
  }

  private void require(Optional<String> refusal) {
    refusal.ifPresent(reason -> {
      throw new FreshetException(
          Problem.of(
                  "0A000",
                  "materialized view \"%s\" cannot have shards".formatted(declared.name().name()))
              .withDetail("The obstacle is: " + reason + ".")
              .withHint(Remedy.on(reason) + " Or leave out freshet.shards.")
              .at(declared.file().source().position(declared.view().view().span())));
    });
  }

  private Optional<String> reads(ComputedOnRead computed) {
    table(GROUPS, computed.groups());
    for (Map.Entry<String, String> entry : computed.expressions().entrySet()) {
      Optional<String> fault = fault(entry.getValue());
      if (fault.isPresent()) {
        return Optional.of(
            entry.getKey() + " " + fault.get() + ", and is computed when the view is read");
      }
    }
    return Optional.empty();
  }

  private void table(String name, String query) {
    session.execute(
        "CREATE TEMPORARY TABLE %s AS SELECT * FROM (%s) q WITH NO DATA".formatted(name, query));
  }

  private Optional<String> fault(String expression) {
    try {
      session.inSavepoint(() -> {
        session.execute(
            "CREATE INDEX freshet_read ON pg_temp.%s (((%s) IS NULL))"
                .formatted(GROUPS, expression));
        return true;
      });
    } catch (FreshetException e) {
      if (e.sqlState().equals("42P17")) {
        return Optional.of("depends on settings");
      }
      throw e;
    }
    return callsOthers() ? Optional.of("calls what is not PostgreSQL's own") : Optional.empty();
  }

  /// Dependencies on what the server itself brings are not recorded.
  private boolean callsOthers() {
    boolean calls =
        session.one(
            """
            SELECT EXISTS (SELECT FROM pg_depend d WHERE d.objid = 'pg_temp.freshet_read'::regclass AND d.classid = 'pg_class'::regclass
              AND (d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)
                OR EXISTS (SELECT FROM pg_type t WHERE d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid AND t.typtype = 'd')))
            """,
            row -> row.getBoolean(1));
    session.execute("DROP INDEX pg_temp.freshet_read");
    return calls;
  }

  private Optional<String> indexes(IncrementScript spread, ComputedOnRead computed) {
    table(STORAGE, spread.storedQuery().orElseThrow());
    for (Statement.CreateIndex index : declared.indexes()) {
      if (index.head().unique()) {
        return Optional.of("a unique index, where a group has several rows");
      }
      session.execute(index.sql("freshet_index", new QualifiedName("pg_temp", STORAGE)));
      if (holds(computed)) {
        return Optional.of("an index on what is computed when the view is read");
      }
    }
    return Optional.empty();
  }

  private boolean holds(ComputedOnRead computed) {
    boolean holds =
        session.one(
            """
            SELECT EXISTS (SELECT FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
              WHERE d.objid = 'pg_temp.freshet_index'::regclass AND d.refclassid = 'pg_class'::regclass AND a.attname = ANY (?))
            """,
            row -> row.getBoolean(1),
            (Object) computed.expressions().keySet().toArray(String[]::new));
    session.execute("DROP INDEX pg_temp.freshet_index");
    return holds;
  }
}
