package dev.freshet.tests.random.query;

import dev.freshet.tests.random.query.Block.Stage;
import dev.freshet.tests.random.query.Query.Join;
import dev.freshet.tests.random.query.Query.Match;
import dev.freshet.tests.random.table.DataType;
import dev.freshet.tests.random.table.Table;
import java.util.ArrayList;
import java.util.List;

/// Writes a tree down as SQL, in as few SELECTs as its shape allows. Start reading at [#write].
final class QueryWriter {
  private final String prefix;
  private final List<Table> tables;
  private final List<String> views = new ArrayList<>();
  private int names;

  /// @param prefix begins the names of plain views
  QueryWriter(String prefix, List<Table> tables) {
    this.prefix = prefix;
    this.tables = tables;
  }

  /// The plain views that were made so far.
  List<String> views() {
    return List.copyOf(views);
  }

  Block write(Query query) {
    return switch (query) {
      case Query.Scan(String table) -> scan(table);
      case Query.Values(List<String> rows) ->
          leaf(
              "(VALUES %s)".formatted(String.join(", ", rows)),
              List.of(DataType.INT, DataType.TEXT));
      case Query.Series(int last) ->
          leaf("generate_series(0, %d)".formatted(last), List.of(DataType.INT));
      case Query.Project(Query input, var outputs) -> project(write(input), outputs);
      case Query.Filter(Query input, Scalar condition) -> filter(write(input), condition);
      case Query.Subquery(Query input) -> wrapped(write(input));
      case Join join -> new JoinWriter(this).write(join);
      case Match match -> match(match);
      case Query.Lookup lookup -> lookup(lookup);
      case Query.Pick pick -> pick(pick);
      case Query.Group group -> group(group);
      case Query.Distinct(Query input) -> distinct(unfinished(write(input)));
      case Query.First first -> first(first);
      case Query.Combine(var kind, Query left, Query right) ->
          combine(kind, write(left), write(right));
      case Query.Window(Query input, var calls) -> window(write(input), calls);
      case Query.Limit limit -> limit(limit);
      case Query.Unnest(Query input, var elements) -> unnest(write(input), elements);
      case Query.Shared(Query input, boolean twice) -> shared(write(input), twice);
      case Query.Named(Query input) -> named(write(input));
    };
  }

  private Block scan(String name) {
    Table table = tables.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    String alias = alias();
    List<Output> outputs =
        table.columns().stream()
            .map(c -> new Output(alias + "." + c.name(), c.name(), c.type(), true))
            .toList();
    return Block.from(List.of(), "%s AS %s".formatted(name, alias), outputs);
  }

  private Block leaf(String from, List<DataType> types) {
    String alias = alias();
    List<Output> outputs = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (DataType type : types) {
      String column = "c" + (columns.size() + 1);
      columns.add(column);
      outputs.add(new Output(alias + "." + column, column, type, true));
    }
    String columnNames = "%s(%s)".formatted(alias, String.join(", ", columns));
    return Block.from(List.of(), from + " AS " + columnNames, outputs);
  }

  private Block project(Block input, List<Scalar> outputs) {
    boolean mergeable =
        input.stage().compareTo(Stage.WHERE) <= 0
            || (input.stage() == Stage.GROUPED && !input.group().isEmpty());
    Block block = mergeable ? input : wrapped(input);
    Scope scope = Scope.of(block.outputs());
    return block.with(Stage.PROJECTED, outputs.stream().map(o -> o.write(scope)).toList());
  }

  private Block filter(Block input, Scalar condition) {
    if (input.stage() == Stage.GROUPED) {
      return input.having(condition.write(Scope.of(input.outputs())).sql());
    }
    Block block = open(input);
    return restricted(block, condition, Scope.of(block.outputs()));
  }

