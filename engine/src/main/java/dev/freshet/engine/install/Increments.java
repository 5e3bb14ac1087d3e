package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Compiled;
import dev.freshet.compiler.Compiler;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.emit.ChangeLog;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.emit.StoredColumn;
import dev.freshet.compiler.emit.StoredLookup;
import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.explain.Obstacle;
import dev.freshet.compiler.explain.Remedy;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlText;
import dev.freshet.compiler.sql.ViewOptions.HiddenState;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.schema.CatalogSchema;
import java.util.List;
import java.util.Optional;

/// What a view needs to be refreshed incrementally: compiled first, captured next, installed last.
///
/// @param script what the compiler says
/// @param logs of the tables that it wants captured, in the same order
/// @param eager statements apply their changes themselves
record Increments(IncrementScript script, List<ChangeLog> logs, boolean eager) {

  /// What a view file says about incremental refresh. A file that says nothing leaves the tables of
  /// a view without triggers.
  private enum Wish {
    NONE,
    WHERE_POSSIBLE,
    ALWAYS
  }

  private static Wish wish(DeclaredView declared) {
    if (declared.options().readsInRealTime()) {
      return Wish.ALWAYS;
    }
    return switch (declared.options().refresh()) {
      case INCREMENTAL, ON_COMMIT, EAGER -> Wish.ALWAYS;
      case AUTO ->
          declared.options().settings().containsKey("freshet.refresh")
              ? Wish.WHERE_POSSIBLE
              : Wish.NONE;
      case FULL, CONCURRENT, SWAP, TOP_OFF -> Wish.NONE;
    };
  }

  /// Compiles a declared view; empty if it does not ask for incremental refresh, or would rather
  /// have it and cannot.
  ///
  /// @param relation a view of its query
  /// @throws FreshetException if it asks for what is not possible
  static Optional<IncrementScript> compile(
      Session session, DeclaredView declared, String relation) {
    Wish wish = wish(declared);
    if (wish == Wish.NONE) {
      return Optional.empty();
    }
    String query = session.withCatalogPath(() -> DefinitionView.canonicalQuery(session, relation));
    HiddenState state = declared.options().hiddenState();
    return switch (Compiler.compile(query, new CatalogSchema(session), state)) {
      case Compiled.Incremental(var written, IncrementScript script) -> {
        Optional<String> refusal =
            script.captured().stream()
                .flatMap(table -> Capture.refusal(session, table).stream())
                .findFirst()
                .or(() -> notImmediate(session, declared, script));
        yield refusal.isEmpty()
            ? Optional.of(Sharding.spread(session, declared, script))
            : declined(declared, wish, refusal.get(), view(declared));
      }
      case Compiled.Full full ->
          declined(declared, wish, full.reason(), part(declared, query, full));
    };
  }

  private static Optional<String> notImmediate(
      Session session, DeclaredView declared, IncrementScript script) {
    return switch (declared.options().refresh()) {
      case ON_COMMIT -> Optional.empty();
      case EAGER -> script.notEager().or(() -> nullableKeys(session, script));
      case AUTO, INCREMENTAL, FULL, CONCURRENT, SWAP, TOP_OFF -> Optional.empty();
    };
  }

  /// Two rows with a NULL in the key were two groups to an older server.
  static Optional<String> nullableKeys(Session session, IncrementScript script) {
    return script.nullableKeys() && !takesNullsForOne(session)
        ? Optional.of("a column that it groups by may be NULL, which needs PostgreSQL 15")
        : Optional.empty();
  }

  private static boolean takesNullsForOne(Session session) {
    return session.one(
        "SELECT current_setting('server_version_num')::integer >= 150000",
        row -> row.getBoolean(1));
  }

  private static Optional<IncrementScript> declined(
      DeclaredView declared, Wish wish, String reason, Span part) {
    if (wish == Wish.ALWAYS) {
      throw refused(declared, reason, part);
    }
    return Optional.empty();
  }

  private static Span part(DeclaredView declared, String query, Compiled.Full full) {
    SqlText written = declared.file().source();
    return new Obstacle(full.reason(), full.part(), SqlText.of(query))
        .find(written, declared.view().query().span())
        .orElseGet(() -> view(declared));
  }

  private static Span view(DeclaredView declared) {
    return declared.view().view().span();
  }

  private static FreshetException refused(DeclaredView declared, String reason, Span part) {
    return new FreshetException(
        Problem.of(
                "0A000",
                "materialized view \""
                    + declared.name().name()
                    + "\" cannot be "
                    + switch (declared.options().refresh()) {
                      case ON_COMMIT -> "maintained when transactions commit";
                      case EAGER -> "maintained by each statement";
                      case AUTO, INCREMENTAL, FULL, CONCURRENT, SWAP, TOP_OFF ->
                          "refreshed incrementally";
                    })
            .withDetail("The obstacle is: " + reason + ".")
            .withHint(Remedy.on(reason) + " Or use freshet.refresh = 'auto'.")
            .at(declared.file().source().position(part)));
  }

