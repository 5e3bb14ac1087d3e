package dev.freshet.tests.random.query;

import dev.freshet.tests.random.query.Block.Stage;
import dev.freshet.tests.random.query.Query.Join;
import dev.freshet.tests.random.query.Query.JoinKind;
import dev.freshet.tests.random.table.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Writes joins down as one FROM clause.
///
/// @param writer of the inputs
record JoinWriter(QueryWriter writer) {
  private static final Pattern INNERMOST = Pattern.compile("\\([^()]*\\)");

  Block write(Join join) {
    Block left = writer.source(writer.write(join.left()));
    if (join.kind() == JoinKind.LATERAL || join.kind() == JoinKind.LATERAL_LIMIT) {
      return lateral(left, writer.write(join.right()), join);
    }
    Block right = writer.source(writer.write(join.right()));
    Scope scope = new Scope(left.outputs(), right.outputs());
    List<String> with = new ArrayList<>(left.with());
    with.addAll(right.with());
    if (join.kind().name().endsWith("USING") && isUnique(left, "a") && isUnique(right, "a")) {
      return using(with, left, join.kind(), right);
    }
    String from =
        join.kind() == JoinKind.CROSS
            ? "%s CROSS JOIN %s".formatted(left.from(), grouped(right.from()))
            : "%s %s JOIN %s ON %s"
                .formatted(
                    left.from(),
                    word(join.kind()),
                    grouped(right.from()),
                    join.condition().write(scope).sql());
    return Block.from(with, from, scope.both());
  }

  private static String word(JoinKind kind) {
    return switch (kind) {
      case LEFT, LEFT_USING -> "LEFT";
      case RIGHT -> "RIGHT";
      case FULL, FULL_USING -> "FULL";
      default -> "INNER";
    };
  }

  /// A join on the right side of another one needs parentheses.
  private static String grouped(String from) {
    return isJoin(from) ? "(%s)".formatted(from) : from;
  }

  private static boolean isJoin(String from) {
    String outside = from;
    String shorter = INNERMOST.matcher(outside).replaceAll("");
    while (!shorter.equals(outside)) {
      outside = shorter;
      shorter = INNERMOST.matcher(outside).replaceAll("");
    }
    return outside.contains(" JOIN ");
  }

  private static boolean isUnique(Block block, String column) {
    return block.outputs().stream().filter(output -> output.name().equals(column)).count() == 1
        && !isJoin(block.from());
  }

  private Block using(List<String> with, Block left, JoinKind kind, Block right) {
    List<Output> outputs = new ArrayList<>();
    outputs.add(new Output("a", "u", DataType.INT, true));
    outputs.addAll(without(left, "a"));
    outputs.addAll(without(right, "a"));
    String from = "%s %s JOIN %s USING (a)".formatted(left.from(), word(kind), right.from());
    return Block.from(with, from, outputs).with(Stage.PROJECTED, outputs);
  }

  private static List<Output> without(Block block, String column) {
    return block.outputs().stream().filter(output -> !output.name().equals(column)).toList();
  }

  private Block lateral(Block left, Block right, Join join) {
    Block inner = writer.open(right);
    Scope scope = new Scope(left.outputs(), inner.outputs());
    Block all = QueryWriter.restricted(inner, join.condition(), scope);
    Block correlated =
        join.kind() == JoinKind.LATERAL
            ? all
            : QueryWriter.oneOfEqual(all)
                .finished("", " ORDER BY %s LIMIT 2".formatted(TotalOrder.of(all.outputs())));
    String alias = writer.alias();
    String from =
        "%s CROSS JOIN LATERAL (%s) AS %s".formatted(left.from(), correlated.sql(), alias);
    return Block.from(
        left.with(), from, new Scope(left.outputs(), correlated.outputsOf(alias)).both());
  }
}
