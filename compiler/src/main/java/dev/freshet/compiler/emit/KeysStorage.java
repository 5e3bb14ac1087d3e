package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the storage of a view holds whose rows are computed by key: the view's columns, and those
/// columns of the key that the view does not show.
final class KeysStorage {
  final DeltaPlan.Keys plan;

  KeysStorage(DeltaPlan.Keys plan) {
    this.plan = plan;
  }

  private String alias() {
    return plan.relation().inputs().getFirst().alias();
  }

  /// The columns of the key in the keyed relation itself.
  private List<String> keys() {
    return plan.keyed().keys(0);
  }

  /// The columns of the storage that hold the key, in order.
  List<String> storedKeys() {
    List<String> stored = new ArrayList<>();
    for (String key : keys()) {
      stored.add(
          plan.relation().outputs().stream()
              .filter(output -> isKey(output.value(), key))
              .map(output -> output.column().name())
              .findFirst()
              .orElse(StoredColumn.HIDDEN + "key_" + (stored.size() + 1)));
    }
    return stored;
  }

  private boolean isKey(Expression value, String key) {
    return value instanceof Expression.Column column && column.path().equals(List.of(alias(), key));
  }

  /// How the rows of a key are found. NULLs can come from any input.
  StoredKeys lookup(ColumnTypes types) {
    List<ColumnType> stored = types.of(query());
    Relation input = plan.keyed().inputs().getFirst();
    return new StoredKeys(
        IntStream.range(0, keys().size())
            .mapToObj(i ->
                new StoredKeys.Key(
                    ColumnTypes.named(stored, storedKeys().get(i)),
                    types.of(input, keys().get(i)),
                    true))
            .toList());
  }

  boolean hidesKeys() {
    return storedKeys().stream().anyMatch(name -> name.startsWith(StoredColumn.HIDDEN));
  }

  /// The query that computes the storage.
  ///
  /// @param keyed a query of the keyed relation
  String query(String keyed) {
    return "SELECT %s FROM (%s) AS %s%s"
        .formatted(
            outputs(),
            keyed,
            Quote.name(alias()),
            RelationSql.where(plan.relation().conditions().stream().map(SqlPrinter::print)));
  }

  String query() {
    return query(RelationSql.query(plan.keyed()));
  }

  private String outputs() {
    List<String> stored = storedKeys();
    Stream<String> hidden =
        stored.stream()
            .filter(name -> name.startsWith(StoredColumn.HIDDEN))
            .map(name ->
                Quote.name(alias())
                    + "."
                    + Quote.name(keys().get(stored.indexOf(name)))
                    + " AS "
                    + Quote.name(name));
    return Stream.concat(Stream.of(RelationSql.outputs(plan.relation().outputs())), hidden)
        .collect(Collectors.joining(", "));
  }

  /// The names of all columns of the storage.
  List<String> columns() {
    return Stream.concat(
            plan.relation().outputs().stream().map(Output::column).map(c -> c.name()),
            storedKeys().stream().filter(name -> name.startsWith(StoredColumn.HIDDEN)))
        .toList();
  }
}
