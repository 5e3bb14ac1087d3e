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
    List<Expression> conditions() {
      return delta.relation().conditions();
    }

    String on() {
      return RelationSql.conjunction(conditions());
    }
  }

  private void alone(Side side, KeptRows rows) {
    if (!(side.keptDelta() instanceof Delta.None)) {
      String kept = Quote.name(side.kept().alias());
      Input changed = deltas.staged(side.kept(), side.keptDelta());
      String partner =
          "EXISTS (SELECT FROM %s WHERE %s)"
              .formatted(
                  InputSql.now(side.other(), side.conditions(), List.of(changed)), side.on());
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
      flips(side, rows);
    }
  }

  /// Rows that were there before and whose first partner came, or whose last one went. Of each, how
  /// many partners came is compared with how many there are now; counting ends where that is clear.
  private void flips(Side side, KeptRows rows) {
    String kept = Quote.name(side.kept().alias());
    String other = deltas.table(side.otherDelta()) + " AS " + Quote.name(side.other().alias());
    staging.stage(
        side.delta(),
        deltas.table(side.delta()),
        staging.changed(side.otherDelta()),
        List.of(
            "WITH freshet$touched AS MATERIALIZED (SELECT row_number() OVER () AS freshet$id, * FROM (",
            touched(side),
            before(side),
            """
            ) AS freshet$t),
            freshet$came AS (SELECT %1$s.freshet$id, sum(%2$s.%3$s)::bigint AS came FROM freshet$touched AS %1$s JOIN %4$s ON %5$s GROUP BY %1$s.freshet$id)%6$s
            SELECT %7$s * %1$s.%3$s%8$s
            FROM freshet$touched AS %1$s JOIN freshet$came ON freshet$came.freshet$id = %1$s.freshet$id
            %9$s
            CROSS JOIN LATERAL (SELECT coalesce(freshet$p.partners, 0) > 0 AS now, coalesce(freshet$p.partners, 0) > freshet$came.came AS before) AS freshet$n%10$s
            WHERE freshet$n.now <> freshet$n.before\
            """
                .formatted(
                    kept,
                    Quote.name(side.other().alias()),
                    M,
                    other,
                    side.on(),
                    isCounted(side) ? counted(side) : "",
                    rows.sign(),
                    outputs(side, KeptRows.mark()),
                    isCounted(side)
                        ? "LEFT JOIN freshet$p ON freshet$p.freshet$id = " + kept + ".freshet$id"
                        : probed(side),
                    rows.signs())));
  }

  /// Rows as they are now that have a partner among those that came or went.
  private String touched(Side side) {
    Input changed = deltas.staged(side.other(), side.otherDelta());
    return "SELECT 1::bigint AS %s%s FROM %s WHERE %s"
        .formatted(
            M,
            columns(side.kept()),
            InputSql.now(side.kept(), side.conditions(), List.of(changed)),
            hasChanged(side));
  }

  /// What must be taken away from the rows of now to have those of then.
  private Object before(Side side) {
    if (side.keptDelta() instanceof Delta.None) {
      return "";
    }
    String kept = Quote.name(side.kept().alias());
    String rows =
        " UNION ALL SELECT -%s.%s%s FROM %s AS %s WHERE %s"
            .formatted(
                kept,
                M,
                columns(side.kept()),
                deltas.table(side.keptDelta()),
                kept,
                hasChanged(side));
    return new Choice(side.keptDelta(), rows, "");
  }

  private String hasChanged(Side side) {
    return "EXISTS (SELECT FROM %s AS %s WHERE %s)"
        .formatted(deltas.table(side.otherDelta()), Quote.name(side.other().alias()), side.on());
  }

  private static String columns(Input input) {
    String names = RelationSql.names(input.relation().columns(), Quote.name(input.alias()) + ".");
    return (names.isEmpty() ? "" : ", ") + names;
  }

  /// Whether partners are computed for all touched rows together, not searched one by one.
  private static boolean isCounted(Side side) {
    return InputSql.isDerived(side.other().relation());
  }

  private static String counted(Side side) {
    Input touched =
        new Input(
            side.kept().alias(),
            Narrowed.table("\"freshet$touched\"", side.kept().relation().columns()));
    return ",\nfreshet$p AS (SELECT %1$s.freshet$id, count(*) AS partners FROM freshet$touched AS %1$s JOIN %2$s ON %3$s GROUP BY %1$s.freshet$id)"
        .formatted(
            Quote.name(side.kept().alias()),
            InputSql.now(side.other(), side.conditions(), List.of(touched)),
            side.on());
  }

  private static String probed(Side side) {
    return "CROSS JOIN LATERAL (SELECT count(*) AS partners FROM (SELECT FROM %s WHERE %s LIMIT greatest(freshet$came.came, 0) + 1) AS freshet$l) AS freshet$p"
        .formatted(RelationSql.item(side.other()), side.on());
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
