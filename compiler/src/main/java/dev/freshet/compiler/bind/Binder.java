package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.Schema.Trait;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.Distinct;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Query.SetOperator;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Makes a relation of a query. Raises [Declined] for what cannot be maintained.
public final class Binder {
  final Schema schema;
  final Aliases aliases;
  final Functions functions;

  private Binder(Schema schema) {
    this.schema = schema;
    this.aliases = new Aliases();
    this.functions = new Functions(schema);
  }

  /// The relation that a query computes.
  ///
  /// @param query canonical: stars expanded, names qualified
  public static Relation bind(Query query, Schema schema) {
    return new Binder(schema).query(query, Names.NONE, null);
  }

  /// @param outer what expressions can use besides the query's own FROM
  Relation query(Query query, Names names, @Nullable Scope outer) {
    Names known = names.with(query.with());
    if (query.limit().count() != null || query.limit().offset() != null) {
      throw new Declined("LIMIT without a key: which rows it keeps depends on all others");
    }
    return body(query.body(), query.orderBy(), known, outer);
  }

  private Relation body(
      Query.Body body, List<Query.SortKey> order, Names names, @Nullable Scope outer) {
    return switch (body) {
      case Query.Select select -> select(select, order, names, outer);
      case Query.SetOperation operation -> combine(operation, names, outer);
      case Query.Values(var span, var rows) -> constants(rows);
      case Query.WholeTable(var span, var table) -> {
        Block block = new FromBinder(this, names, outer).bind(List.of(table));
        yield block.onlyInput().relation();
      }
      case Query.Nested(var span, Query nested) -> query(nested, names, outer);
    };
  }

  private Relation constants(List<List<Expression>> rows) {
    Scope scope = new Scope(null);
    List<List<Expression>> values =
        rows.stream().map(row -> row.stream().map(e -> resolve(e, scope)).toList()).toList();
    return new Constants(
        values,
        IntStream.rangeClosed(1, rows.getFirst().size())
            .mapToObj(i -> new Column("column" + i, false))
            .toList());
  }

  private Relation combine(Query.SetOperation operation, Names names, @Nullable Scope outer) {
    Relation left = body(operation.left(), List.of(), names, outer);
    Relation right = body(operation.right(), List.of(), names, outer);
    if (operation.operator() != SetOperator.UNION) {
      return new Combine(operation.operator(), operation.all(), List.of(left, right));
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < left.columns().size(); i++) {
      Column column = left.columns().get(i);
      columns.add(new Column(column.name(), column.notNull() && right.columns().get(i).notNull()));
    }
    Relation union = new Union(List.of(left, right), columns);
    return operation.all() ? union : distinct(union);
  }

  static Relation distinct(Relation relation) {
    List<Output> outputs =
        relation.columns().stream()
            .map(column -> new Output(column, Scope.column("i", column.name())))
            .toList();
    return new Aggregate(relation, relation.columns().stream().map(Column::name).toList(), outputs);
  }

  /// An empty set of keys makes a group even of no rows, as an aggregate without keys does.
  private Relation groupingSets(Query.Select select, Names names, @Nullable Scope outer) {
    boolean plain = select.projection().distinct() instanceof Distinct.All;
    if (!plain || select.projection().items().stream().anyMatch(i -> hasWindow(i.value()))) {
      throw new Declined("DISTINCT or window functions over grouping sets");
    }
    List<Relation> relations = new ArrayList<>();
    for (Query.Select one : new GroupingSets(select, schema, this::isAggregate).queries()) {
      relations.add(select(one, List.of(), names, outer));
    }
    List<Column> columns =
        relations.getFirst().columns().stream()
            .map(column -> new Column(column.name(), false))
            .toList();
    return relations.size() == 1 ? relations.getFirst() : new Union(relations, columns);
  }

  private static boolean hasWindow(Expression expression) {
    return Subexpressions.anyMatch(
        expression, part -> part instanceof Expression.Call call && call.over() != null);
  }

  private Relation select(
      Query.Select select, List<Query.SortKey> order, Names names, @Nullable Scope outer) {
    if (GroupingSets.has(select)) {
      return groupingSets(select, names, outer);
    }
    Block block = new FromBinder(this, names, outer).bind(select.from());
    Where where = new Where(this, names, block);
    if (select.where() != null) {
      where.addAll(select.where());
    }
    Expression having = select.grouping().having();
    select.projection().items().forEach(item -> where.attach(item.value()));
    if (having != null) {
      where.attach(having);
    }
    if (select.projection().distinct() instanceof Distinct.DistinctOn(var on)) {
      on.forEach(where::attach);
      order.forEach(key -> where.attach(key.value()));
    }
    UnaryOperator<Expression> value = e -> where.value(Windows.inline(e, select.windows()));
    Map<String, Expression> items = new LinkedHashMap<>();
    for (SelectItem item : select.projection().items()) {
      items.put(name(item, items), value.apply(item.value()));
    }
    List<Expression> keys = distinctKeys(select.projection().distinct(), value);
    List<Query.SortKey> sorting =
        keys.isEmpty()
            ? List.of()
            : order.stream().map(k -> Subexpressions.replace(k, value)).toList();
    Grouped grouped = new Grouped(this, block, items, keys, sorting);
    Expression condition = having == null ? null : where.value(having);
    grouped.group(select.grouping().elements(), where::value, condition);
    new Windows(this, block, grouped).compute();
    return finish(select.projection().distinct(), block, grouped);
  }