  private Block match(Match match) {
    Block outer = open(write(match.left()));
    Block inner = open(write(match.right()));
    Scope scope = new Scope(outer.outputs(), inner.outputs());
    Output tested = match.tested().write(Scope.of(outer.outputs()));
    Output member = match.member().write(Scope.of(inner.outputs()));
    Block found = restricted(inner, match.condition(), scope).with(Stage.WHERE, List.of(member));
    String sql = found.sql();
    String condition =
        switch (match.kind()) {
          case EXISTS, EXISTS_COLUMN -> "EXISTS (%s)".formatted(sql);
          case EXISTS_OR -> "(%s OR EXISTS (%s))".formatted(tested.sql(), sql);
          case NOT_EXISTS -> "NOT EXISTS (%s)".formatted(sql);
          case IN -> "%s IN (%s)".formatted(tested.sql(), sql);
          case NOT_IN -> "%s NOT IN (%s)".formatted(tested.sql(), sql);
          case NOT_IN_OR -> "(%1$s NOT IN (%2$s) OR %1$s IS NULL)".formatted(tested.sql(), sql);
          case IN_COLUMN -> "(%s IN (%s))".formatted(tested.sql(), sql);
          case ALL_COLUMN -> "(%s <= ALL (%s))".formatted(tested.sql(), sql);
        };
    if (!match.kind().name().endsWith("_COLUMN")) {
      return outer.filtered(condition);
    }
    List<Output> outputs = new ArrayList<>(outer.outputs());
    outputs.add(new Output(condition, "c", DataType.BOOL, true));
    return outer.with(Stage.COMPUTED, outputs);
  }

  static Block restricted(Block block, Scalar condition, Scope scope) {
    return condition.equals(Scalar.Constant.TRUE)
        ? block
        : block.filtered(condition.write(scope).sql());
  }

  private Block lookup(Query.Lookup lookup) {
    Block outer = open(write(lookup.left()));
    Block inner = open(write(lookup.right()));
    Scope scope = new Scope(outer.outputs(), inner.outputs());
    Output value = lookup.call().write(Scope.of(inner.outputs()));
    String sql = restricted(inner, lookup.condition(), scope).grouped("", List.of(value)).sql();
    List<Output> outputs = new ArrayList<>(outer.outputs());
    outputs.add(value.as("(%s)".formatted(sql), "c"));
    return outer.with(Stage.COMPUTED, outputs);
  }

  private Block pick(Query.Pick pick) {
    Block outer = open(write(pick.left()));
    Block inner = open(write(pick.right()));
    Scope scope = new Scope(outer.outputs(), inner.outputs());
    Block found = restricted(inner, pick.condition(), scope);
    Block rows = pick.first() ? oneOfEqual(found) : found;
    Output value = pick.value().write(Scope.of(rows.outputs()));
    String order = " ORDER BY %s LIMIT 1".formatted(TotalOrder.of(rows.outputs()));
    String sql =
        rows.with(Stage.PROJECTED, List.of(value)).finished("", pick.first() ? order : "").sql();
    List<Output> outputs = new ArrayList<>(outer.outputs());
    outputs.add(value.as("(%s)".formatted(sql), "c"));
    return outer.with(Stage.COMPUTED, outputs);
  }

  private Block group(Query.Group group) {
    Block input = write(group.input());
    boolean mergeable = input.stage().compareTo(Stage.PROJECTED) <= 0 && !input.isGrouped();
    Block block = mergeable ? input : wrapped(input);
    Scope scope = Scope.of(block.outputs());
    List<Output> keys = group.keys().stream().map(key -> key.write(scope).anyOfEqual()).toList();
    List<Output> outputs = new ArrayList<>(keys);
    group.calls().forEach(call -> outputs.add(call.write(scope)));
    String list = Scalar.list(keys);
    if (group.grouping() != Query.Grouping.GROUP_BY) {
      outputs.add(new Output("grouping(%s)".formatted(list), "c", DataType.INT, true));
      return block.grouped("%s (%s)".formatted(group.grouping(), list), outputs);
    }
    return block.grouped(list, outputs);
  }

  private Block distinct(Block input) {
    return input
        .with(input.stage(), input.outputs().stream().map(Output::anyOfEqual).toList())
        .finished("DISTINCT ", "");
  }

  private Block first(Query.First first) {
    Block input = unfinished(write(first.input()));
    Scope scope = Scope.of(input.outputs());
    String key = first.key().write(scope).sql();
    String order =
        " ORDER BY %s, %s, %s"
            .formatted(key, first.order().write(scope).sql(), TotalOrder.of(input.outputs()));
    return oneOfEqual(input).finished("DISTINCT ON (%s) ".formatted(key), order);
  }

  private Block limit(Query.Limit limit) {
    Block input = unfinished(write(limit.input()));
    String order = limit.order().write(Scope.of(input.outputs())).sql();
    String tail =
        " ORDER BY %s, %s LIMIT %d OFFSET %d"
            .formatted(order, TotalOrder.of(input.outputs()), limit.rows(), limit.offset());
    return oneOfEqual(input).finished("", tail);
  }

