package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.emit.Staging.Choice;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the delta of outer, semi and anti joins.
final class PairsWriter {
  private static final String M = Staging.M;

  private final DeltaWriter deltas;
  private final Staging staging;

  PairsWriter(DeltaWriter deltas, Staging staging) {
    this.deltas = deltas;
    this.staging = staging;
  }

  void write(Delta.Pairs delta) {
    Match match = delta.relation();
    Delta left = delta.sources().getFirst();
    Delta right = delta.sources().getLast();
    boolean pairs = match.kind() == MatchKind.LEFT || match.kind() == MatchKind.FULL;
    if (pairs) {
      staging.comment("Pairs that came or went.");
      Select join =
          new Select(List.of(match.left(), match.right()), match.conditions(), match.outputs());
      new JoinWriter(deltas, staging).terms(delta, join);
    }
    staging.comment("Rows that are new, and rows that found or lost their last partner.");
    Side side = new Side(delta, match.left(), left, match.right(), right);
    alone(side, KeptRows.of(match.kind()));
    if (match.kind() == MatchKind.FULL) {
      alone(new Side(delta, match.right(), right, match.left(), left), KeptRows.UNMATCHED);
    }
  }

  /// The rows of one side, and the other side with which they can have partners.
  private record Side(
      Delta.Pairs delta, Input kept, Delta keptDelta, Input other, Delta otherDelta) {
    String on() {
      return RelationSql.conjunction(delta.relation().conditions());
    }
  }

  private void alone(Side side, KeptRows rows) {
    String kept = Quote.name(side.kept().alias());
    String partner =
        "EXISTS (SELECT FROM %s WHERE %s)".formatted(RelationSql.item(side.other()), side.on());
    if (!(side.keptDelta() instanceof Delta.None)) {
      staging.stage(
          side.delta(),
          deltas.table(side.delta()),
          staging.changed(side.keptDelta()),
          List.of(
              "SELECT %s.%s%s FROM %s AS %s%s"
                  .formatted(
                      kept,
                      M,
                      outputs(side, partner),
                      deltas.table(side.keptDelta()),
                      kept,
                      rows.where(partner))));
    }
    if (!(side.otherDelta() instanceof Delta.None)) {
      flips(side, rows, partner);
    }
  }

  private void flips(Side side, KeptRows rows, String partner) {
    String other = Quote.name(side.other().alias());
    String changed = deltas.table(side.otherDelta()) + " AS " + other;
    String kept = Quote.name(side.kept().alias());
    boolean changes = !(side.keptDelta() instanceof Delta.None);
    staging.stage(
        side.delta(),
        deltas.table(side.delta()),
        staging.changed(side.otherDelta()),
        List.of(
            "WITH freshet$touched AS MATERIALIZED (SELECT row_number() OVER () AS freshet$id, * FROM ",
            before(side),
            """
             WHERE EXISTS (SELECT FROM %1$s WHERE %2$s)),
            freshet$came AS (SELECT %3$s.freshet$id, sum(%4$s.%5$s)::bigint AS came FROM freshet$touched AS %3$s JOIN %1$s ON %2$s GROUP BY %3$s.freshet$id)
            SELECT %6$s\
            """
                .formatted(changed, side.on(), kept, other, M, rows.sign()),
            changes ? new Choice(side.keptDelta(), " * " + kept + "." + M, "") : "",
            outputs(side, KeptRows.mark()),
            """
             FROM freshet$touched AS %1$s JOIN freshet$came ON freshet$came.freshet$id = %1$s.freshet$id
            CROSS JOIN LATERAL (SELECT %2$s AS now) AS freshet$n
            CROSS JOIN LATERAL (SELECT CASE WHEN NOT freshet$n.now THEN freshet$came.came < 0 WHEN freshet$came.came <= 0 THEN true
              ELSE (SELECT count(*) FROM (SELECT FROM %3$s WHERE %4$s LIMIT freshet$came.came + 1) AS z) > freshet$came.came END AS before) AS freshet$f%5$s
            WHERE freshet$n.now <> freshet$f.before\
            """
                .formatted(
                    kept, partner, RelationSql.item(side.other()), side.on(), rows.signs())));
  }

  /// The kept side as it was, as an item of FROM.
  private Object before(Side side) {
    String now = RelationSql.item(side.kept());
    return side.keptDelta() instanceof Delta.None
        ? now
        : new Choice(side.keptDelta(), deltas.old(side.kept(), side.keptDelta(), ""), now);
  }

  /// The columns of the kept side; those of the other are NULL.
  ///
  /// @param found whether the row has a partner
  private static String outputs(Side side, String found) {
    return side.delta().relation().outputs().stream()
        .map(output -> ", " + value(output, side.kept(), found))
        .collect(Collectors.joining());
  }

  private static String value(Output output, Input kept, String found) {
    if (output.value().equals(Match.FOUND)) {
      return found;
    }
    return isOf(output, kept) ? SqlPrinter.print(output.value()) : "NULL";
  }

  private static boolean isOf(Output output, Input input) {
    return output.value() instanceof Expression.Column column
        && column.path().getFirst().equals(input.alias());
  }
}
