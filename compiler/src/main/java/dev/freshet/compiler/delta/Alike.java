package dev.freshet.compiler.delta;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Tells relations that compute the same rows by the same names, as a WITH query does that is used
/// twice: they have the same text once their inputs are numbered.
final class Alike {
  private Alike() {}

  /// The text; empty for a relation that is like no other.
  static Optional<String> text(Relation relation) {
    return hasRows(relation)
        ? Optional.empty()
        : Optional.of(RelationSql.query(numbered(relation)));
  }

  /// Rows of functions name their neighbours in ways of their own.
  private static boolean hasRows(Relation relation) {
    return relation instanceof Relation.Rows
        || References.inputs(relation).stream().anyMatch(input -> hasRows(input.relation()));
  }

  private static Relation numbered(Relation relation) {
    return switch (relation) {
      case Relation.Scan scan -> scan;
      case Relation.Clock clock -> clock;
      case Relation.Rows rows -> rows;
      case Relation.Constants constants -> constants;
      case Select(var inputs, var conditions, var outputs) ->
          new Select(
              IntStream.range(0, inputs.size()).mapToObj(i -> numbered(inputs, i)).toList(),
              conditions.stream().map(condition -> numbered(condition, inputs)).toList(),
              outputs(outputs, inputs));
      case Match(var kind, Input left, Input right, var conditions, var outputs) -> {
        List<Input> inputs = List.of(left, right);
        yield new Match(
            kind,
            numbered(inputs, 0),
            numbered(inputs, 1),
            conditions.stream().map(condition -> numbered(condition, inputs)).toList(),
            outputs(outputs, inputs));
      }
      case Union(var inputs, var columns) -> new Union(all(inputs), columns);
      case Aggregate(Relation input, var keys, var outputs) ->
          new Aggregate(numbered(input), keys, outputs);
      case Window(Relation input, var keys, var equal, var outputs) ->
          new Window(numbered(input), keys, equal, outputs);
      case First(Relation input, var keys, var order, var top) ->
          new First(numbered(input), keys, order, top);
      case Combine(var operator, boolean every, var inputs) ->
          new Combine(operator, every, all(inputs));
    };
  }

  private static List<Relation> all(List<Relation> relations) {
    return relations.stream().map(Alike::numbered).toList();
  }

  private static Input numbered(List<Input> inputs, int place) {
    return new Input("t" + place, numbered(inputs.get(place).relation()));
  }

  private static List<Output> outputs(List<Output> outputs, List<Input> inputs) {
    return outputs.stream()
        .map(output -> new Output(output.column(), numbered(output.value(), inputs)))
        .toList();
  }

  private static Expression numbered(Expression expression, List<Input> inputs) {
    List<String> aliases = inputs.stream().map(Input::alias).toList();
    return Subexpressions.replace(
        expression,
        part -> part instanceof Expression.Column column ? numbered(column, aliases) : null);
  }

  private static Expression.Column numbered(Expression.Column column, List<String> aliases) {
    int place = aliases.indexOf(column.path().getFirst());
    List<String> rest = column.path().subList(1, column.path().size());
    return place < 0
        ? column
        : new Expression.Column(
            column.span(), Stream.concat(Stream.of("t" + place), rest.stream()).toList());
  }
}
