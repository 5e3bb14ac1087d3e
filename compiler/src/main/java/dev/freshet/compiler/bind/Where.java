package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds conditions to a block and makes joins of the subqueries in its expressions.
final class Where {
  private static final String SCALARS = "freshet scalars";
  private static final String CLOCK = "freshet clock";

  private final Binder binder;
  private final Names names;
  private final Block block;

  /// By text: the same subquery may stand in several places.
  private final Map<String, String> scalars = new HashMap<>();

  Where(Binder binder, Names names, Block block) {
    this.binder = binder;
    this.names = names;
    this.block = block;
  }

  /// Adds a condition that rows must satisfy. What compares columns comes before what asks other
  /// tables, so that a join is complete when it becomes one side of a semi join.
  void addAll(Expression condition) {
    List<Expression> conjuncts = Block.conjuncts(condition);
    conjuncts.stream().filter(conjunct -> !asksSubquery(conjunct)).forEach(this::add);
    conjuncts.stream().filter(Where::asksSubquery).forEach(this::add);
  }

  private static boolean asksSubquery(Expression conjunct) {
    return Subexpressions.anyMatch(
        conjunct,
        part ->
            switch (part) {
              case Expression.Exists e -> true;
              case Expression.InQuery e -> true;
              case Expression.ElementsOfQuery e -> true;
              case Expression.Scalar e -> true;
              default -> false;
            });
  }

  private void add(Expression conjunct) {
    switch (conjunct) {
      case Expression.Exists(var span, Query query) -> match(MatchKind.SEMI, query, null);
      case Expression.InQuery in -> in(in, in.negated());
      case Expression.Infix(
              var span,
              Expression left,
              var operator,
              Expression.ElementsOfQuery(var all, boolean every, Query query)) ->
          match(
              every ? MatchKind.ANTI : MatchKind.SEMI,
              query,
              items -> {
                Expression comparison =
                    new Expression.Infix(span, value(left), operator, items.getFirst());
                return every ? Operators.isNotTrue(comparison) : comparison;
              });
      case Expression.Not(var span, Expression.Exists(var inner, Query query)) ->
          match(MatchKind.ANTI, query, null);
      case Expression.Not(var span, Expression.InQuery in) -> in(in, !in.negated());
      default -> {
        attach(conjunct);
        block.conditions.add(value(conjunct));
      }
    }
  }

  /// A value for each row of the block.
  Expression value(Expression expression) {
    attach(expression);
    return binder.resolve(expression, block.scope, this::scalar, this::now);
  }

  /// The time, as a column of an input that is added on first use.
  private Expression now() {
    Expression.Column now =
        new Expression.Column(new Span(0, 0), List.of(CLOCK, Relation.Clock.NOW));
    if (!block.scope.knows(CLOCK)) {
      Input clock = new Input(binder.aliases.unique("clock"), new Relation.Clock());
      block.inputs.addFirst(clock);
      block.scope.add(CLOCK, clock, List.of());
    }
    return block.scope.resolve(now);
  }

  private Expression scalar(Expression.Scalar scalar) {
    String name = scalars.get(SqlPrinter.print(scalar));
    return block.scope.resolve(
        new Expression.Column(scalar.span(), List.of(SCALARS, String.valueOf(name))));
  }

  /// Compares the values of the subquery's row with those of the block's.
  private interface Comparison {
    Expression with(List<Expression> items);
  }

  private void in(Expression.InQuery in, boolean negated) {
    List<Expression> operands =
        in.operand() instanceof Expression.Row(var span, var explicit, var elements)
            ? elements.stream().map(this::value).toList()
            : List.of(value(in.operand()));
    boolean operandsKnown = operands.stream().allMatch(block::notNull);
    match(
        negated ? MatchKind.ANTI : MatchKind.SEMI,
        in.query(),
        items -> {
          Expression equal = equal(in, operands, items);
          return negated && !(operandsKnown && itemsKnown) ? Operators.isNotFalse(equal) : equal;
        });
  }

  private boolean itemsKnown;