  /// The order is total if it is known how the rows look.
  static Block oneOfEqual(Block input) {
    boolean determined = input.outputs().stream().allMatch(Output::determined);
    return determined
        ? input
        : input.with(input.stage(), input.outputs().stream().map(Output::anyOfEqual).toList());
  }

  private Block window(Block input, List<WindowCall> calls) {
    Block block = input.stage().compareTo(Stage.GROUPED) <= 0 ? input : wrapped(input);
    List<Output> outputs = new ArrayList<>(block.outputs());
    calls.forEach(call -> outputs.add(call.write(block.outputs())));
    return block.with(Stage.COMPUTED, outputs);
  }

  private Block combine(Query.SetKind kind, Block left, Block right) {
    Block source = isProjectable(right) ? right : wrapped(right);
    List<Output> fitting = new ArrayList<>();
    List<DataType> seen = new ArrayList<>();
    for (Output output : left.outputs()) {
      long number = seen.stream().filter(output.type()::equals).count();
      seen.add(output.type());
      Scope scope = Scope.of(source.outputs());
      fitting.add(scope.find(Scalar.Side.BOTH, output.type(), (int) number));
    }
    String sql =
        "(%s) %s (%s)"
            .formatted(left.sql(), kind.sql(), source.with(source.stage(), fitting).sql());
    List<Output> outputs = new ArrayList<>();
    for (int i = 0; i < fitting.size(); i++) {
      Output output = left.outputs().get(i);
      boolean both = output.determined() && fitting.get(i).determined();
      Output united = new Output(output.sql(), output.name(), output.type(), both);
      outputs.add(kind == Query.SetKind.UNION_ALL ? united : united.anyOfEqual());
    }
    return Block.setOperation(sql, outputs);
  }

  private static boolean isProjectable(Block block) {
    return block.stage().compareTo(Stage.WHERE) <= 0;
  }

  private Block unnest(Block input, List<Scalar> elements) {
    Block block = source(input);
    Scope scope = Scope.of(block.outputs());
    List<Output> written = elements.stream().map(e -> e.write(scope)).toList();
    String alias = alias();
    String from =
        "%s CROSS JOIN LATERAL unnest(ARRAY[%s]) AS %s(c1)"
            .formatted(block.from(), Scalar.list(written), alias);
    List<Output> outputs = new ArrayList<>(block.outputs());
    boolean determined = written.stream().allMatch(Output::determined);
    outputs.add(new Output(alias + ".c1", "c1", elements.getFirst().type(), determined));
    return Block.from(block.with(), from, outputs);
  }

  private Block shared(Block input, boolean twice) {
    String name = next("w");
    List<String> with = List.of("%s AS (%s)".formatted(name, input.sql()));
    String left = alias();
    if (!twice) {
      return Block.from(with, name + " AS " + left, input.outputsOf(left));
    }
    String right = alias();
    String from =
        "%1$s AS %2$s JOIN %1$s AS %3$s ON %2$s.c1 = %3$s.c1".formatted(name, left, right);
    return Block.from(with, from, new Scope(input.outputsOf(left), input.outputsOf(right)).both());
  }

  private Block named(Block input) {
    String name = next(prefix + "_");
    views.add("CREATE VIEW %s AS %s".formatted(name, input.sql()));
    String alias = alias();
    return Block.from(List.of(), name + " AS " + alias, input.outputsOf(alias));
  }

  /// Something that can stand in a FROM clause with others.
  Block source(Block block) {
    return block.stage() == Stage.FROM ? block : wrapped(block);
  }

  /// Something that takes another WHERE condition.
  Block open(Block block) {
    return block.stage().compareTo(Stage.WHERE) <= 0 ? block : wrapped(block);
  }

  private Block unfinished(Block block) {
    return block.stage() == Stage.FINISHED ? wrapped(block) : block;
  }

  private Block wrapped(Block block) {
    String alias = alias();
    String from = "(%s) AS %s".formatted(block.sql(), alias);
    return Block.from(List.of(), from, block.outputsOf(alias));
  }

  /// An alias that the query does not use yet; the first ones are single letters, which are likely
  /// to be what generated SQL uses too.
  String alias() {
    char single = (char) ('a' + names++);
    return single <= 'z' ? String.valueOf(single) : "a" + names;
  }

  String next(String letter) {
    return letter + ++names;
  }
}
