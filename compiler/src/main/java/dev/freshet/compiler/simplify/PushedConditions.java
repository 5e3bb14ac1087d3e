package dev.freshet.compiler.simplify;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.sql.Alternatives;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Filters a table before it is joined where a condition concerns that table alone: then only
/// changed rows that pass are staged, and no columns that only the condition needs.
///
/// Before: `Select a.x > 1 AND a.y = b.y (a: Scan t, b: Scan u)`. After: `Select a.y = b.y (a:
/// Select a.x > 1 (a: Scan t), b: Scan u)`.
public final class PushedConditions {
  private PushedConditions() {}

  public static Relation push(Relation relation) {
    return switch (relation) {
      case Scan scan -> scan;
      case Relation.Clock clock -> clock;
      case Relation.Rows rows -> rows;
      case Relation.Constants constants -> constants;
      case Select select -> select.inputs().size() == 1 ? filter(select) : join(select);
      case Match match -> match(match);
      case Union(var inputs, var columns) -> new Union(all(inputs), columns);
      case Aggregate(Relation input, var keys, var outputs) ->
          new Aggregate(push(input), keys, outputs);
      case Window(Relation input, var keys, var equal, var outputs) ->
          new Window(push(input), keys, equal, outputs);
      case First(Relation input, var keys, var order, var top) ->
          new First(push(input), keys, order, top);
      case Combine(var operator, boolean every, var inputs) ->
          new Combine(operator, every, all(inputs));
    };
  }

  private static List<Relation> all(List<Relation> relations) {
    return relations.stream().map(PushedConditions::push).toList();
  }

  private static Select filter(Select select) {
    Input input = select.inputs().getFirst();
    return new Select(
        List.of(new Input(input.alias(), push(input.relation()))),
        select.conditions(),
        select.outputs());
  }

  private static Select join(Select select) {
    List<Expression> rest = factored(select.conditions());
    List<Input> inputs = select.inputs().stream().map(input -> filtered(input, rest)).toList();
    return new Select(inputs, rest, select.outputs());
  }

  /// Rows of the right side that fail are nobody's partners. Those of the left stay where they are
  /// kept without one.
  private static Match match(Match match) {
    List<Expression> rest = factored(match.conditions());
    boolean right = match.kind() != MatchKind.FULL;
    boolean left = match.kind() == MatchKind.SEMI;
    return new Match(
        match.kind(),
        left ? filtered(match.left(), rest) : pushed(match.left()),
        right ? filtered(match.right(), rest) : pushed(match.right()),
        rest,
        match.outputs());
  }

  private static Input pushed(Input input) {
    return new Input(input.alias(), push(input.relation()));
  }

  /// Conditions that tell something about the input beside others stay, too.
  ///
  /// @param conditions loses those that the input fulfils afterwards
  private static Input filtered(Input input, List<Expression> conditions) {
    List<Expression> own = conditions.stream().filter(c -> concerns(c, input)).toList();
    List<Expression> all =
        Stream.concat(
                own.stream(),
                conditions.stream()
                    .filter(c -> !own.contains(c))
                    .flatMap(c -> Alternatives.implied(c, part -> concerns(part, input)).stream()))
            .toList();
    if (!(input.relation() instanceof Scan scan) || all.isEmpty()) {
      return pushed(input);
    }
    conditions.removeAll(own);
    List<Output> columns = scan.columns().stream().map(c -> passed(input, c)).toList();
    return new Input(input.alias(), new Select(List.of(input), all, columns));
  }

  private static List<Expression> factored(List<Expression> conditions) {
    return new ArrayList<>(conditions.stream().flatMap(Alternatives::factored).toList());
  }

  private static boolean concerns(Expression condition, Input input) {
    List<Expression.Column> columns = References.columns(condition);
    return !columns.isEmpty()
        && columns.stream().allMatch(c -> c.path().getFirst().equals(input.alias()));
  }

  private static Output passed(Input input, Column column) {
    return new Output(
        column, new Expression.Column(new Span(0, 0), List.of(input.alias(), column.name())));
  }
}
