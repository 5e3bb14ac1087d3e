package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.sql.Alternatives;
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
import java.util.Optional;

/// Adds conditions to a block and makes joins of the subqueries in its expressions.
final class Where {
  private static final String ATTACHED = "freshet subqueries";
  private static final String CLOCK = "freshet clock";

  private final Binder binder;
  private final Names names;
  private final Block block;

  /// What subqueries have become, by text: the same one may stand in several places.
  private final Map<String, Expression> attached = new HashMap<>();

  Where(Binder binder, Names names, Block block) {
    this.binder = binder;
    this.names = names;
    this.block = block;
  }

  /// Adds a condition that rows must satisfy. What compares columns comes before what asks other
  /// tables, so that a join is complete when it becomes one side of a semi join.
  void addAll(Expression condition) {
    List<Expression> conjuncts =
        Block.conjuncts(condition).stream().flatMap(Alternatives::factored).toList();
    conjuncts.stream().filter(conjunct -> !asksSubquery(conjunct)).forEach(this::add);
    conjuncts.stream().filter(Where::asksSubquery).forEach(this::add);
  }

  /// Whether a condition asks a clock or other tables.
  static boolean asks(Expression condition) {
    return Subexpressions.anyMatch(condition, part -> isSubquery(part) || Clocks.tells(part));
  }

  private static boolean asksSubquery(Expression conjunct) {
    return Subexpressions.anyMatch(conjunct, Where::isSubquery);
  }

  static boolean isSubquery(Expression part) {
    return !RowQuery.is(part)
        && (part instanceof Expression.Scalar
            || part instanceof Expression.ArrayOfQuery
            || Quantified.of(part).isPresent());
  }

  private void add(Expression conjunct) {
    Optional<Quantified> asked = Quantified.of(conjunct);
    if (asked.isPresent() && !asksOneRow(asked.get())) {
      Quantified question = asked.get();
      match(question.byExistence() ? MatchKind.SEMI : MatchKind.ANTI, question, question::deciding);
    } else {
      Expression marked = marked(conjunct);
      attach(marked);
      block.conditions.add(value(marked));
    }
  }

  /// A condition of which only matters whether it holds: each question has become a mark.
  private Expression marked(Expression condition) {
    return switch (condition) {
      case Expression.Or(var span, var operands) ->
          new Expression.Or(span, operands.stream().map(this::marked).toList());
      case Expression.And(var span, var operands) ->
          new Expression.And(span, operands.stream().map(this::marked).toList());
      default ->
          Quantified.of(condition)
              .map(question -> {
                if (asksOneRow(question)) {
                  return question.ofOneRow();
                }
                Expression mark = mark(question, question::deciding).name();
                return question.byExistence() ? mark : new Expression.Not(question.span(), mark);
              })
              .orElse(condition);
    };
  }

  /// Whether an outer row has exactly one row of the subquery, whatever belongs to it.
  private boolean asksOneRow(Quantified question) {
    return question.aggregatesAll(binder::isAggregate) && bind(question.query()).isSingleRow();
  }

  /// A value for each row of the block.
  Expression value(Expression expression) {
    attach(expression);
    return binder.resolve(expression, block.scope, this::attached, this::now);
  }

  /// The time, as a column of an input that is added on first use.
  private Expression now() {
    Expression.Column now =
        new Expression.Column(new Span(0, 0), List.of(CLOCK, Relation.Clock.NOW));
    if (!block.scope.knows(CLOCK)) {
      Input clock = new Input(binder.aliases.unique("clock"), new Relation.Clock(binder.time));
      block.inputs.addFirst(clock);
      block.scope.add(CLOCK, clock, List.of());
    }
    return block.scope.resolve(now);
  }

  /// What a subquery has become; empty if the part is none.
  private Optional<Expression> attached(Expression part) {
    return Optional.ofNullable(attached.get(SqlPrinter.print(part)))
        .map(value ->
            Subexpressions.replace(
                value,
                column -> column instanceof Expression.Column c ? block.scope.resolve(c) : null));
  }

  /// A name for a value, which follows it when the block becomes part of a join.
  private Expression named(Expression value) {
    String name = binder.aliases.unique("asked");
    block.scope.add(ATTACHED, Map.of(name, value));
    return new Expression.Column(new Span(0, 0), List.of(ATTACHED, name));
  }

