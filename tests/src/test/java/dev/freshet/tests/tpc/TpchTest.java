package dev.freshet.tests.tpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/// The queries of TPC-H as views, refreshed after every batch of changes and compared with
/// themselves. What can be maintained is, and never falls back.
///
/// `-Dfreshet.tpch.scale=0.1 -Dfreshet.tpch.batches=100 -Dfreshet.tpch.seed=7` plays longer.
final class TpchTest {
  private static final Tpch TPCH =
      new Tpch(Double.parseDouble(System.getProperty("freshet.tpch.scale", "0.01")));
  private static final int BATCHES = Integer.getInteger("freshet.tpch.batches", 4);
  private static final int SEED = Integer.getInteger("freshet.tpch.seed", 1);

  private final List<String> incremental = new ArrayList<>();

  static List<Integer> majors() {
    return TestServer.majors();
  }

  @ParameterizedTest
  @MethodSource("majors")
  void viewsEqualTheirQueriesAfterEveryBatch(int major) throws SQLException, IOException {
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      PGSimpleDataSource source = database.source();
      source.setOptions("-c statement_timeout=0");
      try (Connection connection = source.getConnection()) {
        TPCH.load(connection);
        createViews(Freshet.connect(source));
        assertThat(incremental).hasSizeGreaterThan(20);
        Changes changes = new Changes(TPCH, connection, new Random(SEED));
        for (int batch = 1; batch <= BATCHES; batch++) {
          changes.make(batch == 1);
          refreshAll(connection, batch);
          try (Connection superuser = source.getConnection()) {
            new Oracle(superuser).check(true);
          }
        }
      }
    }
  }

  /// The queries; those with a LIMIT a second time without it, and one over a view of its groups.
  private void createViews(Freshet freshet) {
    for (BenchmarkView view : TPCH.views()) {
      create(freshet, view);
      view.withoutLimit().ifPresent(all -> create(freshet, all));
    }
    freshet
        .create(TPCH.overGroups())
        .forEach(view -> incremental.add(view.name().replace("public.", "")));
  }

  private void create(Freshet freshet, BenchmarkView view) {
    if (createIncremental(freshet, view)) {
      incremental.add(view.name());
    } else {
      freshet.create(view.file("concurrent"));
    }
  }

  private static boolean createIncremental(Freshet freshet, BenchmarkView view) {
    try {
      freshet.create(view.file("incremental"));
      return true;
    } catch (FreshetException e) {
      if (!e.sqlState().equals("0A000")) {
        throw e;
      }
      return false;
    }
  }

  private void refreshAll(Connection connection, int batch) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CALL freshet.refresh_all()");
    }
    Map<String, String> used = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT DISTINCT ON (view) replace(view::text, 'public.', ''), concat_ws(' ', strategy, reason)
                FROM freshet.refreshes ORDER BY view, id DESC\
                """)) {
      while (rows.next()) {
        used.put(rows.getString(1), rows.getString(2).strip());
      }
    }
    used.keySet().retainAll(incremental);
    assertThat(used).as("batch %d of seed %d", batch, SEED).hasSameSizeAs(incremental);
    assertThat(used.values()).as("%s", used).containsOnly("incremental");
  }
}