  private List<Expression> distinctKeys(Distinct distinct, UnaryOperator<Expression> value) {
    return switch (distinct) {
      case Distinct.All() -> List.of();
      case Distinct.DistinctRows() -> List.of();
      case Distinct.DistinctOn(var keys) -> keys.stream().map(value).toList();
    };
  }

  private Relation finish(Distinct distinct, Block block, Grouped grouped) {
    return switch (distinct) {
      case Distinct.All() -> block.select(grouped.items);
      case Distinct.DistinctRows() -> distinct(block.select(grouped.items));
      case Distinct.DistinctOn on -> first(block, grouped);
    };
  }

  /// DISTINCT ON may use keys and an order that the select list does not show.
  private Relation first(Block block, Grouped grouped) {
    Map<String, Expression> values = new LinkedHashMap<>(grouped.items);
    List<String> keys = new ArrayList<>();
    grouped.keys.forEach(key -> keys.add(nameOf(key, values)));
    List<Query.SortKey> order =
        grouped.order.stream()
            .map(key -> Subexpressions.replace(key, e -> Scope.column("i", nameOf(e, values))))
            .toList();
    return project(
        new First(block.select(values), keys, order), List.copyOf(grouped.items.keySet()));
  }

  private Relation project(Relation relation, List<String> names) {
    String alias = aliases.unique("first");
    List<Output> outputs =
        relation.columns().stream()
            .filter(column -> names.contains(column.name()))
            .map(column -> new Output(column, Scope.column(alias, column.name())))
            .toList();
    return new Select(List.of(new Input(alias, relation)), List.of(), outputs);
  }

  /// The name under which a value is computed; a new one if it is not yet.
  static String nameOf(Expression value, Map<String, Expression> values) {
    String text = SqlPrinter.print(value);
    for (Map.Entry<String, Expression> entry : values.entrySet()) {
      if (SqlPrinter.print(entry.getValue()).equals(text)) {
        return entry.getKey();
      }
    }
    String name = Aliases.unusedName(Block.lastName(value), values.keySet());
    values.put(name, value);
    return name;
  }

  private static String name(SelectItem item, Map<String, Expression> items) {
    return Aliases.unusedName(label(item), items.keySet());
  }

  /// What PostgreSQL calls the column.
  static String label(SelectItem item) {
    if (item.alias() != null) {
      return item.alias();
    }
    return switch (item.value()) {
      case Expression.Column column -> column.path().getLast();
      case Expression.Call call -> call.function().name();
      default -> "column";
    };
  }

  /// Names resolved, functions checked; subqueries must be gone.
  Expression resolve(Expression expression, Scope scope) {
    return resolve(
        expression,
        scope,
        _ -> Optional.empty(),
        () -> {
          throw new Declined("a clock in this place: " + SqlPrinter.print(expression));
        });
  }

  /// @param subqueries what subqueries have become; empty for what is none
  /// @param now a column with the time
  Expression resolve(
      Expression expression,
      Scope scope,
      Function<Expression, Optional<Expression>> subqueries,
      Supplier<Expression> now) {
    functions.check(expression);
    return Subexpressions.replace(
        expression, part -> subqueries.apply(part).orElseGet(() -> resolved(part, scope, now)));
  }

  private static @Nullable Expression resolved(
      Expression part, Scope scope, Supplier<Expression> now) {
    return switch (part) {
      case Expression.Column column -> scope.resolve(column);
      case Expression.Star(var span, var qualifier) when !qualifier.isEmpty() ->
          throw new Declined("it uses " + SqlPrinter.print(part) + " as a whole row");
      case Expression.Exists e -> throw subquery(part);
      case Expression.InQuery e -> throw subquery(part);
      case Expression.Scalar e -> throw subquery(part);
      case Expression.ArrayOfQuery e -> throw subquery(part);
      case Expression.ElementsOfQuery e -> throw subquery(part);
      default -> Clocks.replace(part, now).orElse(null);
    };
  }

  private static Declined subquery(Expression expression) {
    return new Declined("a subquery in this place: " + SqlPrinter.print(expression));
  }

  boolean isAggregate(Expression expression) {
    return expression instanceof Expression.Call call
        && call.over() == null
        && functions.has(call, Trait.AGGREGATE);
  }
}
