package dev.freshet.tests.random;

import dev.freshet.FreshetException;
import dev.freshet.compiler.sql.ViewOptions.HiddenState;
import dev.freshet.tests.random.Twins.Law;
import dev.freshet.tests.random.query.Operator;
import dev.freshet.tests.random.query.Query;
import dev.freshet.tests.random.query.QueryGenerator;
import dev.freshet.tests.random.query.QueryText;
import dev.freshet.tests.random.query.Rewritten;
import dev.freshet.tests.random.table.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/// Makes up pairs of views, each by a law that says why both show the same.
final class TwinMaker {
  private static final String DECLINED = "0A000";

  private final Random random;
  private final World world;
  private final List<Table> tables;
  private final UnaryOperator<Query> sabotage;
  private final List<Twins> twins = new ArrayList<>();
  private final List<RandomView> views = new ArrayList<>();

  /// @param tables without views
  /// @param sabotage what becomes of the query of every second twin
  TwinMaker(Random random, World world, List<Table> tables, UnaryOperator<Query> sabotage) {
    this.random = random;
    this.world = world;
    this.tables = tables;
    this.sabotage = sabotage;
  }

  List<Twins> twins() {
    return twins;
  }

  /// The views of all pairs, and those that they read.
  List<RandomView> views() {
    return views;
  }

  /// Adds a pair, unless one of its views is declined.
  void make(Law law) throws SQLException {
    int number = 10 * (views.size() + 1);
    try {
      switch (law) {
        case SPLIT -> {
          Query query = query(world.tables());
          add(law, number, query, query);
        }
        case PARTITIONED -> {
          Query query = query(world.tables());
          QueryText text = QueryText.of(query, "v", world.tables());
          if (text.determined()) {
            add(law, number, query, Rewritten.partitioned(query, text.types(), random));
          }
        }
        case INLINED -> inlined(number);
        case COPIED -> copied(number);
      }
    } catch (FreshetException e) {
      if (!e.sqlState().equals(DECLINED)) {
        throw e;
      }
    }
  }

  private void inlined(int number) throws SQLException {
    RandomView shown = view(number, query(world.tables()));
    if (QueryGenerator.isTiny(shown.query()) && shown.text(world.tables()).determined()) {
      create(shown);
      Query over = query(List.of(shown.table(world.tables())));
      add(Law.INLINED, number, over, Rewritten.inlined(over, shown.name(), shown.query()));
    }
  }

  private void copied(int number) throws SQLException {
    Table table = tables.get(random.nextInt(tables.size()));
    RandomView copy = view(number, new Query.Scan(table.name()));
    create(copy);
    Query query = query(List.of(table));
    add(Law.COPIED, number, query, Rewritten.withCopy(query, table.name(), copy.name()));
  }

  private Query query(List<Table> read) {
    return new QueryGenerator(random, read, List.of(Operator.values())).grow();
  }

  private RandomView view(int number, Query query) {
    HiddenState state = random.nextBoolean() ? HiddenState.KEPT : HiddenState.NONE;
    return new RandomView("v" + number, query, Twins.STRATEGY, state, false, 1);
  }

  private void create(RandomView view) throws SQLException {
    world.create(view);
    views.add(view);
  }

  private void add(Law law, int number, Query one, Query other) throws SQLException {
    Twins added = new Twins(law, view(number + 1, one), view(number + 2, sabotage.apply(other)));
    create(added.one());
    create(added.other());
    twins.add(added);
  }
}
