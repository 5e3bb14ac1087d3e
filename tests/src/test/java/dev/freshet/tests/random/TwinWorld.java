package dev.freshet.tests.random;

import dev.freshet.tests.random.Finding.Kind;
import dev.freshet.tests.random.Twins.Law;
import dev.freshet.tests.random.change.History;
import dev.freshet.tests.random.change.Round;
import dev.freshet.tests.random.change.Transaction;
import dev.freshet.tests.random.query.Query;
import dev.freshet.tests.random.table.Table;
import dev.freshet.tests.random.table.Tables;
import dev.freshet.tests.server.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/// A random world with pairs of views that must show the same rows, whatever happens, and whose
/// rows that come and go again leave no trace. Start reading at [#play].
final class TwinWorld implements AutoCloseable {
  private static final int ROUNDS = 9;

  private final Random random;
  private final World world;
  private final Connection connection;
  private final List<Table> tables;
  private final History history;
  private final TwinMaker maker;

  /// How often twins with rows were found the same, by their law.
  private final Map<Law, Integer> same = new EnumMap<>(Law.class);

  private int unchanged;

  /// @param queries what becomes of the query of every second twin
  /// @param sabotage what else is wrong on purpose
  TwinWorld(
      long seed, TestDatabase database, int major, UnaryOperator<Query> queries, Sabotage sabotage)
      throws SQLException {
    this.random = new Random(seed);
    this.tables = Tables.of(random, Tables.optionalColumns());
    this.history = new History(random, tables, major >= 15);
    this.world = new World(database, tables, sabotage);
    this.maker = new TwinMaker(random, world, tables, queries);
    this.connection = database.connect();
  }

  Map<Law, Integer> same() {
    return same;
  }

  /// How often rows came and went without a trace.
  int unchanged() {
    return unchanged;
  }

  /// What happened, as a fixture.
  String script() {
    return world.script().text();
  }

  Optional<Finding> play() throws SQLException {
    Optional<Finding> finding = world.perform(history.beginning(), 0);
    for (Law law : Law.values()) {
      maker.make(law);
    }
    for (int number = 0; number < ROUNDS && finding.isEmpty(); number++) {
      finding = play(number);
    }
    return finding;
  }

  private Optional<Finding> play(int number) throws SQLException {
    Round round = history.round(0, Twins.STRATEGY, List.of());
    List<String> strategies =
        maker.views().stream()
            .map(view ->
                maker.twins().stream()
                    .filter(pair -> pair.other().equals(view))
                    .map(pair -> pair.strategy(number))
                    .findFirst()
                    .orElse(Twins.STRATEGY))
            .toList();
    Optional<Finding> finding =
        world.play(
            maker.views(), new Round(round.transactions(), strategies), number, (_, _, _) -> {});
    for (Twins pair : maker.twins()) {
      if (finding.isEmpty() && !pair.strategy(number).isEmpty()) {
        finding = compare(pair, number);
      }
    }
    return finding.isEmpty() && number % 3 == 2 ? comeAndGo(number) : finding;
  }

  /// Compares what two views show, in one snapshot.
  private Optional<Finding> compare(Twins pair, int round) throws SQLException {
    boolean determined =
        pair.one().text(world.tables()).determined()
            && pair.other().text(world.tables()).determined();
    String sql = Comparison.of(pair.one().name(), pair.other().name(), determined).sql();
    String different = value(sql);
    if (!different.equals("0")) {
      String message = "%s: %s rows differ from its twin".formatted(pair.law(), different);
      return Optional.of(new Finding(Kind.WRONG_ROWS, pair.other().name(), round, message));
    }
    if (!value("SELECT count(*) FROM " + pair.one().name()).equals("0")) {
      same.merge(pair.law(), 1, Integer::sum);
    }
    return Optional.empty();
  }

  /// Inserts rows and deletes them again; now and then the views are refreshed in between. What
  /// they store, hidden columns too, must look as before.
  private Optional<Finding> comeAndGo(int round) throws SQLException {
    List<String> strategies = maker.views().stream().map(_ -> Twins.STRATEGY).toList();
    Optional<Finding> finding = refresh(List.of(), strategies, round);
    List<String> before = images();
    for (Table table : tables) {
      boolean between = random.nextBoolean();
      List<String> meanwhile = between ? strategies : maker.views().stream().map(_ -> "").toList();
      if (finding.isEmpty()) {
        finding = refresh(List.of(NoChange.insertion(table)), meanwhile, round);
      }
      if (finding.isEmpty()) {
        finding = refresh(List.of(NoChange.deletion(table)), strategies, round);
      }
    }
    return finding.isEmpty() ? differing(before, images(), round) : finding;
  }

  private Optional<Finding> refresh(
      List<Transaction> transactions, List<String> strategies, int round) throws SQLException {
    return world.play(maker.views(), new Round(transactions, strategies), round, (_, _, _) -> {});
  }

  private Optional<Finding> differing(List<String> before, List<String> after, int round) {
    for (int i = 0; i < maker.views().size(); i++) {
      if (!before.get(i).equals(after.get(i))) {
        String message = "rows that came and went left a trace in its storage";
        return Optional.of(
            new Finding(Kind.WRONG_ROWS, maker.views().get(i).name(), round, message));
      }
      unchanged++;
    }
    return Optional.empty();
  }

  /// What each view stores; nothing for one whose rows may look otherwise the next time.
  private List<String> images() throws SQLException {
    List<String> images = new ArrayList<>();
    for (RandomView view : maker.views()) {
      images.add(
          view.text(world.tables()).determined()
              ? value(
                  "SELECT coalesce(string_agg(s::text, ' ' ORDER BY s::text COLLATE \"C\"), '') FROM %s s"
                      .formatted(storage(view)))
              : "");
    }
    return images;
  }

  private String storage(RandomView view) throws SQLException {
    return value(
        "SELECT storage::text FROM freshet.materialized_views WHERE relation = '%s'::regclass"
            .formatted(view.name()));
  }

  private String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    world.close();
  }
}
