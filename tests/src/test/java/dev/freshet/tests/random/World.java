package dev.freshet.tests.random;

import dev.freshet.Freshet;
import dev.freshet.tests.random.Finding.Kind;
import dev.freshet.tests.random.change.Round;
import dev.freshet.tests.random.change.Transaction;
import dev.freshet.tests.random.query.QueryGenerator;
import dev.freshet.tests.random.query.QueryText;
import dev.freshet.tests.random.table.Table;
import dev.freshet.tests.server.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A database in which a scenario takes place. Start reading at [#play].
final class World implements AutoCloseable {
  private static final String INCREMENTAL = "incremental";

  /// A join of joins with many rows may take too long to be followed.
  private static final String GIVEN_UP = "took longer than the whole query";

  /// A refresh waits for no writer: not even this long helps one that does, since the other session
  /// ends its transaction only afterwards. It may have to wait for autovacuum, which holds a table
  /// alone while it truncates it, and gives way after deadlock_timeout, one second.
  private static final String PATIENT = "SET lock_timeout = '5s'";

  /// The tables, and the views that others may read.
  private final List<Table> tables;

  private final Freshet freshet;
  private final Connection main;
  private final Writers writers;
  private final Script script = new Script();
  private final Map<String, Comparison> comparisons = new HashMap<>();

  /// What views store besides their rows, where the data determine that.
  private final Map<String, Comparison> hidden = new HashMap<>();

  private final Map<String, List<Followed>> operators = new HashMap<>();
  private final RealTimeReads realTime;

  /// Views that may fall back the next time, because a table was truncated.
  private final Set<String> excused = new HashSet<>();

  private final Sabotage sabotage;

  World(TestDatabase database, List<Table> tables, Sabotage sabotage) throws SQLException {
    this.tables = new ArrayList<>(tables);
    this.sabotage = sabotage;
    this.freshet = Freshet.connect(database.source());
    this.main = database.connect();
    this.writers = new Writers(database, main, script);
    this.realTime = new RealTimeReads(main);
    List<String> ddl = tables.stream().flatMap(table -> table.definition().stream()).toList();
    execute(main, ddl);
    execute(main, List.of(PATIENT));
    script.setup(ddl);
  }

  /// Told of every refresh that was compared and found right.
  @FunctionalInterface
  interface Listener {
    void checked(RandomView view, List<Followed> operators, Refreshed refreshed);

    /// Views were read in real time, and found right.
    default void read(int views) {}
  }

  /// What has been done so far, as a fixture.
  Script script() {
    return script;
  }

  /// Plays a whole scenario until something is wrong.
  Optional<Finding> play(Scenario scenario) throws SQLException {
    Optional<Finding> begun = perform(scenario.beginning(), 0);
    if (begun.isPresent()) {
      return begun;
    }
    for (RandomView view : scenario.views()) {
      try {
        create(view);
      } catch (RuntimeException e) {
        return Optional.of(notCreated(view, e));
      }
    }
    for (int number = 0; number < scenario.rounds().size(); number++) {
      Optional<Finding> finding =
          play(scenario.views(), scenario.rounds().get(number), number, (_, _, _) -> {});
      if (finding.isPresent()) {
        return finding;
      }
    }
    return Optional.empty();
  }

  /// What a view can read.
  List<Table> tables() {
    return List.copyOf(tables);
  }

  /// Whether the view would be empty now.
  boolean isEmpty(RandomView view) throws SQLException {
    QueryText text = view.text(tables);
    List<String> statements = new ArrayList<>(List.of("BEGIN"));
    statements.addAll(text.views());
    execute(main, statements);
    try {
      return value("SELECT NOT EXISTS (%s)".formatted(text.sql())).equals("t");
    } finally {
      execute(main, List.of("ROLLBACK"));
    }
  }

  /// Creates a view and the plain views that it reads.
  ///
  /// @throws FreshetException if the view is not created
  void create(RandomView view) throws SQLException {
    QueryText text = view.text(tables);
    execute(main, text.views());
    String file = view.file(tables);
    freshet.create(file);
    script.apply(view, text, file);
    String definition =
        value(
            "SELECT definition::text FROM freshet.materialized_views WHERE relation = '%s'::regclass"
                .formatted(view.name()));
    if (text.determined() && QueryGenerator.isTiny(view.query())) {
      tables.add(view.table(tables));
    }
    comparisons.put(view.name(), Comparison.of(view.name(), definition, text.determined()));
    if (text.determined() && !view.isSharded()) {
      compareHidden(view);
    }
    operators.put(view.name(), Followed.in(freshet.explain(view.name(), false)));
    realTime.add(view.name(), text.determined());
  }

  /// From now on compares hidden counts, sums and keys with what they would be in a new storage, by
  /// `=`: a sum from which all rows have gone is 0.00, and a new one 0. Nobody is shown either.
  private void compareHidden(RandomView view) throws SQLException {
    List<String> relations =
        values(
            """
            SELECT m.storage::text, s.stored::text
            FROM freshet.materialized_views m, to_regclass(format('freshet_data.%%I', m.base_name || '_stored')) s (stored)
            WHERE m.relation = '%s'::regclass AND s.stored IS NOT NULL\
            """
                .formatted(view.name()));
    if (!relations.isEmpty()) {
      hidden.put(view.name(), Comparison.of(relations.get(0), relations.get(1), false));
    }
  }

  /// Takes note of a view that ought to have been created.
  Finding notCreated(RandomView view, RuntimeException problem) {
    script.apply(view, view.text(tables), view.file(tables));
    return new Finding(Kind.CREATION_FAILED, view.name(), 0, problem.toString());
  }

  /// One round: its transactions, then a refresh of each view and the comparison.
  Optional<Finding> play(List<RandomView> views, Round round, int number, Listener listener)
      throws SQLException {
    Optional<Finding> changed = perform(round.transactions(), number);
    if (changed.isPresent()) {
      return changed;
    }
    Optional<Finding> read = realTime.check(number);
    if (read.isPresent()) {
      return read;
    }
    listener.read(realTime.views());
    if (round.truncates()) {
      views.forEach(view -> excused.add(view.name()));
    }
    for (int i = 0; i < views.size(); i++) {
      String strategy = round.strategies().get(i);
      if (!strategy.isEmpty()) {
        Optional<Finding> finding =
            views.get(i).isMaintained()
                ? compare(views.get(i), number, listener)
                : refresh(views.get(i), strategy, number, listener);
        if (finding.isPresent()) {
          return finding;
        }
      }
    }
    writers.release();
    return Optional.empty();
  }

  Optional<Finding> perform(List<Transaction> transactions, int round) throws SQLException {
    return writers.perform(transactions, round);
  }

  private Optional<Finding> refresh(RandomView view, String strategy, int round, Listener listener)
      throws SQLException {
    if (strategy.equals("auto")) {
      String costs = PastCosts.rewritten(view.name());
      execute(main, List.of(costs));
      script.transaction(List.of(costs));
    }
    script.refresh(view.name(), strategy);
    try {
      execute(main, List.of("CALL freshet.refresh('%s', '%s')".formatted(view.name(), strategy)));
    } catch (SQLException e) {
      if ("55P03".equals(e.getSQLState()) && !strategy.equals("concurrent")) {
        // Somebody held the view, as autovacuum may: what needs no publish must succeed.
        return refresh(view, "concurrent", round, listener);
      }
      return Optional.of(
          new Finding(Kind.REFRESH_FAILED, view.name(), round, String.valueOf(e.getMessage())));
    }
    if (!sabotage.afterRefresh().isEmpty()) {
      execute(main, List.of(sabotage.afterRefresh()));
      script.sabotage(sabotage.afterRefresh());
    }
    Optional<Finding> wrong = wrongRows(view, round);
    if (wrong.isPresent()) {
      return wrong;
    }
    boolean mayFallBack = excused.remove(view.name());
    Refreshed refreshed = Refreshed.latest(main);
    boolean fellBack =
        strategy.equals(INCREMENTAL)
            && !refreshed.strategy().equals(INCREMENTAL)
            && !refreshed.reason().contains(GIVEN_UP)
            && !mayFallBack;
    if (fellBack) {
      script.expectStrategy(INCREMENTAL);
      return Optional.of(new Finding(Kind.FELL_BACK, view.name(), round, refreshed.reason()));
    }
    listener.checked(view, operators(view), refreshed);
    return Optional.empty();
  }

  /// Compares a view that needs no refresh.
  private Optional<Finding> compare(RandomView view, int round, Listener listener)
      throws SQLException {
    Optional<Finding> wrong = wrongRows(view, round);
    if (wrong.isEmpty()) {
      listener.checked(view, operators(view), new Refreshed(view.strategy(), "", 0));
    }
    return wrong;
  }

  private Optional<Finding> wrongRows(RandomView view, int round) throws SQLException {
    Optional<String> rows = comparison(view).run(main);
    Optional<String> different = rows.isPresent() ? rows : wrongHidden(view);
    return different.map(message -> new Finding(Kind.WRONG_ROWS, view.name(), round, message));
  }

  private Optional<String> wrongHidden(RandomView view) throws SQLException {
    Comparison comparison = hidden.get(view.name());
    String different = comparison == null ? "0" : value(comparison.sql());
    return different.equals("0")
        ? Optional.empty()
        : Optional.of(different + " stored rows differ in hidden columns");
  }

  private List<Followed> operators(RandomView view) {
    return Objects.requireNonNull(operators.get(view.name()));
  }

  private Comparison comparison(RandomView view) {
    return Objects.requireNonNull(comparisons.get(view.name()));
  }

  private String value(String sql) throws SQLException {
    return values(sql).getFirst();
  }

  /// The columns of the first row; none if there is no row.
  private List<String> values(String sql) throws SQLException {
    try (Statement statement = main.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      if (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(rows.getString(i));
        }
      }
      return values;
    }
  }

  static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(String.join(";", statements));
    }
  }

  @Override
  public void close() throws SQLException {
    writers.close();
    main.close();
  }
}
