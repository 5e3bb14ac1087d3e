package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Clock;
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
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Where the values of a column come from: a column of a table, or an expression over columns of
/// one table.
///
/// @param sql as it stands in an index
record Origin(Scan table, String sql) {

  /// The origins of a column; several if the relation puts rows of several together, none if no
  /// single table has its values.
  static Stream<Origin> of(Relation relation, String column) {
    return switch (relation) {
      case Scan scan -> Stream.of(new Origin(scan, Quote.name(column)));
      case Clock clock -> Stream.of();
      case Rows rows -> Stream.of();
      case Constants constants -> Stream.of();
      case Select select -> of(select.inputs(), select.outputs(), column);
      case Match match -> of(List.of(match.left(), match.right()), match.outputs(), column);
      case Union union -> branches(union, union.inputs(), column);
      case Aggregate aggregate -> of(References.inputs(aggregate), aggregate.outputs(), column);
      case Window window -> of(References.inputs(window), window.outputs(), column);
      case First first -> of(first.input(), column);
      case Combine combine -> branches(combine, combine.inputs(), column);
    };
  }

  private static Stream<Origin> branches(Relation whole, List<Relation> inputs, String column) {
    int place =
        IntStream.range(0, whole.columns().size())
            .filter(i -> whole.columns().get(i).name().equals(column))
            .findFirst()
            .orElseThrow();
    return inputs.stream().flatMap(input -> of(input, input.columns().get(place).name()));
  }

  private static Stream<Origin> of(List<Input> inputs, List<Output> outputs, String column) {
    return outputs.stream()
        .filter(output -> output.column().name().equals(column))
        .flatMap(output -> of(inputs, output.value()));
  }

  /// The origins of a value that is computed from columns of these inputs.
  static Stream<Origin> of(List<Input> inputs, Expression value) {
    Set<String> aliases =
        References.columns(value).stream()
            .map(used -> used.path().getFirst())
            .collect(Collectors.toSet());
    return inputs.stream()
        .filter(input -> Set.of(input.alias()).equals(aliases))
        .flatMap(input -> of(input, value));
  }

  private static Stream<Origin> of(Input input, Expression value) {
    if (value instanceof Expression.Column column) {
      return of(input.relation(), column.path().getLast());
    }
    return input.relation() instanceof Scan scan
        ? Stream.of(new Origin(scan, SqlPrinter.print(unqualified(value))))
        : Stream.of();
  }

  private static Expression unqualified(Expression value) {
    return Subexpressions.replace(
        value,
        part ->
            part instanceof Expression.Column(var span, var path)
                ? new Expression.Column(span, List.of(path.getLast()))
                : null);
  }
}