  /// Captures the changes of the tables from now on. Outside a transaction.
  ///
  /// @param role that is to own the view and the logs
  static Optional<Increments> prepare(
      Session session, DeclaredView declared, QualifiedName view, Optional<String> role) {
    if (wish(declared) == Wish.NONE) {
      return Optional.empty();
    }
    String[] owner = new String[1];
    Optional<IncrementScript> script =
        RolledBack.run(
            session,
            () -> {
              role.ifPresent(name -> Ownership.actAs(session, name));
              owner[0] = session.one("SELECT current_user", row -> row.getString(1));
              String scratch = "freshet_increment";
              DefinitionView.create(session, declared, "TEMPORARY VIEW", scratch);
              return compile(session, declared, "pg_temp." + scratch);
            });
    Capture.Reader reader = new Capture.Reader(view, owner[0], declared.options());
    return script.map(compiled ->
        new Increments(
            compiled, Capture.install(session, compiled.captured(), reader), reader.eager()));
  }

  /// The relation that says what the storage holds: the query of the view, or a view of its own.
  String createStored(Session session, String base) {
    if (script.storedQuery().isEmpty()) {
      return new QualifiedName("freshet_data", base + "_query").sql();
    }
    String stored = new QualifiedName("freshet_data", base + "_stored").sql();
    session.execute("CREATE VIEW " + stored + " AS " + script.storedQuery().get());
    return stored;
  }

  /// The index that finds the stored rows of what changes touch.
  void createLookup(Session session, String base) {
    script
        .lookup()
        .ifPresent(lookup -> session.execute(lookupSql(session, base, lookup, base + "_lookup")));
  }

  /// Notes that the index on the groups of an existing storage must become another one, if it must:
  /// what commits and statements add to a group, they add to the row of a unique key.
  void changeLookup(Session session, String base, IndexChanges indexes) {
    script
        .lookup()
        .filter(lookup -> mustChange(lookup, session, base))
        .ifPresent(lookup ->
            indexes.replace(base + "_lookup", name -> lookupSql(session, base, lookup, name)));
  }

  private boolean mustChange(StoredLookup lookup, Session session, String base) {
    return wantsUniqueLookup(session)
        ? !hasUniqueLookup(session, base)
        : !lookup.index().equals(lookup.key()) && hasUniqueLookup(session, base);
  }

  private String lookupSql(Session session, String base, StoredLookup lookup, String name) {
    boolean unique = wantsUniqueLookup(session);
    return "CREATE %sINDEX %s ON %s (%s)%s"
        .formatted(
            unique ? "UNIQUE " : "",
            Quote.name(name),
            new QualifiedName("freshet_data", base).sql(),
            unique ? lookup.key() : lookup.index(),
            unique && takesNullsForOne(session) ? " NULLS NOT DISTINCT" : "");
  }

  private boolean wantsUniqueLookup(Session session) {
    return logs.stream().anyMatch(ChangeLog::immediate)
        && script.addsUp()
        && nullableKeys(session, script).isEmpty();
  }

  private static boolean hasUniqueLookup(Session session, String base) {
    return session.one(
        "SELECT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = to_regclass(?) AND i.indisunique)",
        row -> row.getBoolean(1),
        new QualifiedName("freshet_data", base + "_lookup").sql());
  }

  /// The function that applies changes, with its tables.
  void createFunctions(Session session, ViewShape shape) {
    session.execute(script.sql(shape, logs, hasUniqueLookup(session, shape.base())));
    if (eager) {
      session.execute(script.eager(shape, logs.getFirst()));
    }
    script.currentSql(shape, logs).ifPresent(session::execute);
    session.one(
        """
        SELECT count(freshet.revoke_defaults(t)::text)
        FROM (SELECT t FROM freshet.staging_named(?) t UNION ALL SELECT to_regclass(?) WHERE freshet.reads_changes(?)) r (t)
        """,
        row -> row.getLong(1),
        shape.base(),
        shape.object("_ticket"),
        shape.base());
  }

  /// Whether changes ever wait, and so can be read.
  boolean areRead(ViewShape shape) {
    return script.currentSql(shape, logs).isPresent();
  }

  /// Notes which logs the view reads; its row in the catalog must exist.
  void register(Session session, int id) {
    Capture.register(session, id, logs, script);
  }

  /// Whether a storage with these columns has what the increments need.
  static boolean fits(IncrementScript script, List<StoredColumn> columns) {
    return script.storedColumns().stream()
        .filter(type -> type.name().startsWith(StoredColumn.HIDDEN))
        .map(type -> type.name() + " " + type.type())
        .toList()
        .equals(
            columns.stream()
                .filter(StoredColumn::isHidden)
                .map(column -> column.name() + " " + column.type())
                .toList());
  }
}
