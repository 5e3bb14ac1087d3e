package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.Schema.Trait;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Top;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Makes a relation of a query. Raises [Declined] for what cannot be maintained.
public final class Binder {
  final Schema schema;
  final Aliases aliases;
  final Functions functions;
  final String time;

  private Binder(Schema schema, String time) {
    this.schema = schema;
    this.time = time;
    this.aliases = new Aliases();
    this.functions = new Functions(schema);
  }

  /// The relation that a query computes.
  ///
  /// @param query canonical: stars expanded, names qualified
  /// @param time what a clock shows, as in [Relation.Clock]
  public static Relation bind(Query query, Schema schema, String time) {
    return new Binder(schema, time).query(query, Names.NONE, null);
  }

  Relation query(Query query, Names names, @Nullable Scope outer) {
    return subquery(query, names, outer).relation();
  }

  /// @param outer what expressions can use besides the query's own FROM
  Subquery subquery(Query query, Names names, @Nullable Scope outer) {
    return Declined.within(query.span(), () -> bound(query, names, outer));
  }

  private Subquery bound(Query query, Names names, @Nullable Scope outer) {
    Names known = names.with(query.with(), outer);
    Optional<Top> limit = Limits.top(query.limit());
    if (query.body() instanceof Query.Select select) {
      boolean sets = GroupingSets.has(select);
      Query written = sets ? QualifiedColumns.of(query, select) : query;
      if (OverGroups.has(written, outer != null, this::isAggregate)) {
        String alias = aliases.unique("groups");
        return subquery(OverGroups.write(written, this::isAggregate, alias), names, outer);
      }
      return sets
          ? Subquery.of(groupingSets((Query.Select) written.body(), known, outer), aliases)
          : new SelectBinder(this, known, outer, select, query.orderBy(), limit).bind();
    }
    Subquery rows = body(query.body(), known, outer);
    return limit.isEmpty() ? rows : rows.first(query.orderBy(), limit.get(), aliases);
  }

  private Subquery body(Query.Body body, Names names, @Nullable Scope outer) {
    return switch (body) {
      case Query.Select select -> subquery(Query.of(select), names, outer);
      case Query.SetOperation operation ->
          new SetOperations(this, outer)
              .combine(
                  operation,
                  body(operation.left(), names, outer),
                  body(operation.right(), names, outer));
      case Query.Values(var span, var rows) -> Subquery.of(constants(rows), aliases);
      case Query.WholeTable(var span, var table) -> {
        Block block = new FromBinder(this, names, outer).bind(List.of(table));
        yield Subquery.of(block.onlyInput().relation(), aliases);
      }
      case Query.Nested(var span, Query nested) -> subquery(nested, names, outer);
    };
  }

  private SelectBinder select(Query.Select select, Names names, @Nullable Scope outer) {
    return new SelectBinder(this, names, outer, select, List.of(), Optional.empty());
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

  static Relation distinct(Relation relation) {
    List<Output> outputs =
        relation.columns().stream()
            .map(column -> new Output(column, Scope.column("i", column.name())))
            .toList();
    return new Aggregate(relation, relation.columns().stream().map(Column::name).toList(), outputs);
  }

  /// An empty set of keys makes a group even of no rows, as an aggregate without keys does.
  private Relation groupingSets(Query.Select select, Names names, @Nullable Scope outer) {
    List<Relation> relations = new ArrayList<>();
    Function<Query.Select, List<ColumnType>> describe =
        keys -> schema.describe(RelationSql.query(select(keys, names, outer).bind().relation()));
    for (Query.Select one : new GroupingSets(select, describe, this::isAggregate).queries()) {
      relations.add(select(one, names, outer).bindGroupingSet().relation());
    }
    List<Column> columns =
        relations.getFirst().columns().stream()
            .map(column -> new Column(column.name(), false))
            .toList();
    return relations.size() == 1 ? relations.getFirst() : new Union(relations, columns);
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
    return Declined.within(
        expression.span(),
        () -> {
          functions.check(expression);
          return Subexpressions.replace(
              expression,
              part -> Declined.within(part.span(), () -> resolved(part, scope, subqueries, now)));
        });
  }

  private @Nullable Expression resolved(
      Expression part,
      Scope scope,
      Function<Expression, Optional<Expression>> subqueries,
      Supplier<Expression> now) {
    if (RowQuery.is(part)) {
      return RowQuery.resolve(
          part,
          this::isAggregate,
          functions::checkOne,
          inner -> resolved(inner, scope, subqueries, now));
    }
    return subqueries.apply(part).orElseGet(() -> resolved(part, scope, now));
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
