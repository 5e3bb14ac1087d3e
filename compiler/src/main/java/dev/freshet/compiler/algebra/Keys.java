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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds out which columns of a relation tell its rows apart, from the keys of tables.
public final class Keys {
  private Keys() {}

  /// Whether it is certain that no two rows agree in these columns, NULLs taken for equal.
  public static boolean isKey(Relation relation, Set<String> columns) {
    return switch (relation) {
      case Scan scan -> scan.keys().stream().anyMatch(columns::containsAll);
      case Relation.Clock clock -> true;
      case Rows rows -> false;
      case Constants constants -> constants.rows().size() < 2;
      case Select select -> {
        Known known = new Known(known(select.outputs(), columns));
        yield known.determines(select.inputs(), select.conditions());
      }
      case Match match -> isKey(match, known(match.outputs(), columns));
      case Union union -> false;
      case Aggregate aggregate -> {
        Set<String> given = ofInput(known(aggregate.outputs(), columns), "i");
        yield columns.containsAll(aggregate.keys())
            || aggregate.keys().stream().allMatch(k -> determines(aggregate.input(), given, k))
            || isKey(aggregate.input(), given);
      }
      case Window window -> isKey(window.input(), ofInput(known(window.outputs(), columns), "i"));
      case First first ->
          (first.top().count() == 1 && !first.top().withTies() && columns.containsAll(first.keys()))
              || isKey(first.input(), columns);
      case Combine combine ->
          (!combine.all() && columns.containsAll(combine.keys(0)))
              || isKey(combine.inputs().getFirst(), columns);
    };
  }

  /// Whether it is certain that rows which agree in the given columns, byte for byte, do so in
  /// another one too.
  public static boolean determines(Relation relation, Set<String> given, String column) {
    if (given.contains(column) || isKey(relation, given)) {
      return true;
    }
    return switch (relation) {
      case Select select -> {
        Known known = new Known(known(select.outputs(), given));
        known.determines(select.inputs(), select.conditions());
        yield determines(select.inputs(), select.outputs(), known, column);
      }
      case Match match -> {
        Known known = new Known(known(match.outputs(), given));
        yield determines(List.of(match.left(), match.right()), match.outputs(), known, column);
      }
      case Scan scan -> false;
      case Relation.Clock clock -> true;
      case Rows rows -> false;
      case Constants constants -> false;
      case Union union -> false;
      case Aggregate aggregate -> false;
      case Window window -> false;
      case First first -> determines(first.input(), given, column);
      case Combine combine -> false;
    };
  }

  private static boolean determines(
      List<Input> inputs, List<Output> outputs, Known known, String column) {
    Set<List<String>> wanted = known(outputs, Set.of(column));
    return !wanted.isEmpty()
        && wanted.stream()
            .allMatch(path ->
                inputs.stream()
                    .filter(input -> input.alias().equals(path.getFirst()))
                    .anyMatch(input ->
                        known.isSingle(input)
                            || determines(
                                input.relation(),
                                ofInput(known.images, input.alias()),
                                path.getLast())));
  }

  private static boolean isKey(Match match, Set<List<String>> outputs) {
    Input left = match.left();
    Input right = match.right();
    boolean ofLeft = isKey(left.relation(), ofInput(outputs, left.alias()));
    return switch (match.kind()) {
      case SEMI, ANTI, MARK -> ofLeft;
      case FULL -> ofLeft && isKey(right.relation(), ofInput(outputs, right.alias()));
      case LEFT -> {
        Known known = new Known(outputs);
        known.addAll(left);
        yield ofLeft && known.determines(List.of(right), match.conditions());
      }
    };
  }

  /// The columns of inputs that these outputs are.
  private static Set<List<String>> known(List<Output> outputs, Set<String> columns) {
    return outputs.stream()
        .filter(output -> columns.contains(output.column().name()))
        .filter(output -> output.value() instanceof Expression.Column)
        .map(output -> ((Expression.Column) output.value()).path())
        .collect(Collectors.toSet());
  }

  private static Set<String> ofInput(Set<List<String>> known, String alias) {
    return known.stream()
        .filter(path -> path.getFirst().equals(alias))
        .map(List::getLast)
        .collect(Collectors.toSet());
  }

  /// Columns of which the values are given.
  private static final class Known {
    private final Set<List<String>> columns;

    /// Those that are not only equal to what is given.
    private final Set<List<String>> images;

    Known(Set<List<String>> columns) {
      this.columns = new HashSet<>(columns);
      this.images = new HashSet<>(columns);
    }

    void addAll(Input input) {
      input.relation().columns().stream()
          .map(column -> List.of(input.alias(), column.name()))
          .forEach(path -> {
            columns.add(path);
            images.add(path);
          });
    }

    /// Whether there is at most one row of each input: its key is given, or equal to what is given.
    boolean determines(List<Input> inputs, List<Expression> conditions) {
      int before;
      do {
        before = columns.size();
        conditions.forEach(this::addEqual);
        inputs.stream().filter(this::isSingle).forEach(this::addAll);
      } while (columns.size() > before);
      return inputs.stream().allMatch(this::isSingle);
    }

    private boolean isSingle(Input input) {
      return isKey(input.relation(), ofInput(columns, input.alias()));
    }

    private void addEqual(Expression condition) {
      if (condition instanceof Expression.Infix infix && infix.isEquality()) {
        addEqual(infix.left(), infix.right());
        addEqual(infix.right(), infix.left());
      }
    }

    private void addEqual(Expression value, Expression other) {
      if (value instanceof Expression.Column column
          && References.columns(other).stream().allMatch(c -> columns.contains(c.path()))) {
        columns.add(column.path());
      }
    }
  }
}
