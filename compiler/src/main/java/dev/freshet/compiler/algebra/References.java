package dev.freshet.compiler.algebra;

import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Which columns the expressions of a relation use.
public final class References {
  private References() {}

  /// The names of one alias's columns that the expressions use.
  public static Set<String> of(String alias, Stream<Expression> expressions) {
    Set<String> names = new LinkedHashSet<>();
    expressions.forEach(expression ->
        columns(expression).stream()
            .filter(column -> column.path().getFirst().equals(alias))
            .forEach(column -> names.add(column.path().getLast())));
    return names;
  }

  /// Every column reference in an expression.
  public static List<Expression.Column> columns(Expression expression) {
    List<Expression.Column> columns = new ArrayList<>();
    Subexpressions.anyMatch(
        expression,
        part -> {
          if (part instanceof Expression.Column column) {
            columns.add(column);
          }
          return false;
        });
    return columns;
  }

  /// Whether a relation uses columns of inputs that are not its own, at any depth.
  public static boolean outer(Relation relation) {
    return outerBeside(relation, Set.of());
  }

  /// As [#outer], where the relation may also use these aliases beside it.
  public static boolean outerBeside(Relation relation, Set<String> aliases) {
    Set<String> defined = new HashSet<>(aliases);
    defined.add("i");
    Set<String> used = new HashSet<>();
    collect(relation, defined, used);
    return !defined.containsAll(used);
  }

  private static void collect(Relation relation, Set<String> defined, Set<String> used) {
    expressions(relation)
        .forEach(e -> columns(e).forEach(column -> used.add(column.path().getFirst())));
    for (Input input : inputs(relation)) {
      defined.add(input.alias());
      collect(input.relation(), defined, used);
    }
  }

  /// The inputs of a relation under the names that its expressions use.
  public static List<Input> inputs(Relation relation) {
    return switch (relation) {
      case Scan scan -> List.of();
      case Relation.Clock clock -> List.of();
      case Rows rows -> List.of();
      case Constants constants -> List.of();
      case Select select -> select.inputs();
      case Match match -> List.of(match.left(), match.right());
      case Union union -> unnamed(union.inputs());
      case Relation.Keyed keyed -> unnamed(keyed.inputs());
    };
  }

  private static List<Input> unnamed(List<Relation> relations) {
    return relations.stream().map(relation -> new Input("i", relation)).toList();
  }

  /// The expressions of a relation itself.
  public static Stream<Expression> expressions(Relation relation) {
    return switch (relation) {
      case Scan scan -> Stream.of();
      case Relation.Clock clock -> Stream.of();
      case Rows rows -> rows.call().functions().stream().map(f -> f.call());
      case Constants constants -> constants.rows().stream().flatMap(List::stream);
      case Select select -> Stream.concat(select.conditions().stream(), values(select.outputs()));
      case Match match -> Stream.concat(match.conditions().stream(), values(match.outputs()));
      case Union union -> Stream.of();
      case Aggregate aggregate -> values(aggregate.outputs());
      case Window window -> values(window.outputs());
      case First first -> first.order().stream().map(SortKey::value);
      case Combine combine -> Stream.of();
    };
  }

  private static Stream<Expression> values(List<Output> outputs) {
    return outputs.stream().map(Output::value);
  }
}
