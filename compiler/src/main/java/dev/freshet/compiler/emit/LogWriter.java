package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Quote;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the query of those rows of a change log that a view has not seen.
///
/// @param logs by the SQL name of the captured table
record LogWriter(Map<String, ChangeLog> logs, Staging staging) {
  /// The rows that came or went with their multiplicity, filtered and projected.
  String rows(Delta.Changes delta) {
    String unseen = unseen(delta.scan());
    if (!(delta.relation() instanceof Select select)) {
      return unseen;
    }
    Input input = select.inputs().getFirst();
    String multiplicity = Quote.name(input.alias()) + "." + Staging.M;
    String outputs = RelationSql.outputs(select.outputs());
    return RelationSql.select(
        select,
        multiplicity + (outputs.isEmpty() ? "" : ", ") + outputs,
        Stream.of("(" + unseen + ") AS " + Quote.name(input.alias())));
  }

  private String unseen(Scan scan) {
    ChangeLog log = Objects.requireNonNull(logs.get(scan.captured().sql()));
    String columns =
        scan.columns().stream()
            .map(Column::name)
            .map(name -> ", l." + log.columns().get(name) + " AS " + Quote.name(name))
            .collect(Collectors.joining());
    String shown = scan.shown().map(name -> " AND l." + log.columns().get(name)).orElse("");
    return "SELECT l.multiplicity AS %s%s FROM %s%s"
        .formatted(Staging.M, columns, staging.pending(log), shown);
  }
}
