package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The outer rows to which the rows of a subquery belong, where they do so by more than equality:
/// the different values of the outer columns become an input of the subquery, which is then
/// correlated by equality with them. So does the query around a subquery which uses columns from
/// further out.
///
/// Before: `(SELECT count(*) FROM t WHERE t.x < o.x)`. After: `(SELECT count(*) FROM (SELECT
/// DISTINCT x FROM o) d, t WHERE t.x < d.x AND d.x = o.x)`.
final class Domain {
  private static final Span NOWHERE = new Span(0, 0);

  private final Map<String, Expression> columns;
  private final List<Correlation> correlations;

  private Domain(Map<String, Expression> columns, List<Correlation> correlations) {
    this.columns = columns;
    this.correlations = correlations;
  }

  /// Takes the correlated conditions from the block of a subquery, and adds the input if it is
  /// needed.
  ///
  /// @param outer what is around the subquery
  /// @param inside what is computed for each row of it
  static Domain of(Binder binder, @Nullable Scope outer, Block block, List<Expression> inside) {
    List<Correlation> equal =
        block.correlated.stream().flatMap(c -> Correlation.of(c, block).stream()).toList();
    if (equal.size() == block.correlated.size() && inside.stream().noneMatch(block::usesOuter)) {
      block.correlated.clear();
      return new Domain(Map.of(), equal);
    }
    return within(binder, Objects.requireNonNull(outer), block, outerColumns(block, inside));
  }

  /// Gives a block the columns from around it that conditions use which join it with another one.
  ///
  /// @return the conditions over the columns of the two blocks alone
  static List<Expression> settle(
      Binder binder, Scope around, Block block, Block other, List<Expression> conditions) {
    List<Expression.Column> deep =
        outerColumns(block, conditions).stream().filter(other::isOuter).toList();
    if (deep.isEmpty()) {
      return conditions;
    }
    Domain domain = within(binder, around, block, deep);
    domain.correlations.forEach(c -> block.correlated.add(c.condition(c.inner())));
    return conditions.stream().map(domain::within).toList();
  }

  /// Gives functions in the FROM of a block the columns from around it that they use.
  static void settleRows(Binder binder, Scope around, Block block) {
    List<Expression.Column> used =
        outerColumns(
            block,
            block.inputs.stream()
                .filter(input -> input.relation() instanceof Rows)
                .flatMap(input -> References.expressions(input.relation()))
                .toList());
    if (used.isEmpty()) {
      return;
    }
    Domain domain = within(binder, around, block, used);
    block.inputs.replaceAll(input ->
        input.relation() instanceof Rows rows
            ? new Input(input.alias(), rows.with(domain::within))
            : input);
    domain.correlations.forEach(c -> block.correlated.add(c.condition(c.inner())));
  }

  /// Adds the input with these columns, and those that the block compares with already.
  static Domain within(
      Binder binder, Scope around, Block block, Collection<Expression.Column> columns) {
    List<Expression> correlated = List.copyOf(block.correlated);
    block.correlated.clear();
    Set<Expression.Column> used = new LinkedHashSet<>(outerColumns(block, correlated));
    used.addAll(columns);
    Domain domain = joined(binder, block, OuterRows.of(around, used), correlated);
    correlated.forEach(condition -> block.conditions.add(domain.within(condition)));
    return domain;
  }

  /// The columns in expressions that are not the block's own.
  static List<Expression.Column> outerColumns(Block block, List<Expression> expressions) {
    return expressions.stream()
        .flatMap(expression -> References.columns(expression).stream())
        .filter(block::usesOuter)
        .map(column -> new Expression.Column(NOWHERE, column.path()))
        .toList();
  }

  private static Domain joined(
      Binder binder, Block block, OuterRows rows, List<Expression> correlated) {
    Select select = rows.select();
    Input input = new Input(binder.aliases.unique("d"), Binder.distinct(select));
    List<ColumnType> types = binder.schema.describe(RelationSql.query(select));
    Map<String, Expression> columns = new LinkedHashMap<>();
    List<Correlation> correlations = new ArrayList<>();
    for (ColumnType type : types) {
      if (!type.hasEquality()) {
        throw new Declined(
            "a correlated subquery by column %s of type %s, which has no equality"
                .formatted(type.name(), type.type()));
      }
      Expression own = Scope.column(input.alias(), type.name());
      Expression around = rows.column(type.name());
      columns.put(SqlPrinter.print(around), own);
      Operator equal = Operator.parse(type.equals());
      boolean nulls = rows.mayAgreeByNull(type.name(), correlated);
      correlations.add(new Correlation(own, equal, around, nulls));
    }
    block.inputs.addFirst(input);
    return new Domain(columns, correlations);
  }

  List<Correlation> correlations() {
    return correlations;
  }

  /// An expression that is computed for each row of the subquery.
  Expression within(Expression expression) {
    return columns.isEmpty()
        ? expression
        : Subexpressions.replace(
            expression,
            part -> part instanceof Expression.Column ? columns.get(SqlPrinter.print(part)) : null);
  }
}