  private static Expression equal(
      Expression.InQuery in, List<Expression> operands, List<Expression> items) {
    List<Expression> pairs = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      pairs.add(Operators.equal(operands.get(i), items.get(i)));
    }
    return pairs.size() == 1 ? pairs.getFirst() : new Expression.And(in.span(), pairs);
  }

  private void match(MatchKind kind, Query query, @Nullable Comparison comparison) {
    Subquery subquery = bind(query);
    List<Expression> conditions = new ArrayList<>(subquery.correlated());
    itemsKnown = subquery.items().stream().allMatch(subquery.block()::notNull);
    if (comparison != null) {
      conditions.add(comparison.with(subquery.items()));
    }
    Block joined =
        new Matching(binder, kind, block, subquery.block()).join(conditions, block.scope);
    become(joined);
  }

  private void become(Block joined) {
    List<Input> inputs = List.copyOf(joined.inputs);
    block.inputs.clear();
    block.inputs.addAll(inputs);
    block.conditions.clear();
  }

  /// @param correlated conditions that use columns of the block around it
  /// @param items the values of its select list
  private record Subquery(Block block, List<Expression> correlated, List<Expression> items) {}

  private Subquery bind(Query query) {
    if (query.body() instanceof Query.Select select && isPlain(query, select)) {
      return plain(select, names.with(query.with()));
    }
    Relation relation = binder.query(query, names, block.scope);
    if (References.outer(relation)) {
      throw new Declined("a subquery that uses outer columns: " + SqlPrinter.print(query));
    }
    Input input = new Input(binder.aliases.unique("s"), relation);
    Block inner = new Block(new Scope(null));
    inner.inputs.add(input);
    inner.scope.add("s", input, List.of());
    return new Subquery(inner, List.of(), inner.scope.values());
  }

  private boolean isPlain(Query query, Query.Select select) {
    return query.limit().count() == null
        && query.limit().offset() == null
        && select.grouping().elements().isEmpty()
        && select.grouping().having() == null
        && !(select.projection().distinct() instanceof Query.Distinct.DistinctOn)
        && select.projection().items().stream()
            .noneMatch(item ->
                Subexpressions.anyMatch(
                    item.value(),
                    part ->
                        binder.isAggregate(part)
                            || (part instanceof Expression.Call call && call.over() != null)));
  }

  private Subquery plain(Query.Select select, Names known) {
    Block inner = new FromBinder(binder, known, block.scope).bind(select.from());
    Where where = new Where(binder, known, inner);
    if (select.where() != null) {
      where.addAll(select.where());
    }
    List<Expression> items =
        select.projection().items().stream().map(item -> where.value(item.value())).toList();
    return split(inner, items);
  }

  /// Takes the conditions that use outer columns out of a block.
  private Subquery split(Block inner, List<Expression> items) {
    List<Expression> correlated = inner.conditions.stream().filter(inner::usesOuter).toList();
    inner.conditions.removeAll(correlated);
    if (inner.inputs.stream()
        .anyMatch(input -> References.outerBeside(input.relation(), inner.aliases()))) {
      throw new Declined("a subquery that uses outer columns deep inside");
    }
    return new Subquery(inner, correlated, items);
  }

  /// Joins the scalar subqueries of an expression.
  void attach(Expression expression) {
    Subexpressions.anyMatch(
        expression,
        part -> {
          if (part instanceof Expression.Scalar scalar
              && !scalars.containsKey(SqlPrinter.print(scalar))) {
            attachOne(scalar);
          }
          return false;
        });
  }

  private void attachOne(Expression.Scalar scalar) {
    if (!(scalar.query().body() instanceof Query.Select select)
        || !select.grouping().elements().isEmpty()
        || select.grouping().having() != null
        || select.projection().items().stream()
            .noneMatch(i -> Subexpressions.anyMatch(i.value(), binder::isAggregate))) {
      throw new Declined(
          "a scalar subquery that is no plain aggregate: " + SqlPrinter.print(scalar));
    }
    Expression value = aggregate(plain(select, names.with(scalar.query().with())));
    String name = "s" + scalars.size();
    scalars.put(SqlPrinter.print(scalar), name);
    block.scope.add(SCALARS, Map.of(name, value));
  }

  /// Groups a correlated aggregate by what it is correlated with, and joins the groups.
  private Expression aggregate(Subquery subquery) {
    Block inner = subquery.block();
    List<Expression> keys = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    for (Expression condition : subquery.correlated()) {
      if (!(condition instanceof Expression.Infix(var s, Expression l, var operator, Expression r))
          || !operator.sql().equals("=")
          || inner.usesOuter(l) == inner.usesOuter(r)
          || !onlyOuter(inner, inner.usesOuter(l) ? l : r)) {
        throw new Declined(
            "a correlated subquery by more than equality: " + SqlPrinter.print(condition));
      }
      keys.add(inner.usesOuter(l) ? r : l);
      others.add(inner.usesOuter(l) ? l : r);
    }
    Grouped grouped = new Grouped(binder, inner, Map.of("value", subquery.items().getFirst()));
    List<Expression> groupKeys = grouped.groupBy(keys, null);
    if (keys.isEmpty()) {
      block.inputs.addAll(inner.inputs);
      return grouped.item("value");
    }
    List<Expression> conditions = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      conditions.add(Operators.equal(groupKeys.get(i), others.get(i)));
    }
    Matching matching = new Matching(binder, MatchKind.LEFT, block, inner);
    become(matching.join(conditions, block.scope));
    return matching.after(grouped.overNothing("value"));
  }

  private static boolean onlyOuter(Block inner, Expression expression) {
    return References.columns(expression).stream()
        .noneMatch(column -> inner.aliases().contains(column.path().getFirst()));
  }
}
