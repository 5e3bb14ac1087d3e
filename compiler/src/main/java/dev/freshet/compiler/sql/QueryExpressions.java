package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.FromItem.Join;
import dev.freshet.compiler.sql.FromItem.JoinCondition;
import dev.freshet.compiler.sql.Query.Body;
import dev.freshet.compiler.sql.Query.CommonTable;
import dev.freshet.compiler.sql.Query.Distinct;
import dev.freshet.compiler.sql.Query.Limit;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Query.SortKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Walks through all expressions of a query, also through those of the queries in it.
public final class QueryExpressions {
  private final Function<Expression, @Nullable Expression> replacement;

  private final List<FromItem.TableRef> tables = new ArrayList<>();
  private final Set<String> ranges = new HashSet<>();

  private QueryExpressions(Function<Expression, @Nullable Expression> replacement) {
    this.replacement = replacement;
  }

  /// The query with some parts of its expressions replaced, outermost first.
  ///
  /// @param replacement of a part, or null to look into the part
  public static Query replace(Query query, Function<Expression, @Nullable Expression> replacement) {
    return new QueryExpressions(replacement).query(query);
  }

  /// The expression with some of its parts replaced, outermost first.
  ///
  /// @param replacement of a part, or null to look into the part
  public static Expression replace(
      Expression expression, Function<Expression, @Nullable Expression> replacement) {
    return new QueryExpressions(replacement).value(expression);
  }

  /// Whether the expression, any part of it or of a query in it is such.
  public static boolean anyMatch(Expression expression, Predicate<Expression> predicate) {
    return Subexpressions.meets(predicate, search -> replace(expression, search));
  }

  /// Whether the query, or one in it, reads a table.
  public static boolean readsTable(Query query) {
    QueryExpressions walk = new QueryExpressions(_ -> null);
    walk.query(query);
    return !walk.tables.isEmpty();
  }

  /// The aliases in FROM, of the query and of those in it.
  public static Set<String> aliases(Query query) {
    QueryExpressions walk = new QueryExpressions(_ -> null);
    walk.query(query);
    return walk.ranges;
  }

  private Expression value(Expression expression) {
    return Subexpressions.replace(
        expression,
        part -> {
          Expression replaced = replacement.apply(part);
          return replaced != null ? replaced : asked(part);
        });
  }

  /// An expression with a query in it; null for any other.
  private @Nullable Expression asked(Expression part) {
    return switch (part) {
      case Expression.Exists(var span, Query query) -> new Expression.Exists(span, query(query));
      case Expression.Scalar(var span, Query query) -> new Expression.Scalar(span, query(query));
      case Expression.ArrayOfQuery(var span, Query query) ->
          new Expression.ArrayOfQuery(span, query(query));
      case Expression.ElementsOfQuery(var span, boolean all, Query query) ->
          new Expression.ElementsOfQuery(span, all, query(query));
      case Expression.InQuery(var span, Expression operand, boolean negated, Query query) ->
          new Expression.InQuery(span, value(operand), negated, query(query));
      case Expression.Special(var span, Phrase phrase) ->
          new Expression.Special(span, phrase(phrase));
      default -> null;
    };
  }

  private Phrase phrase(Phrase phrase) {
    return new Phrase(phrase.span(), phrase.pieces().stream().map(this::piece).toList());
  }

  private Phrase.Piece piece(Phrase.Piece piece) {
    return switch (piece) {
      case Phrase.Piece.Word word -> word;
      case Phrase.Piece.Value(Expression value) -> new Phrase.Piece.Value(value(value));
      case Phrase.Piece.Rows(Query rows) -> new Phrase.Piece.Rows(query(rows));
    };
  }

  private Query query(Query query) {
    List<CommonTable> tables =
        query.with().tables().stream()
            .map(t ->
                new CommonTable(
                    t.name(), t.columns(), t.materialization(), query(t.query()), t.recursion()))
            .toList();
    Limit limit = query.limit();
    return new Query(
        query.span(),
        new Query.With(query.with().recursive(), tables),
        body(query.body()),
        keys(query.orderBy()),
        new Limit(optional(limit.count()), limit.withTies(), optional(limit.offset())));
  }

  private Body body(Body body) {
    return switch (body) {
      case Query.Select select -> select(select);
      case Query.SetOperation(var span, var operator, boolean all, Body left, Body right) ->
          new Query.SetOperation(span, operator, all, body(left), body(right));
      case Query.Values(var span, var rows) ->
          new Query.Values(span, rows.stream().map(this::values).toList());
      case Query.WholeTable table -> {
        tables.add(table.table());
        yield table;
      }
      case Query.Nested(var span, Query nested) -> new Query.Nested(span, query(nested));
    };
  }

  private Body select(Query.Select select) {
    Distinct distinct =
        select.projection().distinct() instanceof Distinct.DistinctOn(var on)
            ? new Distinct.DistinctOn(values(on))
            : select.projection().distinct();
    List<SelectItem> items =
        select.projection().items().stream()
            .map(item -> new SelectItem(item.span(), value(item.value()), item.alias()))
            .toList();
    return new Query.Select(
        select.span(),
        new Query.Projection(distinct, items),
        select.from().stream().map(this::from).toList(),
        optional(select.where()),
        new Query.Grouping(
            select.grouping().elements().stream()
                .map(element -> Subexpressions.replace(element, this::value))
                .toList(),
            optional(select.grouping().having())),
        select.windows().stream()
            .map(window -> Subexpressions.replace(window, this::value))
            .toList());
  }

  private FromItem from(FromItem item) {
    alias(item).map(FromItem.Alias::name).ifPresent(ranges::add);
    return switch (item) {
      case FromItem.TableRef table -> {
        tables.add(table);
        yield table;
      }
      case FromItem.Subquery(var span, boolean lateral, Query query, var alias) ->
          new FromItem.Subquery(span, lateral, query(query), alias);
      case FromItem.Functions f ->
          new FromItem.Functions(
              f.span(),
              f.lateral(),
              f.rowsFrom(),
              f.functions().stream()
                  .map(one -> new FromItem.Function(value(one.call()), one.columns()))
                  .toList(),
              f.ordinality(),
              f.alias());
      case Join(var span, var kind, var left, var right, var condition) ->
          new Join(span, kind, from(left), from(right), condition(condition));
      case FromItem.AliasedJoin(var span, var join, var alias) ->
          new FromItem.AliasedJoin(span, from(join), alias);
    };
  }

  private static Optional<FromItem.Alias> alias(FromItem item) {
    return Optional.ofNullable(
        switch (item) {
          case FromItem.TableRef table -> table.alias();
          case FromItem.Subquery query -> query.alias();
          case FromItem.Functions functions -> functions.alias();
          case FromItem.AliasedJoin join -> join.alias();
          case Join join -> null;
        });
  }

  private JoinCondition condition(JoinCondition condition) {
    return condition instanceof JoinCondition.On(Expression on)
        ? new JoinCondition.On(value(on))
        : condition;
  }

  private List<Expression> values(List<Expression> expressions) {
    return expressions.stream().map(this::value).toList();
  }

  private List<SortKey> keys(List<SortKey> keys) {
    return keys.stream().map(key -> Subexpressions.replace(key, this::value)).toList();
  }

  private @Nullable Expression optional(@Nullable Expression expression) {
    return expression == null ? null : value(expression);
  }
}
