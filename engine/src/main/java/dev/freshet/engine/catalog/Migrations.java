package dev.freshet.engine.catalog;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The numbered migrations that create the schemas `freshet` and `freshet_data` and bring older
/// ones up to date. All that are missing run in one transaction.
public final class Migrations {
  /// See `Freshet`.
  public static final String OTHER_CATALOG = "55F01";

  private static final int OLDEST_SERVER = 140000;

  /// Listed, because a class path cannot be searched dependably.
  private static final List<String> FILES =
      List.of(
          "001-catalog.sql",
          "002-content.sql",
          "003-chain.sql",
          "004-locks-and-history.sql",
          "005-strategies.sql",
          "006-publishing.sql",
          "007-driver.sql",
          "008-views.sql",
          "009-dropped-views.sql",
          "010-schedules.sql",
          "011-changes.sql",
          "012-increments.sql",
          "013-commit-logs.sql",
          "014-settling.sql",
          "015-armed-logs.sql",
          "016-adding.sql",
          "017-holding-back.sql",
          "018-applying.sql",
          "019-cascades.sql",
          "020-clocks.sql");

  private Migrations() {}

  /// One file.
  private record Migration(int version, String name, String sql, String checksum) {
    static Migration read(String file) {
      String sql = Migrations.read(file);
      return new Migration(Integer.parseInt(file.substring(0, 3)), file, sql, checksumOf(sql));
    }
  }

  /// Read once, when first asked for: every call to the library compares them with the catalog.
  private static final class Known {
    static final List<Migration> MIGRATIONS = FILES.stream().map(Migration::read).toList();
  }

  /// The version that this program works with.
  public static int latest() {
    return Known.MIGRATIONS.getLast().version();
  }

  /// The version of the catalog in the database; 0 if there is none.
  public static int installed(Session session) {
    return newest(applied(session));
  }

  private static int newest(Map<Integer, String> applied) {
    return applied.keySet().stream().max(Integer::compare).orElse(0);
  }

  /// Refuses a database without a catalog, or with one that this program does not know.
  public static void require(Session session) {
    requireServer(session);
    Map<Integer, String> applied = applied(session);
    if (applied.isEmpty()) {
      throw refuse(
          "3F000",
          "Freshet is not installed in this database",
          "Run freshet install, or apply a view file.");
    }
    refuseOthers(applied);
    if (newest(applied) < latest()) {
      throw refuse(
          OTHER_CATALOG,
          "the catalog of Freshet has version %d, and this program needs %d"
              .formatted(newest(applied), latest()),
          "Run freshet install, which migrates it.");
    }
  }

  /// Runs what is missing, for which it needs CREATE on the database; none if nothing is. Returns
  /// the version afterwards.
  public static int install(Session session) {
    requireServer(session);
    Map<Integer, String> found = applied(session);
    refuseOthers(found);
    if (newest(found) == latest()) {
      return latest();
    }
    return session.inTransaction(() -> {
      session.execute(
          """
          SET LOCAL search_path TO pg_catalog, pg_temp;
          SELECT pg_advisory_xact_lock(hashtext('freshet.migrations'));
          CREATE SCHEMA IF NOT EXISTS freshet;
          CREATE SCHEMA IF NOT EXISTS freshet_data;
          CREATE TABLE IF NOT EXISTS freshet.migrations (
            version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now());
          COMMENT ON SCHEMA freshet IS 'Freshet: catalog, history and procedures';
          COMMENT ON SCHEMA freshet_data IS 'Freshet: storages of the managed materialized views'
          """);
      Map<Integer, String> applied = applied(session);
      refuseOthers(applied);
      Known.MIGRATIONS.stream()
          .filter(migration -> !applied.containsKey(migration.version()))
          .forEach(migration -> migrate(session, migration));
      // Default privileges of the site must not keep readers from the functions in their views.
      session.execute("GRANT EXECUTE ON ALL ROUTINES IN SCHEMA freshet TO PUBLIC");
      return latest();
    });
  }

  /// The checksums of what was applied, by version; empty without a catalog.
  private static Map<Integer, String> applied(Session session) {
    Map<Integer, String> applied = new TreeMap<>();
    boolean exists =
        session.one(
            "SELECT to_regclass('freshet.migrations') IS NOT NULL", row -> row.getBoolean(1));
    if (exists) {
      session.list(
          "SELECT version, checksum FROM freshet.migrations",
          row -> applied.put(row.getInt(1), row.getString(2)));
    }
    return applied;
  }

  private static void migrate(Session session, Migration migration) {
    session.execute(migration.sql());
    session.update(
        "INSERT INTO freshet.migrations (version, name, checksum) VALUES (?, ?, ?)",
        migration.version(),
        migration.name(),
        migration.checksum());
  }

  private static void requireServer(Session session) {
    int version =
        session.one("SELECT current_setting('server_version_num')::int", row -> row.getInt(1));
    if (version < OLDEST_SERVER) {
      throw refuse(
          "0A000",
          "the server is PostgreSQL %d, and Freshet needs 14 or later".formatted(version / 10000),
          "Upgrade the server.");
    }
  }

  /// Refuses what a newer program has applied, or one of another build, whose files differ.
  ///
  /// @param applied checksums by version
  private static void refuseOthers(Map<Integer, String> applied) {
    if (newest(applied) > latest()) {
      throw refuse(
          OTHER_CATALOG,
          "the catalog of Freshet has version %d, and this program knows only up to %d"
              .formatted(newest(applied), latest()),
          "Use a newer Freshet.");
    }
    Known.MIGRATIONS.stream()
        .filter(m -> !m.checksum().equals(applied.getOrDefault(m.version(), m.checksum())))
        .findFirst()
        .ifPresent(m -> {
          throw refuse(
              OTHER_CATALOG,
              "another build of Freshet made the catalog: its " + m.name() + " differs",
              "Use that build, or let it uninstall Freshet first.");
        });
  }

  private static FreshetException refuse(String state, String message, String hint) {
    return new FreshetException(Problem.of(state, message).withHint(hint));
  }

  private static String read(String file) {
    try (InputStream in = Migrations.class.getResourceAsStream("migrations/" + file)) {
      if (in == null) {
        throw new IllegalStateException("missing migration " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String checksumOf(String sql) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(sql.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
