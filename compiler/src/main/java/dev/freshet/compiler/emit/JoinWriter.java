package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.emit.Staging.Choice;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the terms of a join's delta: one for each input that can change.
final class JoinWriter {
  private static final String M = Staging.M;

  private final DeltaWriter deltas;
  private final Staging staging;

  JoinWriter(DeltaWriter deltas, Staging staging) {
    this.deltas = deltas;
    this.staging = staging;
  }

  /// @param delta whose sources are the inputs of the join, and whose table takes the rows
  void terms(Delta delta, Select join) {
    for (int i = 0; i < join.inputs().size(); i++) {
      if (!(delta.sources().get(i) instanceof Delta.None)) {
        term(delta, join, i);
      }
    }
  }

  private void term(Delta delta, Select join, int changed) {
    List<Object> multiplicity = new ArrayList<>();
    List<Object> first = new ArrayList<>();
    List<Object> last = new ArrayList<>();
    multiplicity.add(Quote.name(join.inputs().get(changed).alias()) + "." + M);
    for (int i = 0; i < join.inputs().size(); i++) {
      Input input = join.inputs().get(i);
      Delta source = delta.sources().get(i);
      boolean derived = isDerived(input.relation());
      List<Object> items = derived ? last : first;
      if (i == changed) {
        first.add(", " + deltas.table(source) + " AS " + Quote.name(input.alias()));
      } else if (i < changed || source instanceof Delta.None) {
        items.add(", " + now(join, i, changed));
      } else {
        String old = ", " + old(join, i, changed, source);
        items.add(new Choice(source, old, ", " + now(join, i, changed)));
        String factor = " * " + Quote.name(input.alias()) + "." + M;
        multiplicity.add(new Choice(source, factor, ""));
      }
    }
    first.addAll(last);
    List<Object> parts = new ArrayList<>();
    parts.add("SELECT ");
    parts.addAll(multiplicity);
    String outputs = RelationSql.outputs(join.outputs());
    parts.add((outputs.isEmpty() ? "" : ", ") + outputs + " FROM ");
    parts.addAll(withoutComma(first));
    Stream<String> conditions = join.conditions().stream().map(SqlPrinter::print);
    Stream<String> passed =
        join.inputs().get(changed).relation() instanceof Relation.Clock
            ? Passage.of(join, changed, deltas.table(delta.sources().get(changed))).stream()
            : Stream.of();
    parts.add(RelationSql.where(Stream.concat(conditions, passed)));
    staging.stage(delta, deltas.table(delta), staging.changed(delta.sources().get(changed)), parts);
  }

  private static List<Object> withoutComma(List<Object> items) {
    List<Object> rest = new ArrayList<>(items);
    Object first = Objects.requireNonNull(rest.removeFirst());
    rest.addFirst(
        first instanceof Choice(Delta delta, String then, String otherwise)
            ? new Choice(delta, then.substring(2), otherwise.substring(2))
            : first.toString().substring(2));
    return rest;
  }

  /// PostgreSQL pushes no join condition into a query that groups; it does so with a condition on a
  /// value from outside.
  private static boolean isDerived(Relation relation) {
    return switch (relation) {
      case Scan scan -> false;
      case Relation.Clock clock -> false;
      case Constants constants -> false;
      case Rows rows -> true;
      case Select select -> select.inputs().stream().anyMatch(i -> isDerived(i.relation()));
      case Relation.Match match -> true;
      case Relation.Union union -> union.inputs().stream().anyMatch(JoinWriter::isDerived);
      case Relation.Keyed keyed -> true;
    };
  }

  private static String now(Select join, int place, int changed) {
    Input input = join.inputs().get(place);
    if (input.relation() instanceof Rows || !isDerived(input.relation())) {
      return RelationSql.item(input);
    }
    return "LATERAL (SELECT * FROM (%s) AS %s%s) AS %s"
        .formatted(
            RelationSql.query(input.relation()),
            DeltaWriter.OWN,
            pushed(join, place, changed),
            Quote.name(input.alias()));
  }

  private String old(Select join, int place, int changed, Delta source) {
    Input input = join.inputs().get(place);
    return isDerived(input.relation())
        ? "LATERAL " + deltas.old(input, source, pushed(join, place, changed))
        : deltas.old(input, source, "");
  }

  /// Equalities between a derived input and inputs that stand before it.
  private static String pushed(Select join, int place, int changed) {
    String alias = join.inputs().get(place).alias();
    Set<String> before =
        Stream.concat(
                Stream.of(join.inputs().get(changed)),
                join.inputs().stream().filter(i -> !isDerived(i.relation())))
            .map(Input::alias)
            .filter(a -> !a.equals(alias))
            .collect(Collectors.toSet());
    return RelationSql.where(
        join.conditions().stream().flatMap(condition -> pushed(condition, alias, before)));
  }

  private static Stream<String> pushed(Expression condition, String alias, Set<String> before) {
    if (!(condition instanceof Expression.Infix(var span, Expression l, var operator, Expression r))
        || !operator.symbol().equals("=")) {
      return Stream.of();
    }
    Expression own = isColumn(l, alias) ? l : r;
    Expression other = isColumn(l, alias) ? r : l;
    boolean known =
        References.columns(other).stream().allMatch(c -> before.contains(c.path().getFirst()));
    return isColumn(own, alias) && known && !(other instanceof Expression.Elements)
        ? Stream.of(
            DeltaWriter.OWN
                + ".%s %s %s"
                    .formatted(
                        Quote.name(((Expression.Column) own).path().getLast()),
                        operator.sql(),
                        SqlPrinter.print(other)))
        : Stream.of();
  }

  private static boolean isColumn(Expression expression, String alias) {
    return expression instanceof Expression.Column column && column.path().getFirst().equals(alias);
  }
}
