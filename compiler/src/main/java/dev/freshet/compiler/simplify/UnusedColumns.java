package dev.freshet.compiler.simplify;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Removes columns that nobody uses, down to the tables: fewer columns to log, and updates of other
/// columns become no changes at all.
///
/// Before: `Select a from (Scan t [a, b, c])`. After: `Select a from (Scan t [a])`.
public final class UnusedColumns {
  private UnusedColumns() {}

  public static Relation remove(Relation relation) {
    return keep(relation, names(relation));
  }

  private static Set<String> names(Relation relation) {
    return relation.columns().stream().map(Column::name).collect(Collectors.toSet());
  }

  private static Set<String> names(List<Output> outputs) {
    return outputs.stream().map(output -> output.column().name()).collect(Collectors.toSet());
  }

  private static Relation keep(Relation relation, Set<String> used) {
    return switch (relation) {
      case Scan(var table, var captured, var shown, boolean only, var columns, var keys) ->
          new Scan(
              table,
              captured,
              shown,
              only,
              columns.stream().filter(column -> used.contains(column.name())).toList(),
              keys.stream().filter(used::containsAll).toList());
      case Relation.Clock clock -> clock;
      case Rows rows -> rows;
      case Constants constants -> constants;
      case Select(var inputs, var conditions, var outputs) -> {
        Select kept = new Select(inputs, conditions, used(outputs, used));
        yield new Select(
            inputs.stream().map(input -> keep(input, kept, inputs)).toList(),
            conditions,
            kept.outputs());
      }
      case Match match -> keep(match, used(match.outputs(), used));
      case Union(var inputs, var columns) -> new Union(all(inputs), columns);
      case Aggregate(Relation input, var keys, var outputs) -> {
        List<Output> kept = keys(outputs, keys, used);
        yield new Aggregate(keep(input, keys, kept), keys, kept);
      }
      case Window(Relation input, var keys, var equal, var outputs) -> {
        List<Output> kept = keys(outputs, keys, used);
        yield new Window(keep(input, keys, kept), keys, equal, kept);
      }
      case First(Relation input, var keys, var order, var top) -> {
        Set<String> needed = new HashSet<>(used);
        needed.addAll(keys);
        needed.addAll(References.of("i", References.expressions(relation)));
        yield new First(keep(input, needed), keys, order, top);
      }
      case Combine(var operator, boolean all, var inputs) ->
          new Combine(operator, all, all(inputs));
    };
  }

  /// Nobody has to look for the partners of rows whose mark is not used.
  private static Relation keep(Match match, List<Output> outputs) {
    if (match.kind() == MatchKind.MARK
        && outputs.stream().noneMatch(output -> output.value().equals(Match.FOUND))) {
      return keep(new Select(List.of(match.left()), List.of(), outputs), names(outputs));
    }
    Match kept = new Match(match.kind(), match.left(), match.right(), match.conditions(), outputs);
    return new Match(
        match.kind(),
        keep(match.left(), kept, List.of()),
        keep(match.right(), kept, List.of()),
        match.conditions(),
        outputs);
  }

  private static List<Relation> all(List<Relation> inputs) {
    return inputs.stream().map(UnusedColumns::remove).toList();
  }

  private static Input keep(Input input, Relation user, List<Input> beside) {
    Stream<Relation> lateral = beside.stream().map(Input::relation).filter(Rows.class::isInstance);
    return new Input(
        input.alias(),
        keep(
            input.relation(),
            References.of(
                input.alias(),
                Stream.concat(Stream.of(user), lateral).flatMap(References::expressions))));
  }

  private static Relation keep(Relation input, List<String> keys, List<Output> outputs) {
    Set<String> needed = new HashSet<>(keys);
    needed.addAll(References.of("i", outputs.stream().map(Output::value)));
    return keep(input, needed);
  }

  /// A row needs a column to exist, so one stays in any case.
  private static List<Output> keys(List<Output> outputs, List<String> keys, Set<String> used) {
    List<Output> kept =
        outputs.stream()
            .filter(o -> keys.contains(o.column().name()) || used.contains(o.column().name()))
            .toList();
    return kept.isEmpty() ? outputs.subList(0, 1) : kept;
  }

  private static List<Output> used(List<Output> outputs, Set<String> used) {
    return outputs.stream().filter(output -> used.contains(output.column().name())).toList();
  }
}
