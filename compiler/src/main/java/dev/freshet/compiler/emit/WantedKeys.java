package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which keys of a relation that is computed by key matter at all, because a filtered relation
/// beside it must have a row that equals them: `avg(quantity)` of the parts of one brand, not of
/// all that were sold.
///
/// @param other the relation beside it
/// @param delta of that relation
/// @param equalities between keys and what the relation holds
record WantedKeys(Input other, Delta delta, List<KeyEquality> equalities) {

  /// @param key its place among the keys
  record KeyEquality(int key, Operator operator, Expression value) {}

  /// The keys that matter of a source of a join; empty if all do.
  static Optional<WantedKeys> of(Delta delta, int source) {
    return switch (delta) {
      case Delta.Join(int number, Select join, var sources) ->
          of(join.inputs(), join.conditions(), sources, source);
      case Delta.Pairs(int number, Match match, var sources) ->
          match.kind() == MatchKind.FULL || source == 0
              ? Optional.empty()
              : of(List.of(match.left(), match.right()), match.conditions(), sources, source);
      default -> Optional.empty();
    };
  }

  private static Optional<WantedKeys> of(
      List<Input> inputs, List<Expression> conditions, List<Delta> sources, int source) {
    Input keyed = inputs.get(source);
    List<WantedKeys> found = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Input other = inputs.get(i);
      List<KeyEquality> equalities = equalities(keyed, other, conditions);
      if (i != source && isFiltered(other.relation()) && !equalities.isEmpty()) {
        found.add(new WantedKeys(other, sources.get(i), equalities));
      }
    }
    return found.stream().findFirst();
  }

  /// Whether a condition with constants or another relation has taken rows away.
  private static boolean isFiltered(Relation relation) {
    return switch (relation) {
      case Select select ->
          select.inputs().stream().anyMatch(input -> isFiltered(input.relation()))
              || select.conditions().stream().anyMatch(WantedKeys::concernsOne);
      case Match match ->
          match.kind() == MatchKind.SEMI
              || (match.kind() != MatchKind.FULL && isFiltered(match.left().relation()));
      default -> false;
    };
  }

  private static boolean concernsOne(Expression condition) {
    return References.columns(condition).stream().map(c -> c.path().getFirst()).distinct().count()
        == 1;
  }

  private static List<KeyEquality> equalities(
      Input keyed, Input other, List<Expression> conditions) {
    return Equality.of(conditions, keyed.alias())
        .filter(equality ->
            References.columns(equality.other()).stream().allMatch(c -> isOf(c, other.alias())))
        .flatMap(equality ->
            key(keyed.relation(), equality.column())
                .map(key -> new KeyEquality(key, equality.operator(), equality.other())))
        .toList();
  }

  private static boolean isOf(Expression.Column column, String alias) {
    return column.path().getFirst().equals(alias);
  }

  /// The place of a column among the keys of what is computed by key, at the top or right below.
  private static Stream<Integer> key(Relation relation, String column) {
    return switch (relation) {
      case Select select when select.inputs().size() == 1 ->
          passed(select.outputs(), select.inputs().getFirst().alias(), column)
              .flatMap(below -> key(select.inputs().getFirst().relation(), below));
      case Aggregate(Relation input, var keys, var outputs) ->
          passed(outputs, "i", column).map(keys::indexOf).filter(place -> place >= 0);
      case Window(Relation input, var keys, var equal, var outputs) ->
          passed(outputs, "i", column).map(keys::indexOf).filter(place -> place >= 0);
      case Keyed keyed -> Stream.of(keyed.keys(0).indexOf(column)).filter(place -> place >= 0);
      default -> Stream.of();
    };
  }

  private static Stream<String> passed(List<Output> outputs, String alias, String column) {
    return outputs.stream()
        .filter(output -> output.column().name().equals(column))
        .map(Output::value)
        .filter(Expression.Column.class::isInstance)
        .map(Expression.Column.class::cast)
        .filter(value -> isOf(value, alias))
        .map(value -> value.path().getLast());
  }

  /// A condition on a key: there is, or was, a row that equals it.
  ///
  /// @param keys the columns of the key
  /// @param rows the relation as it is and its delta, as items of FROM
  String exist(List<String> keys, Stream<String> rows) {
    String equal =
        equalities.stream()
            .map(equality ->
                SqlPrinter.print(equality.value())
                    + " "
                    + equality.operator().sql()
                    + " "
                    + keys.get(equality.key()))
            .collect(Collectors.joining(" AND "));
    return rows.map(item -> "EXISTS (SELECT FROM %s WHERE %s)".formatted(item, equal))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }
}