  /// Which rows of a subquery count.
  private interface Condition {
    /// @param comparison of the values of its row with those of the block's
    /// @param known none of them is NULL
    Expression of(Expression comparison, boolean known);
  }

  /// A column that tells whether such rows of a subquery exist.
  ///
  /// @param known no comparison was unknown
  private record Mark(Expression name, boolean known) {}

  private Mark mark(Quantified question, Condition condition) {
    boolean[] known = {true};
    Matching matching =
        match(
            MatchKind.MARK,
            question,
            (comparison, allKnown) -> {
              known[0] = allKnown;
              return condition.of(comparison, allKnown);
            });
    return new Mark(named(matching.mark()), known[0]);
  }

  private Matching match(MatchKind kind, Quantified question, Condition condition) {
    List<Expression> operands = question.operands().stream().map(this::value).toList();
    Subquery subquery = bind(question.query());
    List<Expression> conditions = new ArrayList<>(subquery.correlated());
    if (!operands.isEmpty()) {
      boolean known =
          question.isStrict()
              && operands.stream().allMatch(block::notNull)
              && subquery.values().stream().allMatch(subquery.block()::notNull);
      conditions.add(condition.of(question.comparison(operands, subquery.values()), known));
    }
    return join(kind, subquery, conditions);
  }

  /// Joins a subquery to the block.
  private Matching join(MatchKind kind, Subquery subquery, List<Expression> conditions) {
    Matching matching = new Matching(binder, kind, block, subquery.block(), block.scope);
    block.become(matching.join(conditions, block.scope));
    return matching;
  }

  private Subquery bind(Query query) {
    return binder.subquery(query, names, block.scope);
  }

  /// Joins the subqueries of an expression; those within one of them are its own.
  void attach(Expression expression) {
    Subexpressions.replace(
        expression,
        part -> {
          if (!isSubquery(part)) {
            return null;
          }
          if (!attached.containsKey(SqlPrinter.print(part))) {
            attached.put(SqlPrinter.print(part), attachOne(part));
          }
          return part;
        });
  }

  private Expression attachOne(Expression part) {
    return switch (part) {
      case Expression.Scalar scalar -> named(scalar(scalar));
      case Expression.ArrayOfQuery(var span, Query query) ->
          named(value(ArrayQuery.asAggregate(query)));
      default -> asked(Quantified.of(part).orElseThrow());
    };
  }

  private Expression asked(Quantified question) {
    return asksOneRow(question) ? named(value(question.ofOneRow())) : answer(question);
  }

  /// The answer to a question as a value, NULL if it is unknown.
  private Expression answer(Quantified question) {
    Mark decided = mark(question, (comparison, _) -> question.settling(comparison));
    Expression answer =
        decided.known()
            ? question.all() ? new Expression.Not(question.span(), decided.name()) : decided.name()
            : Operators.decided(
                decided.name(),
                !question.all(),
                mark(question, (comparison, _) -> Operators.is(comparison, "UNKNOWN")).name());
    return question.negated() ? new Expression.Not(question.span(), answer) : answer;
  }

  private Expression scalar(Expression.Scalar scalar) {
    Subquery subquery = bind(scalar.query());
    if (subquery.isSingleRow()) {
      return lookup(subquery, subquery.otherwise().values().iterator().next());
    }
    Subquery rows = subquery.computed(binder.aliases);
    if (rows.hasOneRowAtMost()) {
      return subquery.hasOneRow() ? beside(subquery) : lookup(rows, rows.values().getFirst());
    }
    Subquery counted = new CountedRows(binder, subquery, block.scope).grouped();
    return counted.correlated().isEmpty()
        ? beside(counted)
        : lookup(counted, counted.values().getFirst());
  }

  /// A value of the row that belongs to each row of the block.
  private Expression lookup(Subquery subquery, Expression value) {
    return join(MatchKind.LEFT, subquery, subquery.correlated()).after(value);
  }

  /// The value of the only row there is.
  private Expression beside(Subquery subquery) {
    block.inputs.addAll(subquery.block().inputs);
    return subquery.values().getFirst();
  }
}
