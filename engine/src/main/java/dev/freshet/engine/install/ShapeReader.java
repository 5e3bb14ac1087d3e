package dev.freshet.engine.install;

import dev.freshet.compiler.emit.SessionSetting;
import dev.freshet.compiler.emit.TopOff;
import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.OptionSetting;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.ViewOptions;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.schema.StorageReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Puts together what the generated functions depend on: declared options, the columns and indexes
/// that the storage has, and the settings of the session that declares the view.
final class ShapeReader {
  /// Room on each page, so that changed rows stay on theirs, and an early autovacuum: see
  /// docs/benchmarks.md, bloat.
  private static final Map<String, String> STORAGE_DEFAULTS =
      Map.of(
          "fillfactor", "90",
          "autovacuum_vacuum_scale_factor", "0.02",
          "autovacuum_analyze_scale_factor", "0.05");

  private static final String TEXT_SEARCH = "default_text_search_config";

  /// Settings that a query's result can depend on.
  private static final List<String> PINNED =
      List.of("TimeZone", "DateStyle", "IntervalStyle", "bytea_output", "xmlbinary", TEXT_SEARCH);

  private ShapeReader() {}

  /// The shape of a view whose storage exists under this base name.
  static ViewShape read(
      Session session, DeclaredView declared, QualifiedName view, int id, String base) {
    ViewOptions options = declared.options();
    ViewShape.StorageShape storage =
        new ViewShape.StorageShape(
            id,
            options.unlogged(),
            parameters(declared),
            tablespace(declared),
            pinned(session),
            topOff(session, options));
    return read(session, view, base, storage);
  }

  /// As above, for storage settings that are known.
  static ViewShape read(
      Session session, QualifiedName view, String base, ViewShape.StorageShape storage) {
    String table = new QualifiedName("freshet_data", base).sql();
    return session.withCatalogPath(() ->
        new ViewShape(
            view,
            base,
            StorageReader.columns(session, table),
            StorageReader.key(session, table),
            StorageReader.keyAlone(session, table),
            storage));
  }

  static Map<String, String> parameterMap(DeclaredView declared) {
    Map<String, String> parameters = new TreeMap<>(STORAGE_DEFAULTS);
    for (OptionSetting setting : declared.view().clauses().storageParameters()) {
      parameters.put(setting.name(), setting.value());
    }
    return parameters;
  }

  static String parameters(DeclaredView declared) {
    return parameterMap(declared).entrySet().stream()
        .map(entry -> OptionSetting.of(entry.getKey(), entry.getValue()).sql())
        .collect(Collectors.joining(", "));
  }

  static String tablespace(DeclaredView declared) {
    String tablespace = declared.view().clauses().tablespace();
    return tablespace == null ? "" : "TABLESPACE " + Quote.name(tablespace);
  }

  static List<SessionSetting> pinned(Session session) {
    List<SessionSetting> settings = new ArrayList<>();
    for (String name : PINNED) {
      String value = session.one("SELECT current_setting(?)", row -> row.getString(1), name);
      if (stays(name, value)) {
        settings.add(new SessionSetting(Quote.name(name), Quote.literal(value)));
      }
    }
    return settings;
  }

  /// A text search configuration of somebody's own may be dropped or renamed, and functions that
  /// pin it could not be called then.
  private static boolean stays(String name, String value) {
    return !name.equals(TEXT_SEARCH) || value.startsWith("pg_catalog.");
  }

  private static TopOff topOff(Session session, ViewOptions options) {
    QualifiedName call = options.topOff().call();
    if (call != null) {
      String procedure =
          session.one(
              """
              SELECT format('%I.%I', n.nspname, p.proname)
              FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE p.oid = (? || '(regclass)')::regprocedure
              """,
              row -> row.getString(1), call.sql());
      String path = session.one("SELECT current_setting('search_path')", row -> row.getString(1));
      return new TopOff.Callback(procedure, List.of(new SessionSetting("search_path", path)));
    }
    String where = options.topOff().where();
    return where == null ? new TopOff.None() : new TopOff.Window(where);
  }
}
