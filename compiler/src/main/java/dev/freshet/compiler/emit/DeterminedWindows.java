package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.bind.Declined;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Whether the data alone determines the results of window functions: they treat rows alike that
/// are equal in their order, or there are no such rows.
///
/// @param exact whether an aggregate depends on no order of rows
record DeterminedWindows(Window window, ColumnTypes types, Predicate<Expression.Call> exact) {
  private static final Set<String> BY_PEERS =
      Set.of("rank", "dense_rank", "percent_rank", "cume_dist");

  void require() {
    List<Expression.Call> numbering =
        window.outputs().stream()
            .map(Output::value)
            .flatMap(DeterminedWindows::call)
            .filter(call -> !isByPeers(call))
            .toList();
    // one order puts rows that look the same in one sequence, two orders need not put them in the
    // same
    boolean oneOrder = numbering.stream().map(DeterminedWindows::sequence).distinct().count() < 2;
    numbering.stream()
        .filter(call -> !isTotal(call, oneOrder))
        .findFirst()
        .ifPresent(call -> {
          throw new Declined(
              SqlPrinter.print(call)
                  + " below other operators: rows that are equal in its order have no order of their own");
        });
  }

  private static Stream<Expression.Call> call(Expression value) {
    return value instanceof Expression.Call call && call.over() != null
        ? Stream.of(call)
        : Stream.of();
  }

  private boolean isByPeers(Expression.Call call) {
    return BY_PEERS.contains(call.function().name())
        || (over(call).frame() == null && exact.test(call));
  }

  private boolean isTotal(Expression.Call call, boolean oneOrder) {
    Query.Window over = over(call);
    List<String> partition =
        over.partitionBy().stream()
            .filter(Expression.Column.class::isInstance)
            .map(column -> ((Expression.Column) column).path().getLast())
            .toList();
    TotalOrder order =
        new TotalOrder(window.input(), partition, over.orderBy(), types.of(window.input()));
    return order.tellsRowsApart() || (oneOrder && order.tellsImagesApart());
  }

  private static String sequence(Expression.Call call) {
    Query.Window over = over(call);
    return over.partitionBy().stream().map(SqlPrinter::print).toList()
        + " by "
        + over.orderBy().stream().map(SqlPrinter::print).toList();
  }

  private static Query.Window over(Expression.Call call) {
    if (call.over() instanceof Expression.Over.Inline(Query.Window over)) {
      return over;
    }
    throw new IllegalArgumentException("windows are written out");
  }
}
